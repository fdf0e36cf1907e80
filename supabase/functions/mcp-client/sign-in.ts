// Whose credential a call travels with, and what happens when a server refuses it: a token is renewed,
// or a person is asked to sign in. Never hands out a token it could not open in its own row.
import { isStrictScopeSuperset } from '@modelcontextprotocol/client'
import type { App } from './app.ts'
import {
  type AccountPlace,
  credentialPlace,
  type HeldToken,
  open,
  type SealedCredential,
  type Secret,
} from './credentials.ts'
import { SignInError } from './mcp/oauth-error.ts'
import type { Challenge } from './mcp/upstream.ts'
import { renew, type Renewable, unreadable } from './sign-in-renewal.ts'
import { offersSignIn, startSignIn } from './sign-in-start.ts'
import type { ServerRow } from './upstream-of.ts'

export type Opened = { ok: true; secret: Secret; sealed: SealedCredential }
export type NotOpened = {
  ok: false
  reason: 'credential_unreadable' | 'sign_in_needed' | 'unreachable'
  /** A sentence of ours, safe to show. */
  message: string
}

/** `renewed`: call again with this. `sign_in`: a person must act; without a link only an admin can. */
export type AfterRefusal =
  | { kind: 'renewed'; secret: Secret; sealed: SealedCredential }
  | { kind: 'sign_in'; authorization_url: string | null }
  | {
    kind: 'refused'
    /** Why neither a token nor a sign-in could be had from a server that offers one: a sentence of ours. */
    message?: string
  }

export type Refusal = {
  account: AccountPlace
  server: ServerRow
  /** What was refused; null when the account has no credential. */
  sealed: SealedCredential | null
  challenge: Challenge | null
  asker: { user_id: string; administers: boolean }
  return_to?: string
}

/** A token that ends sooner than this may end on its way. */
const SHORT_MS = 30_000

/** Opens an account’s credential, renewing a token that is about to end (RFC 6749 §6). */
export async function openFresh(
  app: App,
  { account, server, sealed }: {
    account: AccountPlace
    server: ServerRow
    sealed: SealedCredential
  },
): Promise<Opened | NotOpened> {
  const keys = app.settings.credentialKeys
  const secret = await open(sealed, { keys, place: credentialPlace(account) })
  if (!secret) return unreadable()
  const opened: Opened = { ok: true, secret, sealed }
  if (!isRenewable(secret) || lastsFor(secret.token) > SHORT_MS) return opened
  const lasts = lastsFor(secret.token) > 0
  if (secret.credential_type === 'oauth' && secret.token.refresh_token === undefined) {
    const { message } = new SignInError('grant_refused')
    return lasts ? opened : { ok: false, reason: 'sign_in_needed', message }
  }
  const renewed = await renew(app, { account, server, sealed, secret })
  return !renewed.ok && renewed.reason === 'unreachable' && lasts ? opened : renewed
}

/**
 * What to do after a server refused a credential, or when an account has none. Hand-made credentials and
 * servers without OAuth are `refused`: only whoever entered the credential can help.
 */
export async function afterRefusal(app: App, refusal: Refusal): Promise<AfterRefusal> {
  const { account, server, sealed, challenge } = refusal
  if (server.server_type === 'stdio') return { kind: 'refused' }
  if (!sealed) return await askToSignIn(app, refusal)
  const keys = app.settings.credentialKeys
  const secret = await open(sealed, { keys, place: credentialPlace(account) })
  if (!secret || !isRenewable(secret)) return { kind: 'refused' }
  const isMachine = secret.credential_type === 'client_credentials'
  if (challenge?.insufficient_scope) {
    // A token that holds the scope already is refused for another reason; asking again would never end.
    const more = isStrictScopeSuperset(challenge.scope ?? undefined, secret.token?.scope)
    if (isMachine || !more) return { kind: 'refused' }
    return await askToSignIn(app, refusal, secret.token?.scope)
  }
  if (isMachine || secret.token.refresh_token !== undefined) {
    const renewed = await renew(app, { account, server, sealed, secret })
    if (renewed.ok) return { kind: 'renewed', secret: renewed.secret, sealed: renewed.sealed }
    if (renewed.reason !== 'sign_in_needed') return { kind: 'refused', message: renewed.message }
  }
  if (isMachine) return { kind: 'refused' }
  return await askToSignIn(app, refusal)
}

async function askToSignIn(
  app: App,
  refusal: Refusal,
  held_scope?: string,
): Promise<AfterRefusal> {
  const { account, server, challenge, asker, return_to } = refusal
  try {
    if (account.user_id === null && !asker.administers) {
      await offersSignIn(app, { server, challenge })
      return { kind: 'sign_in', authorization_url: null }
    }
    const { authorization_url } = await startSignIn(app, {
      account,
      server,
      user_id: asker.user_id,
      challenge,
      ...(held_scope !== undefined && { held_scope }),
      ...(return_to !== undefined && { return_to }),
    })
    return { kind: 'sign_in', authorization_url }
  } catch (thrown) {
    if (!(thrown instanceof SignInError)) throw thrown
    const { reason, message } = thrown
    return reason === 'not_offered' ? { kind: 'refused' } : { kind: 'refused', message }
  }
}

function isRenewable(secret: Secret): secret is Renewable {
  return 'credential_type' in secret &&
    (secret.credential_type === 'oauth' || secret.credential_type === 'client_credentials')
}

/** Milliseconds until a token ends; without one it has ended, without an end it never does. */
function lastsFor(token: HeldToken | undefined): number {
  if (!token) return -1
  return token.ends_at === undefined ? Infinity : Date.parse(token.ends_at) - Date.now()
}
