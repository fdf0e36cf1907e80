// The round trips of a sign-in and of renewing a token, as the edge function makes them: as the service
// role, one statement each.
import type { Run } from '../../../scripts/stack/database.ts'
import type { Ground } from './ground.ts'
import type { AccountPlace } from './people.ts'

export const SERVER_URL = 'https://upstream.test/mcp'

/** A sign-in of this person under way; gives its state's hash. */
export async function beginSignIn(
  ground: Ground,
  of: { team_id: string; server_id: string; user_id: string; account?: 'team' | 'person' },
): Promise<string> {
  const state_hash = crypto.randomUUID()
  const flow = { account: 'person', return_to: '/', encrypted_value: 'c2VhbGVk', key_version: 1 }
  await ground.as('service_role')('select public.begin_sign_in($1)', [
    { ...flow, ...of, state_hash },
  ])
  return state_hash
}

export async function takeSignIn(ground: Ground, state_hash: string) {
  const [row] = await ground.as('service_role')<{ flow: Record<string, unknown> | null }>(
    'select public.take_sign_in($1) as flow',
    [state_hash],
  )
  return row!.flow
}

/** An account's credential, kept for whoever asks; false when they may not, or the server moved. */
export async function keepAccountOn(
  run: Run,
  { team_id, server_id, user_id }: AccountPlace,
  { asker, secret = 'bmV3', url = SERVER_URL }: { asker: string; secret?: string; url?: string },
): Promise<boolean> {
  const credential = { credential_type: 'oauth', encrypted_value: secret, key_version: 1 }
  const [row] = await run<{ kept: boolean }>(
    'select public.keep_account($1, $2, $3, $4, $5, $6) as kept',
    [team_id, server_id, user_id, asker, { url }, credential],
  )
  return row!.kept
}

export type Claim = { claim: 'yours' | 'taken' | 'changed' | 'gone'; until?: string }

/** The right to renew the token that is held. */
export async function claimOn(
  run: Run,
  { team_id, server_id, user_id }: AccountPlace,
  { token, seconds = 20 }: { token: string; seconds?: number },
): Promise<Claim & { encrypted_value?: string }> {
  const [row] = await run<{ claim: Claim }>(
    'select public.claim_renewal($1, $2, $3, $4, $5) as claim',
    [team_id, server_id, user_id, token, seconds],
  )
  return row!.claim
}

export async function endRenewal(
  ground: Ground,
  { team_id, server_id, user_id }: AccountPlace,
  given: { token: string; until: string; outcome: 'renewed' | 'over' | 'kept'; renewed?: string },
): Promise<boolean> {
  const { token, until, outcome, renewed } = given
  const [row] = await ground.as('service_role')<{ ended: boolean }>(
    // As text: the driver would cut the moment to milliseconds, and it is compared to the last digit.
    'select public.end_renewal($1, $2, $3, $4, $5::text::timestamptz, $6, $7) as ended',
    [
      team_id,
      server_id,
      user_id,
      token,
      until,
      outcome,
      renewed ? { encrypted_value: renewed, key_version: 1 } : null,
    ],
  )
  return row!.ended
}
