// Decides whether a redirect may be followed, and where to. Pure.
// Another origin is never followed to: a credential and its request stay with the host they were for.

/** A server that redirects more often than this does not mean an address. */
export const mostHops = 3

const keepsTheRequest = [307, 308]
const asksAnew = [301, 302, 303]

/** 304 answers a question that is never asked, and is no redirect. */
export function isRedirect({ status }: Response): boolean {
  return status >= 300 && status <= 399 && status !== 304
}

/**
 * Gives the address to go on to, or null when the redirect must be refused: another origin, a status
 * that would lose the request (RFC 9110 §15.4), or a body that can be sent only once.
 */
export function hopTo(
  from: URL,
  { response, init }: { response: Response; init: RequestInit },
): URL | null {
  const target = targetOf(from, response)
  // Not by `origin`: a blob’s is that of the address inside it.
  if (target?.protocol !== from.protocol || target.host !== from.host) return null
  const method = (init.method ?? 'GET').toUpperCase()
  const reads = method === 'GET' || method === 'HEAD'
  if (asksAnew.includes(response.status)) return reads ? target : null
  if (!keepsTheRequest.includes(response.status)) return null
  return isRepeatable(init.body) ? target : null
}

/** What the redirect points at, when that can be said at all. */
export function targetOf(from: URL, response: Response): URL | null {
  const location = response.headers.get('location')
  return location !== null && URL.canParse(location, from) ? new URL(location, from) : null
}

function isRepeatable(body: RequestInit['body']): boolean {
  return body === undefined || body === null || typeof body === 'string' ||
    body instanceof ArrayBuffer || ArrayBuffer.isView(body)
}
