// Servers that misbehave, one path each, over one listener. `/mcp/<kind>` behaves from the first
// request; `/call/<kind>` connects like a session-era server and misbehaves at `tools/call`;
// `/list/<kind>` does so at `tools/list`.
export type Hostile = {
  host: string
  url(where: 'mcp' | 'call' | 'list', kind: string): string
  hits(kind: string): number
  /** Answers the other side has not yet read to their end or let go of. */
  open(): number
  stop(): Promise<void>
}

type Rpc = { id?: number | string; method?: string; params?: { cursor?: string } }
type Streams = { open: number }
type Asked = { rpc: Rpc; request: Request; streams: Streams }
type Misbehave = (asked: Asked) => Response | Promise<Response>

const mib = 1024 * 1024
const jsonType = 'application/json'
const eventType = 'text/event-stream'

const kinds: Record<string, Misbehave> = {
  html: () => reply(200, 'text/html', '<html><body>Welcome</body></html>'),
  html404: () => reply(404, 'text/html', '<html>Not found</html>'),
  huge: ({ rpc }) => json(resultOf(rpc, textResult('x'.repeat(10 * mib)))),
  chunked: ({ streams }) =>
    pouring(streams, {
      type: jsonType,
      first: '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"',
      then: 'x'.repeat(64 * 1024),
    }),
  bomb({ rpc }) {
    const text = JSON.stringify(resultOf(rpc, textResult('0'.repeat(64 * mib))))
    const body = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
    return new Response(body, {
      headers: { 'content-type': jsonType, 'content-encoding': 'gzip' },
    })
  },
  silent: ({ request }) =>
    new Promise((resolve) => {
      request.signal.addEventListener('abort', () => resolve(new Response(null)), { once: true })
    }),
  drip: ({ streams }) => pouring(streams, { type: jsonType, first: ' ', then: ' ', every: 50 }),
  dripstream: ({ streams }) =>
    pouring(streams, { type: eventType, first: '', then: ': still here\n\n', every: 50 }),
  endless({ streams }) {
    const event = 'data: {"jsonrpc":"2.0","method":"notifications/x"}\n\n'
    return pouring(streams, { type: eventType, first: '', then: event.repeat(500) })
  },
  bigevent: ({ streams }) =>
    pouring(streams, { type: eventType, first: 'data: ', then: 'x'.repeat(64 * 1024) }),
  cutstream: () => reply(200, eventType, ': bye\n\n'),
  lingering({ rpc, streams }) {
    const first = `data: ${JSON.stringify(resultOf(rpc, textResult('done')))}\n\n`
    return pouring(streams, { type: eventType, first })
  },
  redirectloop: ({ request }) => redirect(new URL(request.url).pathname),
  redirectaway: () => redirect('https://user:secret@evil.example/steal?token=1'),
  redirectin: () => redirect('http://169.254.169.254/latest/meta-data/'),
  truncated: () => reply(200, jsonType, '{"jsonrpc":"2.0","id":1,"resu'),
  deep({ rpc }) {
    const nest = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const result = `{"resultType":"complete","content":[],"structuredContent":${nest}}`
    return reply(
      200,
      jsonType,
      `{"jsonrpc":"2.0","id":${JSON.stringify(rpc.id)},"result":${result}}`,
    )
  },
  blocks: ({ rpc }) => {
    const content = Array.from({ length: 1_001 }, () => ({ type: 'text', text: '' }))
    return json(resultOf(rpc, { content }))
  },
  notaresult: ({ rpc }) => json(resultOf(rpc, { content: 'hello' })),
  novel({ rpc }) {
    const content = [{ type: 'hologram', 'x-depth': 3 }, { type: 'text', text: 'a', 'x-block': 1 }]
    return json(resultOf(rpc, { content, 'x-result': [1] }))
  },
  wrongid: ({ rpc }) => json({ ...resultOf(rpc, textResult('x')), id: 'someone else' }),
  unauthorized: () => reply(401, 'text/plain', 'who are you'),
  forbidden: () => reply(403, 'text/plain', 'not you'),
  broken: () => reply(500, 'text/plain', 'SECRET stack trace'),
  busy: () => reply(429, 'text/plain', 'later'),
  accepted: () => new Response(null, { status: 202 }),
  loop: ({ rpc }) => json(resultOf(rpc, { tools: [tool('a')], nextCursor: 'same' })),
  pages({ rpc }) {
    const page = Number(rpc.params?.cursor ?? 0)
    return json(resultOf(rpc, { tools: [tool(`t${page}`)], nextCursor: String(page + 1) }))
  },
  many({ rpc }) {
    return json(resultOf(rpc, { tools: Array.from({ length: 10_000 }, (_, n) => tool(`t${n}`)) }))
  },
  odd({ rpc }) {
    const nested = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
    const deep = { ...tool('deep'), inputSchema: { type: 'object', nested } }
    const entries = [null, 7, {}, tool(''), tool('a\u001b[31m'), tool('ok'), tool('ok'), deep]
    return json(resultOf(rpc, { tools: entries }))
  },
}

