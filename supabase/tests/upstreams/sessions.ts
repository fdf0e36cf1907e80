// A session-era server (2025-11-25) on the SDK’s first line: streamable HTTP with `Mcp-Session-Id`.
import { Server } from '@modelcontextprotocol/sdk/server'
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts"
import {
  CallToolRequestSchema,
  ElicitResultSchema,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js'
import { NotThere, offered } from './offers.ts'
import { Recorder } from './recorder.ts'
import { definitions, PageFirst, run, UnknownTool } from './tools.ts'

export type SessionServer = {
  url: string
  host: string
  recorder: Recorder
  sessions(): number
  /** As a restart would: every session becomes unknown. */
  forgetSessions(): void
  /** Calls whose stream is still open. */
  running(): number
  /** Requests for the stream beside all calls that a `silent` server leaves open. */
  listeners(): number
  /** Tells every client that the tools have changed. */
  announce(): void
  stop(): Promise<void>
}

/** `listening`: what a GET gets that asks for the stream beside all calls. */
export function startSessions(
  options: { json?: boolean; listening?: 'refused' | 'silent' | 'ended' } = {},
): SessionServer {
  const servers: Server[] = []
  const listeners = { open: 0 }
  const recorder = new Recorder()
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const running = { calls: 0 }

  async function open(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      enableJsonResponse: options.json ?? false,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    const server = toolServer(running)
    servers.push(server)
    await server.connect(transport)
    return transport
  }

  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (incoming) => {
    const request = await recorder.note(incoming)
    if (request.method === 'GET' && options.listening) {
      return await strange(options.listening, { request, listeners })
    }
    const id = request.headers.get('mcp-session-id')
    const transport = id === null ? await open() : sessions.get(id)
    return await transport?.handleRequest(request) ??
      new Response('Session not found', { status: 404 })
  })
  const host = `127.0.0.1:${http.addr.port}`
  return {
    url: `http://${host}/mcp`,
    host,
    recorder,
    sessions: () => sessions.size,
    forgetSessions: () => sessions.clear(),
    running: () => running.calls,
    listeners: () => listeners.open,
    announce() {
      for (const server of servers) server.sendToolListChanged().catch(() => {})
    },
    // Not a graceful shutdown: on Deno 2.1.4 that can wait for ever for an idle connection.
    async stop() {
      end.abort()
      await http.finished
    },
  }
}

function strange(
  listening: 'refused' | 'silent' | 'ended',
  { request, listeners }: { request: Request; listeners: { open: number } },
): Response | Promise<Response> {
  if (listening === 'refused') return new Response(null, { status: 405 })
  const headers = { 'content-type': 'text/event-stream' }
  if (listening === 'ended') return new Response('retry: 0\n\n', { headers })
  listeners.open++
  request.signal.addEventListener('abort', () => listeners.open--)
  return new Promise(() => {})
}

/** The fixture tools behind the first SDK line; used over sessions and over legacy SSE. */
export function toolServer(running = { calls: 0 }): Server {
  const server = new Server({ name: 'fixture-v1', version: '1.0.0' }, {
    capabilities: {
      tools: { listChanged: true },
      logging: {},
      resources: {},
      prompts: {},
      completions: {},
    },
    instructions: 'Be\u0007 kind',
  })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: definitions }) as never)
  server.fallbackRequestHandler = async ({ method, params }) => {
    try {
      const result = await offered(method, params ?? {})
      if (result !== null) return result as Record<string, unknown>
    } catch (error) {
      if (error instanceof NotThere) throw new McpError(-32002, error.message, { uri: error.uri })
      throw error
    }
    throw new McpError(-32601, 'Method not found')
  }
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const progressToken = request.params._meta?.progressToken
    running.calls++
    try {
      return await run(request.params.name, request.params.arguments ?? {}, {
        signal: extra.signal,
        header: () => null,
        ask: (params, aside) => {
          const asking = { method: 'elicitation/create', params }
          return aside
            ? server.request(asking, ElicitResultSchema)
            : extra.sendRequest(asking as never, ElicitResultSchema)
        },
        log: (data) =>
          extra.sendNotification({
            method: 'notifications/message',
            params: { level: 'info', logger: 'fixture', data },
          }),
        progress: progressToken === undefined ? null : (progress, total) =>
          extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress, total, message: `step ${progress}` },
          }),
      })
    } catch (error) {
      if (error instanceof PageFirst) {
        throw new McpError(-32042, 'Page first', { elicitations: error.pages })
      }
      if (error instanceof UnknownTool) {
        throw new McpError(-32602, `${error.message}\u001b[31m\u202e`)
      }
      throw error
    } finally {
      running.calls--
    }
  })
  return server
}
