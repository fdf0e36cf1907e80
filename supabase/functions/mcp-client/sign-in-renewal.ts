// Renews a token once, however many calls need it: calls of this process share one renewal, processes agree
// through a lease in the database. Whoever comes too late takes what is stored. Never shows or logs a token.
import type { App } from './app.ts'
import {
  type AccountPlace,
  credentialPlace,
  type HeldToken,
  open,
  seal,
  type SealedCredential,
  type Secret,
} from './credentials.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import { discover } from './mcp/oauth-discovery.ts'
import { SignInError, signInFailure } from './mcp/oauth-error.ts'
import { within } from './mcp/oauth-fetch.ts'
import { machineToken, renewToken, revokeToken } from './mcp/oauth-token.ts'
import { pause } from './pause.ts'
import type { NotOpened, Opened } from './sign-in.ts'
import type { ServerRow } from './upstream-of.ts'

/** Secrets whose token Astra fetches by itself. */
export type Renewable = Extract<Secret, { credential_type: 'oauth' | 'client_credentials' }>
export type Renewal = {
  account: AccountPlace
  server: ServerRow
  sealed: SealedCredential
  secret: Renewable
}
type Renewed = Opened | NotOpened

const LEASE_SECONDS = 20
/** Counted from before the lease begins: who is slower than this has given up before it ends. */
const REQUEST_MS = 15_000
const LOOK_EVERY_MS = 150
const PATIENCE_MS = 40_000
const TRIES = 5

const underWay = new WeakMap<App, Map<string, Promise<Renewed>>>()

/** A new token in place of the given one, or why there is none. Throws AppError when the database is away. */
export function renew(app: App, renewal: Renewal): Promise<Renewed> {
  const here = underWay.get(app) ?? new Map<string, Promise<Renewed>>()
  underWay.set(app, here)
  const { team_id, server_id, user_id } = renewal.account
  // The sealed value names the very token: a call refused with the new one does not join the old one's renewal.
  const key = [team_id, server_id, user_id, renewal.sealed.encrypted_value.slice(0, 32)].join('|')
  const known = here.get(key)
  if (known) return known
  const work = renewAlone(app, renewal).finally(() => here.delete(key))
  here.set(key, work)
  // The caller may leave; what was started is brought home.
  app.background(work.catch(() => {}))
  return work
}

type Claim =
  | { claim: 'yours'; until: string }
  | { claim: 'taken' | 'gone' }
  | { claim: 'changed' } & SealedCredential

async function renewAlone(app: App, asked: Renewal): Promise<Renewed> {
  let renewal = asked
  const began = performance.now()
  while (performance.now() - began < PATIENCE_MS) {
    const fetch = within(app.signInFetch, REQUEST_MS)
    const claim = await read<Claim>(app.db.service.rpc('claim_renewal', {
      ...named(renewal),
      p_seconds: LEASE_SECONDS,
    }))
    if (claim.claim === 'gone') return notOpened('sign_in_needed', new SignInError('grant_refused'))
    if (claim.claim === 'changed') {
      const stored = await openChanged(app, renewal, claim)
      if (!stored.ok || !hasSameToken(stored.secret, renewal.secret)) return stored
      // Sealed anew under another key meanwhile: it is still the token to renew.
      renewal = { ...renewal, sealed: stored.sealed, secret: stored.secret }
      continue
    }
    if (claim.claim === 'yours') {
      const renewed = await renewAndKeep(app, renewal, { fetch, until: claim.until })
      if (renewed) return renewed
    }
    await pause(LOOK_EVERY_MS)
  }
  return notOpened('unreachable', new SignInError('unreachable'))
}

/** Someone else has put another value in its place: that one counts. */
async function openChanged(app: App, renewal: Renewal, stored: SealedCredential): Promise<Renewed> {
  const { encrypted_value, key_version } = stored
  const sealed = { encrypted_value, key_version }
  const keys = app.settings.credentialKeys
  const secret = await open(sealed, { keys, place: credentialPlace(renewal.account) })
  return secret ? { ok: true, secret, sealed } : unreadable()
}

