// What every request to an upstream carries besides the protocol: its secret query parameters. And
// what a refused credential says, read from hostile headers and never repeated in a message.
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import type { GuardedFetch } from './egress.ts'
import { type Challenge, type Upstream, UpstreamError } from './upstream.ts'

const longestHeader = 8_192
const longestValue = 2_048
/** RFC 6749 §3.3. */
const scopeForm = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

/**
 * The fetch for one upstream. An answer 401 or 403 becomes `UpstreamError` `unauthorized` with its
 * challenge right here, so that every transport and every kind of request fails alike.
 * `onAnswer` hears of every answer’s arrival, whatever its status.
 */
export function fetchFor(
  upstream: Pick<Upstream, 'headers' | 'query'>,
  means: { fetch: GuardedFetch; onAnswer?: () => void },
): GuardedFetch {
  const secrets = { ...upstream.headers, ...upstream.query }
  const hasCredential = Object.keys(secrets).length > 0
  return async (input, init, onStreamFailure) => {
    const response = await means.fetch(withQuery(input, upstream.query), init, onStreamFailure)
    means.onAnswer?.()
    if (response.status !== 401 && response.status !== 403) return response
    await response.body?.cancel()
    throw unauthorized(response, hasCredential)
  }
}

function unauthorized(response: Response, hasCredential: boolean): UpstreamError {
  const challenge = challengeOf(response)
  const said = challenge.insufficient_scope
    ? 'The credential does not allow this at the server'
    : hasCredential
    ? 'The server did not accept the credential'
    : 'The server asks for a credential'
  return new UpstreamError('unauthorized', `${said} (HTTP ${response.status})`, { challenge })
}

/** RFC 9110 §11.6.1: one header may hold several challenges. The bearer’s is the one that counts. */
function challengeOf(response: Response): Challenge {
  const header = (response.headers.get('www-authenticate') ?? '').slice(0, longestHeader)
  const at = header.search(/(?<=^|,\s*)(?:bearer|dpop)\s/i)
  const headers = new Headers(at < 0 ? {} : { 'www-authenticate': header.slice(at) })
  const { error, scope, resourceMetadataUrl } = extractWWWAuthenticateParams(
    new Response(null, { headers }),
  )
  const usable = scope !== undefined && scope.length <= longestValue && scopeForm.test(scope)
  const metadata = resourceMetadataUrl?.href ?? null
  return {
    insufficient_scope: response.status === 403 && error === 'insufficient_scope',
    scope: usable ? scope : null,
    resource_metadata: metadata !== null && metadata.length <= longestValue ? metadata : null,
  }
}

/** The query that is already there is left as it is written. */
function withQuery(input: string | URL, query: Record<string, string>): string | URL {
  const added = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  if (added.length === 0) return input
  const url = new URL(input)
  url.search = [url.search.slice(1), ...added].filter(Boolean).join('&')
  return url
}
