// Whose credential a call travels with, and what happens when a server refuses it: a token is renewed,
// or a person is asked to sign in. Never hands out a token it could not open in its own row.
import { open, type SealedCredential, type Secret } from './credentials.ts'
import type { App } from './app.ts'
import type { Challenge } from './mcp/upstream.ts'
import type { ServerRow } from './upstream-of.ts'

/** One account at a server: a member’s own, or the team’s when `user_id` is null. */
export type AccountPlace = { team_id: string; server_id: string; user_id: string | null }

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
    /** Why a sign-in the server offers could not be started, as a sentence of ours. */
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
  /** True when `sealed` was renewed for this very call: another renewal cannot help. */
  renewed?: boolean
}

/** Opens an account’s credential, renewing a token that is about to end (RFC 6749 §6). */
export async function openFresh(
  app: App,
  { account, sealed }: { account: AccountPlace; server: ServerRow; sealed: SealedCredential },
): Promise<Opened | NotOpened> {
  const secret = await open(sealed, { keys: app.settings.credentialKeys, place: account })
  return secret ? { ok: true, secret, sealed } : {
    ok: false,
    reason: 'credential_unreadable',
    message:
      'The stored credential cannot be opened with today’s keys. It has to be entered again.',
  }
}

/** What to do after a server refused a credential, or when an account has none. */
export function afterRefusal(_app: App, _refusal: Refusal): Promise<AfterRefusal> {
  return Promise.resolve({ kind: 'refused' })
}
