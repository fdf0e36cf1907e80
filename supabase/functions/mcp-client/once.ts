// Requests that leave once. When a connection breaks, the runtime sends a request again by itself, also one
// that the other side has carried out already: a tool would run twice (denoland/deno#35610).

/**
 * The same request, which the runtime cannot repeat: it does so only with bodies that it holds in memory.
 * A Blob is read as it is sent and still says its length, which a stream would not.
 */
export function once(init: RequestInit): RequestInit {
  const { body } = init
  if (typeof body === 'string') return { ...init, body: new Blob([body]) }
  if (!(body instanceof URLSearchParams)) return init
  const type = 'application/x-www-form-urlencoded;charset=UTF-8'
  return { ...init, body: new Blob([String(body)], { type }) }
}