export function startHostile(): Hostile {
  const hits = new Map<string, number>()
  const streams: Streams = { open: 0 }
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (request) => {
    const [, where = '', kind = ''] = new URL(request.url).pathname.split('/')
    hits.set(kind, (hits.get(kind) ?? 0) + 1)
    const body = request.body ? await request.text() : ''
    const rpc = (body ? JSON.parse(body) : {}) as Rpc
    return await serve({ where, kind, rpc, request, streams })
  })
  const host = `127.0.0.1:${http.addr.port}`
  return {
    host,
    url: (where, kind) => `http://${host}/${where}/${kind}`,
    hits: (kind) => hits.get(kind) ?? 0,
    open: () => streams.open,
    async stop() {
      end.abort()
      await http.finished
    },
  }
}

/** Accepts connections and drops each one as soon as it has heard something. */
export function startDropping(): { host: string; url: string; stop(): Promise<void> } {
  const listener = Deno.listen({ port: 0, hostname: '127.0.0.1' })
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1_024)).catch(() => null)
      connection.close()
    }
  })()
  const host = `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`
  return {
    host,
    url: `http://${host}/mcp`,
    async stop() {
      listener.close()
      await serving.catch(() => {})
    },
  }
}

function serve(asked: Asked & { where: string; kind: string }): Response | Promise<Response> {
  const { where, kind, rpc, request } = asked
  const misbehave = kinds[kind]
  const trigger = { mcp: rpc.method, call: 'tools/call', list: 'tools/list' }[where]
  if (!misbehave) return new Response(null, { status: 404 })
  if (where === 'mcp' || rpc.method === trigger) return misbehave(asked)
  if (request.method !== 'POST') return new Response(null, { status: 405 })
  if (rpc.id === undefined) return new Response(null, { status: 202 })
  if (rpc.method === 'initialize') {
    const capabilities = { tools: {} }
    const serverInfo = { name: 'hostile', version: '1' }
    return json(resultOf(rpc, { protocolVersion: '2025-06-18', capabilities, serverInfo }))
  }
  if (rpc.method === 'tools/list') return json(resultOf(rpc, { tools: [tool('t')] }))
  const error = { code: -32601, message: 'Method not found' }
  return json({ jsonrpc: '2.0', id: rpc.id, error }, 400)
}

function resultOf(rpc: Rpc, result: Record<string, unknown>) {
  return { jsonrpc: '2.0', id: rpc.id, result }
}

function textResult(text: string) {
  return { content: [{ type: 'text', text }] }
}

function tool(name: string) {
  return { name, inputSchema: { type: 'object' } }
}

function reply(status: number, type: string, body: string): Response {
  return new Response(body, { status, headers: { 'content-type': type } })
}

function json(body: unknown, status = 200): Response {
  return reply(status, jsonType, JSON.stringify(body))
}

function redirect(location: string): Response {
  return new Response(null, { status: 307, headers: { location } })
}

/** A body that never ends: `then` again and again, as fast as it is read or `every` so many ms. */
function pouring(
  streams: Streams,
  body: { type: string; first: string; then?: string; every?: number },
): Response {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const piece = body.then === undefined ? null : bytes(body.then)
  let timer: ReturnType<typeof setInterval> | undefined
  streams.open++
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (body.first) controller.enqueue(bytes(body.first))
      if (piece && body.every) timer = setInterval(() => controller.enqueue(piece), body.every)
    },
    pull(controller) {
      if (piece && !body.every) controller.enqueue(piece)
      else return new Promise(() => {})
    },
    cancel() {
      clearInterval(timer)
      streams.open--
    },
  })
  return new Response(stream, { headers: { 'content-type': body.type } })
}
