// The server behind every team of `crossed-answers`, in a process of its own: it says back what it was
// told and a hash of the key that it was told it with, after a moment of its own choosing, so that answers
// overtake each other. `/session`, `/modern` and `/sse` are three kinds of server; `/seen` tells which
// JSON-RPC ids came with which keys.
//
// Run: deno run -A echoing.ts     prints one line of JSON: its origin
import '../stack/leash.mjs'
import { createHash } from 'node:crypto'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { Server as SessionServer } from '@modelcontextprotocol/sdk/server'
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts"
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { pause, serve } from '../bench/serve.ts'

export type Seen = {
  calls: number
  /** JSON-RPC ids of calls, and how many of them more than one team used. */
  ids: number
  shared: number
  /** The most teams whose calls were under way with one and the same id. */
  at_once: number
}

type SessionTransport = Parameters<SessionServer['connect']>[0]
type Message = Parameters<NonNullable<SessionTransport['onmessage']>>[0]

const longestMs = 20
const tool = { name: 'echo', inputSchema: { type: 'object' as const } }

const seen = { calls: 0, keys: new Map<unknown, Set<string>>(), at_once: 0 }
const underWay = new Map<unknown, Set<string>>()

/** What was told and by whom: whatever else is in the answer came from somewhere else. */
async function echo(text: unknown, { id, key }: { id: unknown; key: string }) {
  seen.calls++
  note(seen.keys, id, key)
  const others = note(underWay, id, key)
  seen.at_once = Math.max(seen.at_once, others.size)
  await pause(Math.random() * longestMs)
  others.delete(key)
  const by = createHash('sha256').update(key).digest('hex')
  return { content: [{ type: 'text' as const, text: JSON.stringify({ text, by }) }] }
}

function note(keys: Map<unknown, Set<string>>, id: unknown, key: string): Set<string> {
  const those = keys.get(id) ?? new Set()
  keys.set(id, those.add(key))
  return those
}

const modern = createMcpHandler(({ requestInfo }) => {
  const server = new Server({ name: 'echoing', version: '1.0.0' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', () => ({ tools: [tool] }))
  server.setRequestHandler('tools/call', ({ params }, { mcpReq: { id } }) => {
    const key = requestInfo?.headers.get('x-key') ?? ''
    return echo(params.arguments?.text, { id, key })
  })
  return server
})

function sessionServer(): SessionServer {
  const server = new SessionServer({ name: 'echoing', version: '1.0.0' }, {
    capabilities: { tools: {} },
  })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool] }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { requestId, requestInfo }) => {
    const key = String(requestInfo?.headers['x-key'])
    return echo(params.arguments?.text, { id: requestId, key })
  })
  return server
}

const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()

async function session(request: Request): Promise<Response> {
  const id = request.headers.get('mcp-session-id')
  const transport = id === null ? await beginSession() : sessions.get(id)
  return await transport?.handleRequest(request) ??
    new Response('Session not found', { status: 404 })
}

async function beginSession() {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  await sessionServer().connect(transport)
  return transport
}

/** Every answer of a legacy server comes on one stream, told apart by nothing but its id. */
class EventStream implements SessionTransport {
  readonly sessionId = crypto.randomUUID()
  readonly body: ReadableStream<Uint8Array>
  onmessage?: SessionTransport['onmessage']
  onclose?: () => void
  #say: (event: string, text: string) => void = () => {}

  constructor() {
    this.body = new ReadableStream({
      start: (controller) => {
        this.#say = (event, text) =>
          controller.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${text}\n\n`))
        this.#say('endpoint', `/message?sessionId=${this.sessionId}`)
      },
      cancel: () => this.close(),
    })
  }

  async start() {}

  send(message: Message): Promise<void> {
    this.#say('message', JSON.stringify(message))
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#say = () => {}
    streams.delete(this.sessionId)
    this.onclose?.()
    return Promise.resolve()
  }
}

const streams = new Map<string, EventStream>()

async function openStream(): Promise<Response> {
  const stream = new EventStream()
  streams.set(stream.sessionId, stream)
  await sessionServer().connect(stream)
  return new Response(stream.body, { headers: { 'content-type': 'text/event-stream' } })
}

async function message(request: Request, id: string): Promise<Response> {
  const stream = streams.get(id)
  if (!stream) return new Response('Session not found', { status: 404 })
  const headers = Object.fromEntries(request.headers)
  stream.onmessage?.(await request.json(), { requestInfo: { headers } })
  return new Response('Accepted', { status: 202 })
}

function tell(): Response {
  const keys = [...seen.keys.values()]
  const shared = keys.filter(({ size }) => size > 1).length
  const told: Seen = { calls: seen.calls, ids: keys.length, shared, at_once: seen.at_once }
  return Response.json(told)
}

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  switch (pathname) {
    case '/modern':
      return await modern.fetch(request)
    case '/session':
      return await session(request)
    case '/sse':
      return request.method === 'GET' ? await openStream() : new Response(null, { status: 405 })
    case '/message':
      return await message(request, searchParams.get('sessionId') ?? '')
    case '/seen':
      return tell()
    default:
      return new Response(null, { status: 404 })
  }
}

console.log(JSON.stringify(serve(answer)))
