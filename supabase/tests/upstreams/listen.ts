// What upstreams on the official SDK have in common: a free port of loopback, and sessions.
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.d.ts"
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'

type Answering = (request: Request) => Response | Promise<Response>

/** `stop` cuts what is still open. */
export function listen(answer: Answering) {
  const end = new AbortController()
  const http = Deno.serve(
    { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} },
    answer,
  )
  const host = `127.0.0.1:${http.addr.port}`
  return {
    url: `http://${host}/mcp`,
    host,
    async stop() {
      end.abort()
      await http.finished
    },
  }
}

/** A server of its own for each session. */
export function inSessions(toolServer: () => McpServer): Answering {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  return async (request) => {
    const id = request.headers.get('mcp-session-id')
    if (id !== null) {
      return await sessions.get(id)?.handleRequest(request) ??
        new Response('Session not found', { status: 404 })
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, transport),
    })
    await toolServer().connect(transport)
    return await transport.handleRequest(request)
  }
}
