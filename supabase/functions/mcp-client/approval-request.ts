// Asking for an approval: a pending call is put aside, its exact arguments sealed, until someone who may
// has seen them. Answering one is approvals.ts.
import type { ApprovalRequest, ExecutionAnswer } from '../../../shared/execution.ts'
import { concealArguments, type Unapproved } from './admission.ts'
import type { App } from './app.ts'
import { failure } from './ending.ts'
import { asHeaders, credentialPlace, open } from './credentials.ts'
import { finishLater } from './finish.ts'
import { accountOf } from './upstream-of.ts'
import { type Standing, suspend, WAIT_SECONDS } from './waiting.ts'

/** Whoever asked is there; an admin may be asleep. */
const SECONDS = { self: WAIT_SECONDS, admin: 24 * 3_600 }

/** Lets the row wait for its approval. Gives what is waited for. */
export async function askApproval(
  app: App,
  unapproved: Unapproved,
  standing: Standing,
): Promise<ExecutionAnswer> {
  const { execution_id, mode, needs, allows_always, reason } = unapproved
  const seconds = SECONDS[needs]
  const asked: ApprovalRequest = {
    approval_id: crypto.randomUUID(),
    needs,
    expires_at: new Date(Date.now() + seconds * 1_000).toISOString(),
    allows_always: needs === 'self' && allows_always,
    reason,
  }
  await concealCredential(app, unapproved, standing)
  const status = 'awaiting_approval'
  if (await suspend(app, unapproved, { status, asked, standing, seconds })) {
    return { execution_id, status, approval: asked, duration_ms: 0 }
  }
  const cancelled = failure('cancelled', 'The call was cancelled')
  finishLater(app, execution_id, { ...cancelled, mode, duration_ms: 0 })
  return { execution_id, status: cancelled.status, error: cancelled.error, duration_ms: 0 }
}

/** Arguments that are shown for hours must not name the very secret the call would travel with. */
async function concealCredential(
  app: App,
  unapproved: Unapproved,
  standing: Standing,
): Promise<void> {
  const { credential } = unapproved
  if (!credential) return
  const place = credentialPlace(accountOf(unapproved))
  const secret = await open(credential, { keys: app.settings.credentialKeys, place })
  if (!secret) return
  const { secrets } = asHeaders(secret)
  await concealArguments(app, unapproved, { parameters: standing.arguments, secrets })
}
