// Asks OpenAI-compatible providers to count tokens. Some refuse a request that asks for it (Mistral does, and
// counts all the same): they are asked again without, and from then on.

/** Addresses that refuse to be asked for counts. */
const refusing = new Set<string>()
const MOST = 1_000

/** The same fetch, for bodies that may hold `stream_options`. */
export function counted(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const address = String(input)
    if (refusing.has(address)) return await fetch(input, uncounted(init))
    const response = await fetch(input, init)
    if (response.status !== 400 && response.status !== 422) return response
    const words = await response.text()
    const { status, headers } = response
    if (!/stream_options|include_usage/.test(words)) return new Response(words, { status, headers })
    if (refusing.size >= MOST) refusing.clear()
    refusing.add(address)
    return await fetch(input, uncounted(init))
  }
}

function uncounted(init: RequestInit = {}): RequestInit {
  if (typeof init.body !== 'string') return init
  const { stream_options: _, ...body } = JSON.parse(init.body)
  return { ...init, body: JSON.stringify(body) }
}
