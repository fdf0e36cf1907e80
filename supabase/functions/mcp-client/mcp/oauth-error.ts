// How a sign-in fails. Messages are our own sentences: what an authorization server says is read to
// classify, and never repeated, logged or stored.
import {
  AuthorizationServerMismatchError,
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
} from '@modelcontextprotocol/client'
import { EgressError } from './egress-error.ts'

export type SignInReason =
  | 'not_offered'
  | 'unreachable'
  | 'address_refused'
  | 'not_safe'
  | 'protocol'
  | 'wrong_issuer'
  | 'client_needed'
  | 'client_refused'
  | 'grant_refused'
  | 'declined'
  | 'refused'
  | 'expired'
  | 'not_allowed'
  | 'server_changed'

export class SignInError extends Error {
  override readonly name = 'SignInError'

  constructor(readonly reason: SignInReason, message: string = sentences[reason]) {
    super(message)
  }
}

const sentences: Record<SignInReason, string> = {
  not_offered: 'This server does not offer a sign-in',
  unreachable: 'The server’s sign-in could not be reached',
  address_refused: 'The server’s sign-in names an address that Astra does not speak to',
  not_safe: 'The server’s sign-in does not promise PKCE with S256, so it is not safe to use',
  protocol: 'The server’s sign-in does not follow the OAuth protocol',
  wrong_issuer:
    'The sign-in was answered in another authorization server’s name, so it was stopped',
  client_needed:
    'The server’s sign-in lets no client register by itself. An admin has to register one there and enter it',
  client_refused: 'The server’s sign-in did not accept Astra as its client',
  grant_refused: 'The server’s sign-in no longer accepts what it gave. Sign in again',
  declined: 'The sign-in was declined',
  refused: 'The server’s sign-in refused',
  expired: 'This sign-in is over. Start it again',
  not_allowed: 'This sign-in is no longer yours to finish',
  server_changed: 'The server was changed during the sign-in. Start it again',
}

/** What an authorization server may call its refusals (RFC 6749 §4.1.2.1, §5.2; RFC 7591 §3.2.2). */
const reasonOfCode: Record<string, SignInReason> = {
  access_denied: 'declined',
  invalid_grant: 'grant_refused',
  invalid_client: 'client_refused',
  unauthorized_client: 'client_refused',
  server_error: 'unreachable',
  temporarily_unavailable: 'unreachable',
}

/** Turns whatever the SDK, the guarded fetch or the runtime threw into one SignInError. */
export function signInFailure(thrown: unknown): SignInError {
  if (thrown instanceof SignInError) return thrown
  if (thrown instanceof EgressError) {
    const refused = thrown.reason === 'address_refused' || thrown.reason === 'redirected'
    return new SignInError(refused ? 'address_refused' : 'unreachable')
  }
  if (
    thrown instanceof IssuerMismatchError || thrown instanceof AuthorizationServerMismatchError
  ) return new SignInError('wrong_issuer')
  if (thrown instanceof InsecureTokenEndpointError) return new SignInError('address_refused')
  if (thrown instanceof RegistrationRejectedError) {
    return new SignInError(thrown.status >= 500 ? 'unreachable' : 'client_refused')
  }
  if (thrown instanceof OAuthError) return new SignInError(reasonOfCode[thrown.code] ?? 'refused')
  if (thrown instanceof DOMException) return new SignInError('unreachable')
  // The SDK says a failing metadata endpoint only in words.
  const said = thrown instanceof Error ? thrown.message : ''
  return new SignInError(/^HTTP (5\d\d|429) trying to load/.test(said) ? 'unreachable' : 'protocol')
}
