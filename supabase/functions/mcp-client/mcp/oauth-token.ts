// Tokens after a sign-in: what is kept of one, renewing it, fetching one for a machine, giving it back.
// The protocol is the SDK’s (RFC 6749 §6, §4.4); revocation it does not have (RFC 7009). Failures are SignInErrors.
import {
  auth,
  ClientCredentialsProvider,
  type FetchLike,
  type OAuthTokens,
  refreshAuthorization,
  selectClientAuthMethod,
} from '@modelcontextprotocol/client'
import type { HeldToken, SignInClient } from '../credentials.ts'
import { type Found, type Metadata } from './oauth-discovery.ts'
import { SignInError, signInFailure } from './oauth-error.ts'

const LONGEST_SECONDS = 10 * 365 * 86_400
const LONGEST_TOKEN = 16_384

type Origin = { found: Found; client: SignInClient; resource?: string; scope?: string }

/** What is kept of a token answer. Throws SignInError for a token that cannot travel as a bearer. */
export function heldToken(
  tokens: OAuthTokens,
  { found, client, resource, scope }: Origin,
): HeldToken {
  const metadata: Metadata & { revocation_endpoint?: unknown } = found.authorizationServerMetadata
  return {
    ...read(tokens),
    // Left out, it is what was asked for (RFC 6749 §5.1).
    ...(tokens.scope || scope ? { scope: tokens.scope || scope } : {}),
    issuer: metadata.issuer,
    ...(resource && { resource }),
    token_endpoint: metadata.token_endpoint,
    ...(typeof metadata.revocation_endpoint === 'string' &&
      { revocation_endpoint: metadata.revocation_endpoint }),
    ...(metadata.token_endpoint_auth_methods_supported &&
      { auth_methods: metadata.token_endpoint_auth_methods_supported }),
    client,
  }
}

function read(tokens: OAuthTokens) {
  const { access_token, refresh_token, token_type, expires_in } = tokens
  const travels = (token: string) => token.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(token)
  if (token_type.toLowerCase() !== 'bearer' || !travels(access_token)) {
    throw new SignInError('protocol')
  }
  if (refresh_token !== undefined && refresh_token.length > LONGEST_TOKEN) {
    throw new SignInError('protocol')
  }
  const seconds = typeof expires_in === 'number' && Number.isFinite(expires_in)
    ? Math.min(Math.max(expires_in, 0), LONGEST_SECONDS)
    : null
  return {
    access_token,
    ...(refresh_token && { refresh_token }),
    ...(seconds !== null && { ends_at: new Date(Date.now() + seconds * 1_000).toISOString() }),
  }
}

/**
 * Renews a token with its refresh token, at the endpoint and as the client it came from. The old refresh
 * token stays when no new one comes. Throws SignInError; `grant_refused` means that it is gone for good.
 */
export async function renewToken(held: HeldToken, fetch: FetchLike): Promise<HeldToken> {
  if (held.refresh_token === undefined) throw new SignInError('grant_refused')
  const { ends_at: _, ...kept } = held
  try {
    const tokens = await refreshAuthorization(held.issuer, {
      metadata: endpoints(held),
      clientInformation: held.client,
      refreshToken: held.refresh_token,
      ...(held.resource && { resource: held.resource }),
      fetchFn: fetch,
    })
    return { ...kept, ...read(tokens), ...(tokens.scope && { scope: tokens.scope }) }
  } catch (thrown) {
    throw signInFailure(thrown)
  }
}

/** As much of the authorization server’s metadata as a token request looks at. */
function endpoints(held: HeldToken): Metadata {
  return {
    issuer: held.issuer,
    authorization_endpoint: held.token_endpoint,
    token_endpoint: held.token_endpoint,
    response_types_supported: ['code'],
    ...(held.auth_methods && { token_endpoint_auth_methods_supported: held.auth_methods }),
  }
}

type Machine = {
  server_url: string
  found: Found
  client_id: string
  client_secret: string
  scope?: string
  fetch: FetchLike
}

/** Fetches a token for a machine account (RFC 6749 §4.4). Throws SignInError. */
export async function machineToken(machine: Machine): Promise<HeldToken> {
  const { found, client_id, client_secret, scope } = machine
  const provider = new MachineProvider({
    clientId: client_id,
    clientSecret: client_secret,
    clientName: 'Astra',
    expectedIssuer: found.authorizationServerMetadata.issuer,
    ...(scope && { scope }),
  })
  provider.found = found
  try {
    await auth(provider, {
      serverUrl: machine.server_url,
      ...(scope && { scope }),
      fetchFn: machine.fetch,
    })
  } catch (thrown) {
    throw signInFailure(thrown)
  }
  const tokens = provider.tokens()
  if (!tokens) throw new SignInError('protocol')
  const client = { client_id, client_secret }
  const { refresh_token: _, ...held } = heldToken(tokens, {
    found,
    client,
    resource: provider.resource,
    scope,
  })
  return held
}

class MachineProvider extends ClientCredentialsProvider {
  found: Found | undefined
  resource: string | undefined

  discoveryState = () => this.found
  saveResourceUrl = (resource: string) => void (this.resource = resource)
  /** Asking again with the same secret would get the same answer. */
  invalidateCredentials = () => {
    throw new SignInError('client_refused')
  }
}

/** Gives a token back (RFC 7009 §2.1): the refresh token if there is one, which ends both. Throws SignInError. */
export async function revokeToken(held: HeldToken, send: FetchLike): Promise<void> {
  if (held.revocation_endpoint === undefined) return
  const { refresh_token, access_token, client } = held
  const form = new URLSearchParams(
    refresh_token === undefined
      ? { token: access_token, token_type_hint: 'access_token' }
      : { token: refresh_token, token_type_hint: 'refresh_token' },
  )
  const headers = new Headers({ accept: 'application/json' })
  const { client_id, client_secret } = client
  const method = selectClientAuthMethod(client, held.auth_methods ?? [])
  if (method === 'client_secret_basic') {
    headers.set('authorization', `Basic ${btoa(`${client_id}:${client_secret}`)}`)
  } else {
    form.set('client_id', client_id)
    if (method === 'client_secret_post') form.set('client_secret', client_secret ?? '')
  }
  try {
    const response = await send(held.revocation_endpoint, { method: 'POST', headers, body: form })
    await response.body?.cancel()
  } catch (thrown) {
    throw signInFailure(thrown)
  }
}
