// The server whose tools are called while things break, in a process of its own: it remembers every
// tools/call that reached it, and asks the database at that moment whether the call is on record.
// `/…/session` is of the session era, `/…/modern` of 2026-07-28; whatever comes before is one server more.
//
// Run: deno run -A upstream.ts <url of the database>     prints one line of JSON: its origin
import '../stack/leash.mjs'
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { Server as SessionServer } from '@modelcontextprotocol/sdk/server'
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts"
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import postgres from 'postgres'
import { z } from 'zod'
import { question } from '../../supabase/tests/upstreams/asking.ts'
import { pause, serve } from '../bench/serve.ts'

export type Received = {
  id: string
  /** False when the tool only asked a person so far. */
  worked: boolean
  /** Whether the row was there when the call came; null when the database could not be asked. */
  on_record: boolean | null
}

const sql = postgres(Deno.args[0]!, { max: 4, onnotice: () => {}, connect_timeout: 2 })
const received: Received[] = []

const work = z.object({ id: z.string(), ms: z.number().default(0) })

async function receive(id: string, { worked }: { worked: boolean }): Promise<void> {
  const call: Received = { id, worked, on_record: null }
  received.push(call)
  const rows =
    await sql`select 1 from public.mcp_tool_executions where input_parameters ->> 'id' = ${id}`
      .catch(() => null)
  call.on_record = rows && rows.length > 0
}

async function doWork(given: unknown) {
  const { id, ms } = work.parse(given)
  await receive(id, { worked: true })
  await pause(ms)
  return { content: [{ type: 'text' as const, text: `Done: ${id}` }] }
}

function modern() {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'faults', version: '1.0.0' })
    server.registerTool('work', { description: 'Works', inputSchema: work }, doWork)
    server.registerTool(
      'ask',
      { description: 'Asks, then works', inputSchema: work },
      async (given, { mcpReq }) => {
        if (mcpReq.requestState<string>() !== undefined) return await doWork(given)
        await receive(given.id, { worked: false })
        const inputRequests = { table: inputRequired.elicit(question) }
        return inputRequired({ requestState: crypto.randomUUID(), inputRequests }) as never
      },
    )
    return server
  }, { legacy: 'reject', keepAliveMs: 0 })
  return (request: Request) => handler.fetch(request)
}

function sessions() {
  const open = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const begin = async () => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void open.set(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    })
    const server = new SessionServer({ name: 'faults', version: '1.0.0' }, {
      capabilities: { tools: {} },
    })
    const inputSchema = z.toJSONSchema(work, { io: 'input' }) as { type: 'object' }
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [{ name: 'work', description: 'Works', inputSchema }],
    }))
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => doWork(params.arguments))
    await server.connect(transport)
    return transport
  }
  return async (request: Request) => {
    const id = request.headers.get('mcp-session-id')
    const transport = id === null ? await begin() : open.get(id)
    return await transport?.handleRequest(request) ??
      new Response('Session not found', { status: 404 })
  }
}

const doors: Record<string, (request: Request) => Promise<Response>> = {
  modern: modern(),
  session: sessions(),
  received: () => Promise.resolve(Response.json(received)),
}

const origin = serve(async (request) => {
  const door = doors[new URL(request.url).pathname.split('/').at(-1)!]
  return await door?.(request) ?? new Response(null, { status: 404 })
})
console.log(JSON.stringify(origin))
