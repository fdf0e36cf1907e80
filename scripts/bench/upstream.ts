// The upstream every contender calls, in a process of its own so that its work is counted for nobody: a
// session-era server (/session), a 2026-07-28 one (/modern) and one with 1,000 tools (/thousand), each
// of them once as fast as it can and once with every request delayed. Built as the SDKs' pages build them.
//
// Run: deno run -A upstream.ts <delay in ms>     prints one line of JSON: { fast, slow }
import '../stack/leash.mjs'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { Server as SessionServer } from '@modelcontextprotocol/sdk/server'
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/webStandardStreamableHttp.d.ts"
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
// @ts-types="../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts"
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { pause, serve } from './serve.ts'

type Answer = (request: Request) => Promise<Response>

const echo = toolNamed('echo')
const thousand = [echo, ...Array.from({ length: 999 }, (_, n) => toolNamed(`tool_${n}`))]

function toolNamed(name: string) {
  return {
    name,
    description: 'Says it back',
    inputSchema: {
      type: 'object' as const,
      properties: { text: { type: 'string' } },
      required: ['text'],
    },
  }
}

function say(text: unknown) {
  return { content: [{ type: 'text' as const, text: `Echo: ${text}` }] }
}

function modern(tools: unknown[]): Answer {
  const handler = createMcpHandler(() => {
    const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } })
    server.setRequestHandler('tools/list', () => ({ tools }) as never)
    server.setRequestHandler('tools/call', ({ params }) => say(params.arguments?.text))
    return server
  })
  return (request) => handler.fetch(request)
}

function sessions(open: Map<string, WebStandardStreamableHTTPServerTransport>): Answer {
  const begin = async () => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void open.set(id, transport),
      onsessionclosed: (id) => void open.delete(id),
    })
    const server = new SessionServer({ name: 'bench', version: '1.0.0' }, {
      capabilities: { tools: {} },
    })
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [echo] }))
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => say(params.arguments?.text))
    await server.connect(transport)
    return transport
  }
  return async (request) => {
    const id = request.headers.get('mcp-session-id')
    const transport = id === null ? await begin() : open.get(id)
    return await transport?.handleRequest(request) ??
      new Response('Session not found', { status: 404 })
  }
}

const open = new Map<string, WebStandardStreamableHTTPServerTransport>()
const doors: Record<string, Answer> = {
  '/session': sessions(open),
  '/modern': modern([echo]),
  '/thousand': modern(thousand),
  '/sessions-open': () => Promise.resolve(Response.json(open.size)),
}

function answer(request: Request): Promise<Response> {
  const door = doors[new URL(request.url).pathname]
  return door ? door(request) : Promise.resolve(new Response(null, { status: 404 }))
}

const delay = Number(Deno.args[0])
const fast = serve(answer)
const slow = serve(async (request) => {
  await pause(delay)
  return await answer(request)
})
console.log(JSON.stringify({ fast, slow }))
