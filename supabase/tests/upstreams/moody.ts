// A counting server behind a front that a test can have in any mood: gone, and back at the same address;
// answering with a status; breaking the connection once a call has arrived.
import { type CountingServer, startCountingServer } from './counting.ts'

/** `break`: a call arrives, is carried out, and its answer breaks off. A number: everything is answered with that status. */
export type Mood = 'well' | 'break' | number

export type MoodyServer = {
  url: string
  behind: CountingServer
  mood: Mood
  /** How many tools/call requests arrived, whatever became of them. */
  calls(): number
  /** What arrived, by JSON-RPC method or HTTP method. */
  asked: string[]
  /** Headers of the newest request. */
  lastHeaders(): Headers
  /** Nothing listens there any more. */
  die(): Promise<void>
  revive(): void
  stop(): Promise<void>
}

export function startMoodyServer(): MoodyServer {
  const behind = startCountingServer()
  const asked: string[] = []
  let headers = new Headers()
  let front: Front | null = null

  const answer = async (request: Request): Promise<Response> => {
    const body = request.body ? await request.text() : ''
    const method: string = body ? JSON.parse(body).method ?? request.method : request.method
    asked.push(method)
    headers = request.headers
    if (typeof moody.mood === 'number') return new Response('no', { status: moody.mood })
    const { pathname } = new URL(request.url)
    const answered = await fetch(new URL(pathname, behind.url), {
      method: request.method,
      headers: request.headers,
      body: body || null,
      signal: request.signal,
    })
    if (moody.mood !== 'break' || method !== 'tools/call') return answered
    await answered.body?.cancel()
    return brokenOff()
  }

  const listen = (port: number) => {
    const end = new AbortController()
    const { signal } = end
    const server = Deno.serve({ hostname: '127.0.0.1', port, signal, onListen() {} }, answer)
    return { end, server }
  }
  const close = async () => {
    front?.end.abort()
    await front?.server.finished
    front = null
  }

  front = listen(0)
  const { port } = front.server.addr
  const moody: MoodyServer = {
    url: `http://127.0.0.1:${port}/mcp`,
    behind,
    mood: 'well',
    calls: () => asked.filter((method) => method === 'tools/call').length,
    asked,
    lastHeaders: () => headers,
    die: close,
    revive: () => void (front ??= listen(port)),
    async stop() {
      await close()
      await behind.stop()
    },
  }
  return moody
}

type Front = { end: AbortController; server: Deno.HttpServer<Deno.NetAddr> }

/** Headers and a beginning, then the connection breaks. */
function brokenOff(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"jsonrpc":"2.0",'))
    },
    pull(controller) {
      controller.error(new Error('the connection breaks'))
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
