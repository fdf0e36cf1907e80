// Signing in at a server with OAuth 2.1, as the SDK does it: what is kept between its steps is ours, the
// protocol is its own. Knows no database and no person; every failure is a SignInError.
import {
  auth,
  computeScopeUnion,
  type FetchLike,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import type { HeldToken, SignInClient } from '../credentials.ts'
import { judgeAddress } from './address.ts'
import { type Found, requirePkce } from './oauth-discovery.ts'
import { SignInError, signInFailure } from './oauth-error.ts'
import { heldToken } from './oauth-token.ts'

/** Who Astra says it is (RFC 7591 §2). The same for registration and in its own metadata document. */
export function clientMetadata(callback_url: string): OAuthClientMetadata {
  return {
    client_name: 'Astra',
    redirect_uris: [callback_url],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
}

/** A sign-in between its two halves. Sealed while a person is away at the authorization server. */
export type Flow = {
  server_url: string
  callback_url: string
  found: Found
  client: SignInClient
  code_verifier: string
  scope?: string
}

type Start = {
  server_url: string
  callback_url: string
  client_metadata_url: string | null
  found: Found
  /** A client that is known at this issuer already. */
  client: SignInClient | null
  state: string
  /** Scopes to ask for, any number of lists; without any the SDK chooses (MCP, "Scope Selection Strategy"). */
  scopes: (string | null | undefined)[]
  allowed_private_hosts: string[]
  fetch: FetchLike
  /** Keeps a client that was registered just now. */
  registered(client: SignInClient): Promise<void>
}

/** First half: registers if need be, and gives where to send the person. Throws SignInError. */
export async function startFlow(start: Start): Promise<{ authorization_url: string; flow: Flow }> {
  const { found } = start
  requirePkce(found.authorizationServerMetadata)
  if (!start.client && !canRegister(start)) throw new SignInError('client_needed')
  const provider = new Starting(start)
  try {
    await auth(provider, {
      serverUrl: start.server_url,
      scope: computeScopeUnion(...start.scopes.map((scope) => scope ?? undefined)),
      fetchFn: start.fetch,
      forceReauthorization: true,
    })
  } catch (thrown) {
    throw signInFailure(thrown)
  }
  const url = provider.authorizationUrl
  if (!url || !provider.client) throw new SignInError('protocol')
  if (!judgeAddress(url, start.allowed_private_hosts).allowed) {
    throw new SignInError('address_refused')
  }
  const scope = url.searchParams.get('scope')
  const flow: Flow = {
    server_url: start.server_url,
    callback_url: start.callback_url,
    found,
    client: provider.client,
    code_verifier: provider.verifier,
    ...(scope && { scope }),
  }
  return { authorization_url: url.href, flow }
}

function canRegister({ found, client_metadata_url }: Start): boolean {
  const metadata = found.authorizationServerMetadata
  return metadata.registration_endpoint !== undefined ||
    (client_metadata_url !== null && metadata.client_id_metadata_document_supported === true)
}

class Starting implements OAuthClientProvider {
  readonly clientMetadataUrl?: string
  readonly redirectUrl: string
  readonly clientMetadata: OAuthClientMetadata
  client: SignInClient | null
  authorizationUrl: URL | null = null
  verifier = ''

  constructor(readonly start: Start) {
    this.redirectUrl = start.callback_url
    this.clientMetadata = clientMetadata(start.callback_url)
    this.client = start.client
    if (start.client_metadata_url !== null) this.clientMetadataUrl = start.client_metadata_url
  }

  state = () => this.start.state
  discoveryState = () => this.start.found
  saveDiscoveryState = () => {}
  clientInformation = (context?: { issuer: string }) => stamped(this.client, context)
  tokens = () => undefined
  saveTokens = () => {}
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier)
  codeVerifier = () => this.verifier
  redirectToAuthorization = (url: URL) => void (this.authorizationUrl = url)
  async saveClientInformation(client: StoredOAuthClientInformation) {
    this.client = plain(client)
    // A client that is named by its document needs no keeping.
    if (client.client_id !== this.clientMetadataUrl) await this.start.registered(this.client)
  }
}

/**
 * Second half: checks the authorization response whole (`iss`, `error`, `code`: RFC 9207, RFC 6749 §4.1.2)
 * and exchanges the code. `state` is the caller’s to have checked. Throws SignInError.
 */
export async function finishFlow(
  flow: Flow,
  { params, fetch }: { params: URLSearchParams; fetch: FetchLike },
): Promise<HeldToken> {
  const provider = new Finishing(flow)
  try {
    const transport = new StreamableHTTPClientTransport(new URL(flow.server_url), {
      authProvider: provider,
      fetch,
    })
    await transport.finishAuth(params)
  } catch (thrown) {
    throw signInFailure(thrown)
  }
  if (!provider.received) throw new SignInError('protocol')
  return heldToken(provider.received, {
    found: flow.found,
    client: flow.client,
    resource: provider.resource,
    scope: flow.scope,
  })
}

class Finishing implements OAuthClientProvider {
  readonly redirectUrl: string
  readonly clientMetadata: OAuthClientMetadata
  received: StoredOAuthTokens | null = null
  resource: string | undefined

  constructor(readonly flow: Flow) {
    this.redirectUrl = flow.callback_url
    this.clientMetadata = clientMetadata(flow.callback_url)
  }

  discoveryState = () => this.flow.found
  saveDiscoveryState = () => {}
  clientInformation = (context?: { issuer: string }) => stamped(this.flow.client, context)
  tokens = () => undefined
  saveTokens = (tokens: StoredOAuthTokens) => void (this.received = tokens)
  saveResourceUrl = (resource: string) => void (this.resource = resource)
  saveCodeVerifier = () => {}
  codeVerifier = () => this.flow.code_verifier
  redirectToAuthorization() {
    throw new SignInError('protocol')
  }
  /** The SDK would send the same code again: a code is good for one try (RFC 6749 §4.1.2). */
  invalidateCredentials(what: string) {
    if (what === 'client') throw new SignInError('client_refused')
    throw new SignInError('grant_refused')
  }
}

/** What is kept is kept under its issuer, so the stamp that the SDK looks for is always this one. */
function stamped(client: SignInClient | null, context?: { issuer: string }) {
  return client && context ? { ...client, issuer: context.issuer } : undefined
}

function plain(client: StoredOAuthClientInformation): SignInClient {
  const { client_id, client_secret, client_secret_expires_at, ...rest } = client
  return {
    client_id,
    ...(client_secret !== undefined && { client_secret }),
    ...(client_secret_expires_at && { client_secret_expires_at }),
    ...('token_endpoint_auth_method' in rest && rest.token_endpoint_auth_method !== undefined &&
      { token_endpoint_auth_method: rest.token_endpoint_auth_method }),
    ...('redirect_uris' in rest && { redirect_uris: rest.redirect_uris }),
  }
}
