// What the fake model servers have in common: a real HTTP server that plays a script, one entry per request,
// and remembers what it was asked. Each wire format is its own file.

export type ScriptedCall = { id: string; name: string; input: unknown }
/** What the provider reports of one answer. `cost` as OpenRouter reports it. */
export type ScriptedUsage = { input: number; output: number; cached?: number; cost?: number }
type Ending = 'stop' | 'length' | 'content_filter'
type Spoken = { say?: string[]; calls?: (ScriptedCall & { raw?: string })[]; usage?: ScriptedUsage }
export type Scripted =
  /** Speaks, then calls tools, then ends as the format ends. `raw` arguments are sent as they are. */
  | Spoken & { ends?: Ending }
  /** A string is sent as it is, as the page of a web server would be. */
  | { status: number; body: unknown; headers?: Record<string, string> }
  /** Speaks, then says nothing more and keeps the connection open. */
  | { say?: string[]; hangs: true }
  /** Speaks its first words, and the rest when it is let go on: `release`. */
  | Spoken & { holds: true }
  /** A 200 whose events are these bytes. */
  | { bytes: string }
  /** Speaks, then the connection ends without the format’s own end. */
  | { say: string[]; breaks: true }
  /** Speaks, then fails with an event, as the format does in the middle of an answer. */
  | { say: string[]; fails: { type: string; message: string; code?: string | number } }

export type Asked = { path: string; headers: Headers; body: Record<string, unknown> }

export type Format = {
  /** Server-sent events of an answer, without its end. */
  opening(entry: Spoken): string[]
  ending(entry: { calls?: unknown[]; ends?: Ending; usage?: ScriptedUsage }, asked: Asked): string[]
  failing(error: { type: string; message: string; code?: string | number }): string
  /** What a real server would refuse in this request, or null. */
  fault(asked: Asked): string | null
  refusal(message: string): unknown
}

export type Played = {
  asked: Asked[]
  /** Resolves when a client goes away before an answer has ended. */
  left: Promise<void>
  /** Lets every answer go on that holds, now and later. */
  release(): void
  answer(request: Request): Promise<Response>
}

export type FakeModel = Omit<Played, 'answer'> & { url: string; stop(): Promise<void> }

/** What is answered: one entry per request, or whatever a function makes of the request. */
export type Script = Scripted[] | ((asked: Asked) => Scripted)

/** Plays the script; after the last entry of a list every request is a 500. */
export function playScript(script: Script, format: Format): Played {
  const asked: Asked[] = []
  const gone = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  return {
    asked,
    left: gone.promise,
    release: released.resolve,
    async answer(request) {
      const one = {
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: await request.json(),
      }
      asked.push(one)
      const fault = format.fault(one)
      if (fault !== null) return Response.json(format.refusal(fault), { status: 400 })
      const over: Scripted = { status: 500, body: 'the script is over' }
      const entry = typeof script === 'function' ? script(one) : script[asked.length - 1] ?? over
      if ('status' in entry) return refusing(entry)
      const playing = { format, asked: one, left: gone.resolve, released: released.promise }
      return new Response(eventsOf(entry, playing), {
        headers: { 'content-type': 'text/event-stream' },
      })
    },
  }
}

/** Serves the script on a free port. */
export function serveScript(script: Script, format: Format): FakeModel {
  const { answer, ...played } = playScript(script, format)
  const closing = new AbortController()
  const listen = { hostname: '127.0.0.1', port: 0, onListen: () => {}, signal: closing.signal }
  const server = Deno.serve(listen, answer)
  return {
    ...played,
    url: `http://127.0.0.1:${server.addr.port}`,
    stop() {
      // At once: clients keep their connections open, and a graceful end would wait for them.
      closing.abort()
      return server.finished
    },
  }
}

function refusing({ status, body, headers = {} }: Extract<Scripted, { status: number }>): Response {
  if (typeof body !== 'string') return Response.json(body, { status, headers })
  return new Response(body || null, {
    status,
    headers: { 'content-type': 'text/html', ...headers },
  })
}

type Playing = { format: Format; asked: Asked; left: () => void; released: Promise<void> }

function eventsOf(
  entry: Exclude<Scripted, { status: number }>,
  { format, asked, left, released }: Playing,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      const send = (events: string[]) => {
        for (const event of events) controller.enqueue(encoder.encode(event))
      }
      if ('bytes' in entry) {
        send([entry.bytes])
        return controller.close()
      }
      const events = format.opening(entry)
      if ('holds' in entry) {
        send(events.splice(0, format.opening({ say: entry.say?.slice(0, 1) ?? [] }).length))
        await released
      }
      send(events)
      if ('hangs' in entry) return
      if ('fails' in entry) send([format.failing(entry.fails)])
      else if (!('breaks' in entry)) send(format.ending(entry, asked))
      controller.close()
    },
    cancel: left,
  })
}
