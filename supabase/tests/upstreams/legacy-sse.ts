// A legacy HTTP+SSE server (2024-11-05) around the SDK’s first line.
import { Recorder } from './recorder.ts'
import { toolServer } from './sessions.ts'

export type SseServer = {
  url: string
  host: string
  recorder: Recorder
  streams(): number
  /** Calls that still run. */
  running(): number
  /** Cuts every event stream, as a restart would. */
  cut(): void
  stop(): Promise<void>
}

type Message = Parameters<NonNullable<Transport['onmessage']>>[0]
type Transport = Parameters<ReturnType<typeof toolServer>['connect']>[0]

export function startLegacySse(): SseServer {
  const recorder = new Recorder()
  const running = { calls: 0 }
  const streams = new Map<string, EventStream>()
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (incoming) => {
    const request = await recorder.note(incoming)
    const { pathname, searchParams } = new URL(request.url)
    if (request.method === 'GET' && pathname === '/sse') {
      const stream = new EventStream(() => streams.delete(stream.sessionId))
      streams.set(stream.sessionId, stream)
      await toolServer(running).connect(stream)
      return new Response(stream.body, { headers: { 'content-type': 'text/event-stream' } })
    }
    if (request.method !== 'POST' || pathname !== '/message') {
      return new Response(null, { status: 404 })
    }
    const stream = streams.get(searchParams.get('sessionId') ?? '')
    if (!stream) return new Response('Session not found', { status: 404 })
    stream.onmessage?.(await request.json())
    return new Response('Accepted', { status: 202 })
  })
  const host = `127.0.0.1:${http.addr.port}`
  const cut = () => streams.forEach((stream) => void stream.close())
  return {
    url: `http://${host}/sse`,
    host,
    recorder,
    streams: () => streams.size,
    running: () => running.calls,
    cut,
    async stop() {
      cut()
      end.abort()
      await http.finished
    },
  }
}

class EventStream implements Transport {
  readonly sessionId = crypto.randomUUID()
  readonly body: ReadableStream<Uint8Array>
  onmessage?: Transport['onmessage']
  onclose?: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  readonly #gone: () => void

  constructor(gone: () => void) {
    this.#gone = gone
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller
        this.#say('endpoint', `/message?sessionId=${this.sessionId}`)
      },
      cancel: () => this.#end(),
    })
  }

  async start() {}

  // deno-lint-ignore require-await
  async send(message: Message) {
    this.#say('message', JSON.stringify(message))
  }

  // deno-lint-ignore require-await
  async close() {
    this.#controller?.close()
    this.#end()
  }

  #say(event: string, text: string) {
    this.#controller?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${text}\n\n`))
  }

  #end() {
    if (!this.#controller) return
    this.#controller = null
    this.#gone()
    this.onclose?.()
  }
}
