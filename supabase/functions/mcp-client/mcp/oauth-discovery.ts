// Where and how a server wants its clients to sign in (RFC 9728, RFC 8414, OpenID Connect Discovery).
// Reading and checking the documents is the SDK’s; refusing what they ask of us is done here.
import {
  discoverOAuthServerInfo,
  extractWWWAuthenticateParams,
  type FetchLike,
  type OAuthDiscoveryState,
} from '@modelcontextprotocol/client'
import { judgeAddress } from './address.ts'
import type { GuardedFetch } from './egress.ts'
import { SignInError, signInFailure } from './oauth-error.ts'
import type { Challenge } from './upstream.ts'

export type Metadata = NonNullable<OAuthDiscoveryState['authorizationServerMetadata']>
/** What was found, judged: every address in it is one that Astra may speak to. */
export type Found = OAuthDiscoveryState & { authorizationServerMetadata: Metadata }

export type Where = {
  url: string
  challenge: Challenge | null
  fetch: FetchLike
  allowed_private_hosts: string[]
}

/** Reads how to sign in. Throws SignInError: `not_offered`, `address_refused`, `not_safe`, `unreachable` … */
export async function discover(where: Where): Promise<Found> {
  const resourceMetadataUrl = urlIn(where.challenge?.resource_metadata ?? null)
  try {
    const found = await discoverOAuthServerInfo(where.url, {
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
      fetchFn: where.fetch,
    })
    const metadata = found.authorizationServerMetadata
    if (!metadata) throw new SignInError('not_offered')
    judge(metadata, where.allowed_private_hosts)
    return {
      ...found,
      authorizationServerMetadata: metadata,
      ...(resourceMetadataUrl && { resourceMetadataUrl: resourceMetadataUrl.href }),
    }
  } catch (thrown) {
    throw signInFailure(thrown)
  }
}

/** The address a person’s browser is sent to, and those we send secrets to: https, public, no user name. */
function judge(metadata: Metadata, allowed: string[]): void {
  const { authorization_endpoint, token_endpoint, registration_endpoint } = metadata
  for (const address of [authorization_endpoint, token_endpoint, registration_endpoint]) {
    if (address !== undefined && !judgeAddress(address, allowed).allowed) {
      throw new SignInError('address_refused')
    }
  }
}

/** Authorization needs PKCE with S256, and the promise of it (MCP, "Authorization Code Protection"). */
export function requirePkce(metadata: Metadata): void {
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new SignInError('not_safe')
  }
}

/**
 * What a server answers to a request without a credential, where a sign-in starts without a refused call.
 * Null when it refuses nothing, or does not answer: the well-known addresses are then tried alone.
 */
export async function challengeOf(
  server: { url: string; server_type: 'http' | 'sse' },
  send: GuardedFetch,
): Promise<Challenge | null> {
  try {
    const response = await send(server.url, greeting(server.server_type))
    await response.body?.cancel()
    if (response.status !== 401) return null
    const said = extractWWWAuthenticateParams(response)
    return {
      insufficient_scope: false,
      scope: said.scope ?? null,
      resource_metadata: said.resourceMetadataUrl?.href ?? null,
    }
  } catch {
    return null
  }
}

function greeting(server_type: 'http' | 'sse'): RequestInit {
  if (server_type === 'sse') return { headers: { accept: 'text/event-stream' } }
  return {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  }
}

function urlIn(text: string | null): URL | undefined {
  return text !== null && URL.canParse(text) ? new URL(text) : undefined
}
