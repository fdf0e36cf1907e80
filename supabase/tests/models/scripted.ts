// What the fake model servers have in common: a real HTTP server on a free port that plays a script,
// one entry per request, and remembers what it was asked. Each wire format is its own file.

export type ScriptedCall = { id: string; name: string; input: unknown }
export type Scripted =
  /** Speaks, then calls tools, then ends as the format ends. `raw` arguments are sent as they are. */
  | { say?: string[]; calls?: (ScriptedCall & { raw?: string })[]; ends?: 'stop' | 'length' }
  | { status: number; body: unknown; headers?: Record<string, string> }
  /** Speaks, then says nothing more and keeps the connection open. */
  | { say?: string[]; hangs: true }
  /** A 200 whose events are these bytes. */
  | { bytes: string }
  /** Speaks, then the connection ends without the format’s own end. */
  | { say: string[]; breaks: true }

export type Asked = { path: string; headers: Headers; body: Record<string, unknown> }
export type FakeModel = {
  url: string
  asked: Asked[]
  /** Resolves when a client goes away before an answer has ended. */
  left: Promise<void>
  stop(): Promise<void>
}

export type Format = {
  /** Server-sent events of an answer, without its end. */
  opening(entry: { say?: string[]; calls?: (ScriptedCall & { raw?: string })[] }): string[]
  ending(entry: { calls?: unknown[]; ends?: 'stop' | 'length' }): string[]
  /** What a real server would refuse in this request, or null. */
  fault(asked: Asked): string | null
  refusal(message: string): unknown
}

/** Serves the script; after its last entry every request is a 500. */
export function serveScript(script: Scripted[], format: Format): FakeModel {
  const asked: Asked[] = []
  const gone = Promise.withResolvers<void>()
  const serve = async (request: Request): Promise<Response> => {
    const one = {
      path: new URL(request.url).pathname,
      headers: request.headers,
      body: await request.json(),
    }
    asked.push(one)
    const fault = format.fault(one)
    if (fault !== null) return Response.json(format.refusal(fault), { status: 400 })
    const entry = script[asked.length - 1] ?? { status: 500, body: 'the script is over' }
    if ('status' in entry) {
      return Response.json(entry.body, { status: entry.status, headers: entry.headers ?? {} })
    }
    return new Response(eventsOf(entry, { format, left: gone.resolve }), {
      headers: { 'content-type': 'text/event-stream' },
    })
  }
  const closing = new AbortController()
  const listen = { hostname: '127.0.0.1', port: 0, onListen: () => {}, signal: closing.signal }
  const server = Deno.serve(listen, serve)
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    left: gone.promise,
    stop() {
      // At once: clients keep their connections open, and a graceful end would wait for them.
      closing.abort()
      return server.finished
    },
  }
}

function eventsOf(
  entry: Exclude<Scripted, { status: number }>,
  { format, left }: { format: Format; left: () => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      const send = (events: string[]) => {
        for (const event of events) controller.enqueue(encoder.encode(event))
      }
      if ('bytes' in entry) {
        send([entry.bytes])
        return controller.close()
      }
      send(format.opening(entry))
      if ('hangs' in entry) return
      if (!('breaks' in entry)) send(format.ending(entry))
      controller.close()
    },
    cancel: left,
  })
}
