// A 2025-11-25 server with sessions on the SDK’s first line that offers one of everything: a tool, a slow
// one that tells of its progress, one that asks, a resource, a prompt.
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.d.ts"
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { z } from 'zod'
import { greeting, note, type Offering, pause, question, serve, thanks, Watch } from './offering.ts'

export function startSessionServer(): Offering {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const watch = new Watch()
  return serve(watch, async (request) => {
    const id = request.headers.get('mcp-session-id')
    const transport = id === null ? await open(sessions, watch) : sessions.get(id)
    return await transport?.handleRequest(request) ?? new Response(null, { status: 404 })
  })
}

async function open(
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>,
  watch: Watch,
): Promise<WebStandardStreamableHTTPServerTransport> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  const server = new McpServer({ name: 'interop-v1', version: '1.0.0' })
  offerTools(server, watch)
  server.registerResource('note', note.uri, { mimeType: 'text/plain' }, () => ({
    contents: [note],
  }))
  server.registerPrompt('greet', { argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: greeting(name) } }],
  }))
  await server.connect(transport)
  return transport
}

function offerTools(server: McpServer, watch: Watch): void {
  const numbers = { a: z.number(), b: z.number() }
  server.registerTool('add', { inputSchema: numbers }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  const steps = { steps: z.number() }
  server.registerTool('slow', { inputSchema: steps }, async ({ steps }, extra) => {
    const progressToken = extra._meta?.progressToken
    await watch.call(extra.signal, async () => {
      for (let progress = 1; progress <= steps && !extra.signal.aborted; progress++) {
        await pause(extra.signal)
        if (progressToken === undefined) continue
        const params = { progressToken, progress, total: steps }
        await extra.sendNotification({ method: 'notifications/progress', params })
      }
    })
    return { content: [{ type: 'text', text: 'done' }] }
  })
  server.registerTool('ask', {}, async (extra) => {
    const answer = await server.server.elicitInput(question, { relatedRequestId: extra.requestId })
    return { content: [{ type: 'text', text: thanks(answer) }] }
  })
}
