// Servers that misbehave, one path each, over one listener. `/mcp/<kind>` behaves from the first
// request; `/call/<kind>` connects like a session-era server and misbehaves at `tools/call`;
// `/list/<kind>` does so at `tools/list`.
import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

export type Hostile = {
  host: string
  url(where: 'mcp' | 'call' | 'list', kind: string): string
  hits(kind: string): number
  /** Sockets the other side still holds open. */
  sockets(): Promise<number>
  stop(): Promise<void>
}

type Rpc = { id?: number | string; method?: string; params?: { cursor?: string } }
type Misbehave = (answer: ServerResponse, rpc: Rpc, request: IncomingMessage) => void

const mib = 1024 * 1024

const kinds: Record<string, Misbehave> = {
  html: (answer) => reply(answer, 200, 'text/html', '<html><body>Welcome</body></html>'),
  html404: (answer) => reply(answer, 404, 'text/html', '<html>Not found</html>'),
  huge: (answer, rpc) => json(answer, resultOf(rpc, textResult('x'.repeat(10 * mib)))),
  chunked(answer) {
    answer.writeHead(200, { 'content-type': 'application/json' })
    answer.write('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"')
    flood(answer, 'x'.repeat(64 * 1024))
  },
  bomb(answer, rpc) {
    const body = gzipSync(JSON.stringify(resultOf(rpc, textResult('0'.repeat(64 * mib)))))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    answer.writeHead(200, { ...headers, 'content-length': String(body.length) })
    answer.end(body)
  },
  silent: () => {},
  drip(answer) {
    answer.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => answer.write(' '), 50)
    answer.on('close', () => clearInterval(timer))
  },
  dripstream(answer) {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => answer.write(': still here\n\n'), 50)
    answer.on('close', () => clearInterval(timer))
  },
  endless(answer) {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    flood(answer, 'data: {"jsonrpc":"2.0","method":"notifications/x"}\n\n'.repeat(500))
  },
  bigevent(answer) {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    answer.write('data: ')
    flood(answer, 'x'.repeat(64 * 1024))
  },
  cutstream(answer) {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    answer.end(': bye\n\n')
  },
  lingering(answer, rpc) {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    answer.write(`data: ${JSON.stringify(resultOf(rpc, textResult('done')))}\n\n`)
  },
  redirect: (answer, _rpc, request) => redirect(answer, `/elsewhere${request.url}`),
  redirectaway: (answer) => redirect(answer, 'https://user:secret@evil.example/steal?token=1'),
  redirectin: (answer) => redirect(answer, 'http://169.254.169.254/latest/meta-data/'),
  truncated: (answer) => reply(answer, 200, 'application/json', '{"jsonrpc":"2.0","id":1,"resu'),
  deep(answer, rpc) {
    const nest = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const body =
      `{"jsonrpc":"2.0","id":${JSON.stringify(rpc.id)},"result":{"resultType":"complete",` +
      `"content":[],"structuredContent":${nest}}}`
    reply(answer, 200, 'application/json', body)
  },
  blocks(answer, rpc) {
    const content = Array.from({ length: 1_001 }, () => ({ type: 'text', text: '' }))
    json(answer, resultOf(rpc, { content }))
  },
  notaresult: (answer, rpc) => json(answer, resultOf(rpc, { content: 'hello' })),
  wrongid: (answer, rpc) => json(answer, { ...resultOf(rpc, textResult('x')), id: 'someone else' }),
  unauthorized: (answer) => reply(answer, 401, 'text/plain', 'who are you'),
  forbidden: (answer) => reply(answer, 403, 'text/plain', 'not you'),
  broken: (answer) => reply(answer, 500, 'text/plain', 'SECRET stack trace'),
  busy: (answer) => reply(answer, 429, 'text/plain', 'later'),
  reset: (answer) => void answer.socket?.resetAndDestroy(),
  accepted: (answer) => void answer.writeHead(202).end(),
  loop: (answer, rpc) => json(answer, resultOf(rpc, { tools: [tool('a')], nextCursor: 'same' })),
  pages(answer, rpc) {
    const page = Number(rpc.params?.cursor ?? 0)
    json(answer, resultOf(rpc, { tools: [tool(`t${page}`)], nextCursor: String(page + 1) }))
  },
  many(answer, rpc) {
    json(answer, resultOf(rpc, { tools: Array.from({ length: 10_000 }, (_, n) => tool(`t${n}`)) }))
  },
  odd(answer, rpc) {
    const nested = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
    const deep = { ...tool('deep'), inputSchema: { type: 'object', nested } }
    const entries = [null, 7, {}, tool(''), tool('a\u001b[31m'), tool('ok'), tool('ok'), deep]
    json(answer, resultOf(rpc, { tools: entries }))
  },
}

export async function startHostile(): Promise<Hostile> {
  const hits = new Map<string, number>()
  const http = createServer((request, answer) => {
    answer.on('error', () => {})
    const [, where = '', kind = ''] = new URL(request.url ?? '/', 'http://localhost').pathname
      .split('/')
    hits.set(kind, (hits.get(kind) ?? 0) + 1)
    void rpcOf(request).then((rpc) => serve(answer, { where, kind, rpc, request }))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return {
    host,
    url: (where, kind) => `http://${host}/${where}/${kind}`,
    hits: (kind) => hits.get(kind) ?? 0,
    sockets: () => new Promise((resolve) => http.getConnections((_, count) => resolve(count))),
    async stop() {
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
    },
  }
}

function serve(
  answer: ServerResponse,
  asked: { where: string; kind: string; rpc: Rpc; request: IncomingMessage },
): void {
  const { where, kind, rpc, request } = asked
  const misbehave = kinds[kind]
  const trigger = { mcp: rpc.method, call: 'tools/call', list: 'tools/list' }[where]
  if (!misbehave) return void answer.writeHead(404).end()
  if (where === 'mcp' || rpc.method === trigger) return misbehave(answer, rpc, request)
  if (request.method !== 'POST') return void answer.writeHead(405).end()
  if (rpc.id === undefined) return void answer.writeHead(202).end()
  if (rpc.method === 'initialize') {
    const capabilities = { tools: {} }
    const serverInfo = { name: 'hostile', version: '1' }
    return json(answer, resultOf(rpc, { protocolVersion: '2025-06-18', capabilities, serverInfo }))
  }
  if (rpc.method === 'tools/list') return json(answer, resultOf(rpc, { tools: [tool('t')] }))
  json(
    answer,
    { jsonrpc: '2.0', id: rpc.id, error: { code: -32601, message: 'Method not found' } },
    400,
  )
}

async function rpcOf(request: IncomingMessage): Promise<Rpc> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  return body ? JSON.parse(body) : {}
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

function reply(answer: ServerResponse, status: number, type: string, body: string): void {
  answer.writeHead(status, { 'content-type': type }).end(body)
}

function json(answer: ServerResponse, body: unknown, status = 200): void {
  reply(answer, status, 'application/json', JSON.stringify(body))
}

function redirect(answer: ServerResponse, location: string): void {
  answer.writeHead(307, { location }).end()
}

/** Writes as fast as the other side takes it, until it goes away. */
function flood(answer: ServerResponse, piece: string): void {
  const more = () => {
    while (!answer.destroyed && answer.write(piece));
  }
  answer.on('drain', more)
  more()
}
