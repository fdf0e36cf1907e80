// Servers that misbehave, one path each, over one listener. `/mcp/<kind>` misbehaves from the first
// request; `/call/<kind>` connects like a session-era server and misbehaves at `tools/call`,
// `/modern/<kind>` like a stateless one; `/list/<kind>` does so at `tools/list`.
import { answers } from './hostile-answers.ts'
import { lists } from './hostile-lists.ts'
import { streams as floods } from './hostile-streams.ts'
import {
  type Asked,
  json,
  type Misbehave,
  resultOf,
  type Rpc,
  textResult,
  tool,
} from './hostile-wire.ts'

export type Where = 'mcp' | 'call' | 'modern' | 'list'

export type Hostile = {
  host: string
  url(where: Where, kind: string): string
  /** Requests for a kind, of any HTTP method. */
  hits(kind: string): number
  /** Answers the other side has not yet read to their end or let go of. */
  open(): number
  stop(): Promise<void>
}

const kinds: Record<string, Misbehave> = { ...answers, ...floods, ...lists }

export function startHostile(): Hostile {
  const hits = new Map<string, number>()
  const streams = { open: 0 }
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (request) => {
    const [, where = '', kind = ''] = new URL(request.url).pathname.split('/')
    hits.set(kind, (hits.get(kind) ?? 0) + 1)
    const body = request.body ? await request.text() : ''
    const rpc = (body ? JSON.parse(body) : {}) as Rpc
    return await serve(where, { kind, rpc, request, streams })
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

/** What a pattern with nested repetitions looks at for ever. */
export const slowToMatch = `${'a'.repeat(50)}!`

const triggers: Record<string, string> = {
  call: 'tools/call',
  modern: 'tools/call',
  list: 'tools/list',
}

function serve(where: string, asked: Asked & { kind: string }): Response | Promise<Response> {
  const { kind, rpc, request } = asked
  const misbehave = kinds[kind]
  if (!misbehave) return new Response(null, { status: 404 })
  if (where === 'mcp' || rpc.method === triggers[where]) return misbehave(asked)
  // What resumes a broken stream is a GET.
  if (request.headers.has('last-event-id')) return misbehave(asked)
  if (request.method !== 'POST') return new Response(null, { status: 405 })
  if (rpc.id === undefined || rpc.method === undefined) return new Response(null, { status: 202 })
  return json(...welcome(rpc, where === 'modern'))
}

/** How a server that is in order answers, of one era or the other. */
export function welcome(rpc: Rpc, isModern: boolean): [body: unknown, status?: number] {
  const serverInfo = { name: 'hostile', version: '1' }
  const capabilities = { tools: {} }
  if (isModern && rpc.method === 'server/discover') {
    const supportedVersions = ['2026-07-28']
    const lasts = { ttlMs: 60_000, cacheScope: 'private' }
    return [resultOf(rpc, { supportedVersions, capabilities, serverInfo, ...lasts })]
  }
  if (!isModern && rpc.method === 'initialize') {
    return [resultOf(rpc, { protocolVersion: '2025-06-18', capabilities, serverInfo })]
  }
  const lasts = isModern ? { ttlMs: 60_000, cacheScope: 'private' } : {}
  if (rpc.method === 'tools/list') return [resultOf(rpc, { tools: [tool('t')], ...lasts })]
  if (rpc.method === 'tools/call') {
    return [resultOf(rpc, { ...textResult('fine'), structuredContent: { text: slowToMatch } })]
  }
  const error = { code: -32601, message: 'Method not found' }
  return [{ jsonrpc: '2.0', id: rpc.id, error }, isModern ? 404 : 400]
}
