// The second half of a sign-in: what was remembered is taken, once; the person must still be who may do
// this, the server still where it was; then the code becomes a token, which is sealed into its account.
import { administers } from '../../../shared/team.ts'
import type { Account } from '../../../shared/execution.ts'
import { keepAccount } from './accounts.ts'
import type { App } from './app.ts'
import { membershipsOf } from './auth.ts'
import { type AccountPlace, type HeldToken, open, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { finishFlow } from './mcp/oauth.ts'
import { SignInError } from './mcp/oauth-error.ts'
import { within } from './mcp/oauth-fetch.ts'
import { revokeToken } from './mcp/oauth-token.ts'
import { resumeSignedIn } from './resume.ts'
import { clientsOf } from './sign-in-clients.ts'
import type { KeptFlow } from './sign-in-start.ts'

type Row = SealedCredential & {
  team_id: string
  server_id: string
  user_id: string
  account: Account
  return_to: string
}
export type Taken = Omit<Row, keyof SealedCredential> & { flow: KeptFlow }

const FINISH_MS = 25_000

/** A sign-in by the hash of its state, for the one time it can be had; null when there is none (any more). */
export async function takeSignIn(app: App, state_hash: string): Promise<Taken | null> {
  const row = await read<Row | null>(
    app.db.service.rpc('take_sign_in', { p_state_hash: state_hash }),
  )
  if (!row) return null
  const { team_id, server_id } = row
  const flow = await open<KeptFlow>(row, {
    keys: app.settings.credentialKeys,
    place: { team_id, server_id, field: `flow:${state_hash}` },
  })
  return flow && { ...row, flow }
}

/**
 * Finishes a sign-in that was taken, with the authorization response as it came. Calls that waited for the
 * account go on by themselves. Throws SignInError.
 */
export async function finishSignIn(
  app: App,
  taken: Taken,
  params: URLSearchParams,
): Promise<void> {
  const { flow, account } = taken
  await requireRight(app, taken)
  const fetch = within(app.signInFetch, FINISH_MS)
  const token = await exchange(app, taken, { params, fetch })
  const place: AccountPlace = {
    team_id: taken.team_id,
    server_id: taken.server_id,
    user_id: account === 'person' ? taken.user_id : null,
  }
  const kept = await keepAccount(app, place, {
    asker: taken.user_id,
    config: flow.config,
    secret: { credential_type: 'oauth', token },
  })
  if (!kept) {
    app.background(revokeToken(token, fetch).catch(() => {}))
    throw new SignInError('server_changed')
  }
  resumeSignedIn(app, place)
}

/** Read anew: ten minutes are enough to leave a team, or to be an admin no more. */
async function requireRight(app: App, { team_id, user_id, account }: Taken): Promise<void> {
  const held = (await membershipsOf(app, user_id)).find((one) => one.team_id === team_id)
  if (!held || (account === 'team' && !administers(held.role))) {
    throw new SignInError('not_allowed')
  }
}

type Response = { params: URLSearchParams; fetch: ReturnType<typeof within> }

async function exchange(app: App, taken: Taken, response: Response): Promise<HeldToken> {
  const { flow } = taken
  try {
    return await finishFlow(flow, response)
  } catch (thrown) {
    if (thrown instanceof SignInError && thrown.reason === 'client_refused') {
      // It no longer knows the client that registered itself there: the next sign-in registers anew.
      await clientsOf(app, taken).forgetRegistered(flow.found.authorizationServerMetadata.issuer)
    }
    throw thrown
  }
}
