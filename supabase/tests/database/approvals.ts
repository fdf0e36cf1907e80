// The round trips of approvals, as the edge function makes them: as the service role, one statement each.
import assert from 'node:assert/strict'
import type { Run } from '../../../scripts/stack/database.ts'
import type { Verdict } from './calls.ts'
import type { Ground } from './ground.ts'
import type { Office } from './people.ts'
import { suspend } from './waits.ts'

/** Lets a pending call wait for its approval; gives the approval's id. */
export async function askApproval(
  ground: Ground,
  asked: Verdict,
  seconds = 3_600,
): Promise<string> {
  const approval_id = crypto.randomUUID()
  const { needs, allows_always } = asked
  const expires_at = new Date(Date.now() + seconds * 1_000).toISOString()
  const question = { approval_id, needs, allows_always, expires_at }
  const waits = await suspend(ground, asked, {
    status: 'awaiting_approval',
    asked: question,
    seconds,
  })
  assert.equal(waits, true)
  return approval_id
}

export type Decision = {
  approval_id: string
  user_id: string
  decision?: 'approved' | 'rejected'
  always?: boolean
  edit?: unknown
}

export type Decided = Omit<Verdict, 'verdict'> & {
  verdict: Verdict['verdict']
  decision?: string | null
  user_id?: string
  wait?: { encrypted_value: string; key_version: number }
}

/** In a transaction of the caller's. */
export async function decideOn(run: Run, office: Office, given: Decision): Promise<Decided> {
  const [row] = await run<{ decided: Decided }>(
    'select public.decide_approval($1, $2, $3, $4, $5, $6) as decided',
    [
      given.approval_id,
      given.user_id,
      office.team_id,
      given.decision ?? 'approved',
      given.always ?? false,
      given.edit ?? null,
    ],
  )
  return row!.decided
}

export function decide(ground: Ground, office: Office, given: Decision): Promise<Decided> {
  return decideOn(ground.as('service_role'), office, given)
}
