// A server that refuses every request that has not the right bearer, or the right key in its address:
// in front of a fixture server, and with the challenge a test asks for.
import type { Seen } from './recorder.ts'

type Backend = { url: string; host: string; stop(): Promise<void>; recorder: { seen: Seen[] } }
export type Refusal = { status: 401 | 403; challenge?: string }

export type Refusing = {
  url: string
  host: string
  /** What arrived here, refused or not. */
  asked: { method: string; search: string }[]
  stop(): Promise<void>
}

/** `refuse` says which requests are refused, and how. The rest is handed on. */
export function startRefusing(
  backend: Backend,
  refuse: (request: Request, body: string) => Refusal | null,
): Refusing {
  const asked: Refusing['asked'] = []
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (request) => {
    const url = new URL(request.url)
    const body = request.body ? await request.text() : ''
    asked.push({ method: request.method, search: url.search })
    const refusal = refuse(request, body)
    if (refusal) {
      const headers = refusal.challenge ? { 'www-authenticate': refusal.challenge } : undefined
      return new Response('no', { status: refusal.status, headers })
    }
    const target = new URL(url.pathname + url.search, backend.url)
    const { method, headers, signal } = request
    return await fetch(target, { method, headers, signal, body: body || null, redirect: 'manual' })
  })
  const host = `127.0.0.1:${http.addr.port}`
  return {
    host,
    url: `http://${host}${new URL(backend.url).pathname}`,
    asked,
    async stop() {
      end.abort()
      await http.finished
      await backend.stop()
    },
  }
}
