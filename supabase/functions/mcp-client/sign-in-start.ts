// The first half of a sign-in: finds out how the server wants it, becomes a client there if need be, and
// remembers, sealed, what the callback will need. Whoever asks must already be allowed to.
import { randomBytes } from 'node:crypto'
import type { App } from './app.ts'
import { sha256 } from './canonical.ts'
import { type AccountPlace, seal, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { log } from './log.ts'
import { type Flow, startFlow } from './mcp/oauth.ts'
import { challengeOf, discover, type Found } from './mcp/oauth-discovery.ts'
import { signInFailure } from './mcp/oauth-error.ts'
import { within } from './mcp/oauth-fetch.ts'
import type { Challenge } from './mcp/upstream.ts'
import { clientsOf } from './sign-in-clients.ts'
import type { ServerRow } from './upstream-of.ts'

type Server = Pick<ServerRow, 'server_type' | 'config'>
/** A flow, and where its server was when it began: what comes of it is for those addresses. */
export type KeptFlow = Flow & { config: Server['config'] }
export type SignInStart = {
  account: AccountPlace
  server: Server
  /** Who is going to sign in. */
  user_id: string
  /** What the server asked for when it refused; null to ask it first. */
  challenge: Challenge | null
  /** Scopes that a new token must not lose. */
  held_scope?: string
  /** A path of the app. */
  return_to?: string
}

/** Discovery, registration and all: the whole first half is over by then. */
const START_MS = 25_000

const underWay = new WeakMap<App, Map<string, Promise<{ authorization_url: string }>>>()

/**
 * Gives where to send a person to sign in; the link is good for ten minutes and one use. The same person
 * asking for the same thing many times at once gets one link. Throws SignInError.
 */
export function startSignIn(app: App, start: SignInStart): Promise<{ authorization_url: string }> {
  const here = underWay.get(app) ?? new Map<string, Promise<{ authorization_url: string }>>()
  underWay.set(app, here)
  const { account, user_id, challenge, held_scope, return_to, server } = start
  const key = JSON.stringify([account, user_id, challenge, held_scope, return_to, server.config])
  const known = here.get(key)
  if (known) return known
  const work = startAlone(app, start).finally(() => here.delete(key))
  here.set(key, work)
  return work
}

/** How a server wants its clients to sign in. Throws SignInError, `not_offered` when it does not say. */
export async function offersSignIn(
  app: App,
  { server, challenge }: { server: Server; challenge: Challenge | null },
): Promise<Found> {
  return await discover({
    url: addressOf(server).url,
    challenge,
    fetch: within(app.signInFetch, START_MS),
    allowed_private_hosts: app.settings.allowedPrivateHosts,
  })
}

function addressOf({ server_type, config }: Server) {
  return { url: String(config.url), server_type: server_type === 'sse' ? 'sse' : 'http' } as const
}

async function startAlone(app: App, start: SignInStart) {
  try {
    return await begin(app, start)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    const failure = signInFailure(thrown)
    const { server_id } = start.account
    log('warn', 'a sign-in could not be started', { server_id, reason: failure.reason })
    throw failure
  }
}

async function begin(app: App, start: SignInStart) {
  const { account, server } = start
  const { settings } = app
  const fetch = within(app.signInFetch, START_MS)
  const challenge = start.challenge ?? await challengeOf(addressOf(server), app.signInFetch)
  const found = await offersSignIn(app, { server, challenge })
  const { issuer } = found.authorizationServerMetadata
  const clients = clientsOf(app, account)
  const known = await clients.at(issuer)
  const state = newState()
  const { authorization_url, flow } = await startFlow({
    server_url: addressOf(server).url,
    callback_url: settings.callbackUrl,
    client_metadata_url: settings.clientMetadataUrl,
    found,
    client: known?.client ?? null,
    state,
    scopes: [known?.scope, start.held_scope, challenge?.scope],
    allowed_private_hosts: settings.allowedPrivateHosts,
    fetch,
    registered: (client) => clients.keepRegistered(issuer, client),
  })
  const hash = await sha256(state)
  const { team_id, server_id } = account
  const kept: KeptFlow = { ...flow, config: server.config }
  const sealed = await seal(kept, {
    keys: settings.credentialKeys,
    place: { team_id, server_id, field: `flow:${hash}` },
  })
  await remember(app, { start, hash, sealed })
  return { authorization_url }
}

type Begun = { start: SignInStart; hash: string; sealed: SealedCredential }

async function remember(app: App, { start, hash, sealed }: Begun): Promise<void> {
  const { account, user_id, return_to } = start
  await read(app.db.service.rpc('begin_sign_in', {
    p_flow: {
      state_hash: hash,
      team_id: account.team_id,
      server_id: account.server_id,
      user_id,
      account: account.user_id === null ? 'team' : 'person',
      return_to: return_to ?? '/',
      ...sealed,
    },
  }))
}

/** 256 random bits: whoever brings it back was sent by us, or by someone who was (RFC 6749 §10.12). */
function newState(): string {
  return randomBytes(32).toString('base64url')
}