function hasSameToken(stored: Secret, held: Renewable): stored is Renewable {
  const renews = stored.credential_type === 'oauth' ||
    stored.credential_type === 'client_credentials'
  return renews && stored.token?.access_token === held.token?.access_token
}

type Lease = { fetch: ReturnType<typeof within>; until: string }

/** Null when the value was replaced meanwhile: look again. */
async function renewAndKeep(
  app: App,
  renewal: Renewal,
  lease: Lease,
): Promise<Renewed | null> {
  let token: HeldToken
  try {
    token = await fetchToken(app, renewal, lease.fetch)
  } catch (thrown) {
    return await endWithout(app, renewal, { lease, failure: signInFailure(thrown) })
  }
  const secret: Secret = { ...renewal.secret, token }
  const keys = app.settings.credentialKeys
  const sealed = await seal(secret, { keys, place: credentialPlace(renewal.account) })
  if (await end(app, renewal, { lease, outcome: 'renewed', sealed })) {
    return { ok: true, secret, sealed }
  }
  // Nobody will ever use it, so it is given back.
  app.background(revokeToken(token, within(app.signInFetch, REQUEST_MS)).catch(() => {}))
  return null
}

async function fetchToken(app: App, renewal: Renewal, fetch: Lease['fetch']): Promise<HeldToken> {
  const { secret, server } = renewal
  if (secret.credential_type === 'oauth') return await renewToken(secret.token, fetch)
  const url = String(server.config.url)
  const found = await discover({
    url,
    challenge: null,
    fetch,
    allowed_private_hosts: app.settings.allowedPrivateHosts,
  })
  // The first authorization server that a secret was sent to is the only one it is ever sent to.
  if (secret.token && secret.token.issuer !== found.authorizationServerMetadata.issuer) {
    throw new SignInError('wrong_issuer')
  }
  const { client_id, client_secret, scope } = secret
  return await machineToken({
    server_url: url,
    found,
    client_id,
    client_secret,
    ...(scope && { scope }),
    fetch,
  })
}

async function endWithout(
  app: App,
  renewal: Renewal,
  { lease, failure }: { lease: Lease; failure: SignInError },
): Promise<Renewed> {
  const { reason } = failure
  const { server_id } = renewal.account
  log('warn', 'a token could not be renewed', { server_id, reason })
  const refused = reason === 'grant_refused' || reason === 'client_refused'
  const isOver = refused && renewal.secret.credential_type === 'oauth'
  const ended = await end(app, renewal, { lease, outcome: isOver ? 'over' : 'kept' })
  // Another worker renewed it meanwhile: what was refused here is not what is stored.
  if (isOver && !ended) return notOpened('unreachable', new SignInError('unreachable'))
  if (renewal.secret.credential_type !== 'oauth') return notOpened('unreachable', failure)
  const needed = isOver || reason === 'refused'
  return notOpened(needed ? 'sign_in_needed' : 'unreachable', failure)
}

type Outcome = { lease: Lease; outcome: 'renewed' | 'over' | 'kept'; sealed?: SealedCredential }

/** A token that was renewed and not stored is lost for good, so storing it is tried more than once. */
async function end(app: App, renewal: Renewal, { lease, outcome, sealed }: Outcome) {
  for (let attempt = 1;; attempt++) {
    try {
      return await read<boolean>(app.db.service.rpc('end_renewal', {
        ...named(renewal),
        p_until: lease.until,
        p_outcome: outcome,
        p_credential: sealed ?? null,
      }))
    } catch (thrown) {
      if (attempt === TRIES) throw thrown
      await pause(100 * 2 ** attempt)
    }
  }
}

function named({ account, sealed }: Renewal) {
  return {
    p_team_id: account.team_id,
    p_server_id: account.server_id,
    p_user_id: account.user_id,
    p_held: sealed.encrypted_value,
  }
}

function notOpened(reason: NotOpened['reason'], failure: SignInError): NotOpened {
  return { ok: false, reason, message: failure.message }
}

/** The answer for a credential that does not open in its own row. */
export function unreadable(): NotOpened {
  return {
    ok: false,
    reason: 'credential_unreadable',
    message:
      'The stored credential cannot be opened with today’s keys. It has to be entered again.',
  }
}
