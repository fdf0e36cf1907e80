// The MCP server behind the fixture authorization server: nobody gets in without a token made for it.
// Its tools say who called, and `change` wants a scope that no first sign-in brings.
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import type { Behaviour } from './authorization.ts'
import type { Books } from './authorization-tokens.ts'

export type Call = { tool: string; user: string; token: string }

type Given = {
  issuer: string
  behaviour: Behaviour
  books: Books
  calls: Call[]
  listen: { hostname: string; port: number; signal: AbortSignal; onListen(): void }
}

const document = '/.well-known/oauth-protected-resource/mcp'
const hidden = '/elsewhere/metadata.json'

export function protectedServer({ issuer, behaviour, books, calls, listen }: Given) {
  const handler = createMcpHandler((context) => toolServer(context.requestInfo), {
    legacy: 'stateless',
    keepAliveMs: 0,
  })
  let origin = ''
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const described = behaviour.well_known ? document : hidden
    if (pathname === described) {
      return Response.json({
        resource: `${origin}/mcp`,
        authorization_servers: [issuer],
        ...behaviour.resource_metadata,
      })
    }
    if (pathname !== '/mcp') return new Response(null, { status: 404 })
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
    const grant = books.access.get(token)
    const good = grant && grant.ends_at > Date.now() && grant.resource === `${origin}/mcp`
    if (!good) return challenge(401, `resource_metadata="${origin}${described}", scope="read"`)
    const body = await request.text()
    const tool = toolOf(body)
    const may = grant.scope.split(' ').includes('write') && !behaviour.never_enough
    if (tool === 'change' && !may) {
      return challenge(403, 'error="insufficient_scope", scope="write"')
    }
    if (tool) calls.push({ tool, user: grant.user, token })
    const headers = new Headers(request.headers)
    headers.set('x-fixture-user', grant.user)
    headers.set('x-fixture-token', token)
    return await handler.fetch(new Request(request.url, { method: request.method, headers, body }))
  }
  const http = Deno.serve(listen, answer)
  origin = `http://127.0.0.1:${http.addr.port}`
  return {
    url: `${origin}/mcp`,
    async close() {
      await handler.close()
    },
  }
}

function challenge(status: number, parameters: string): Response {
  return new Response(null, {
    status,
    headers: { 'www-authenticate': `Bearer ${parameters}` },
  })
}

function toolOf(body: string): string | null {
  const message = body ? JSON.parse(body) : null
  return message?.method === 'tools/call' ? message.params.name : null
}

function toolServer(request: Request | undefined): Server {
  const server = new Server({ name: 'fixture-protected', version: '1.0.0' }, {
    capabilities: { tools: {} },
  })
  const inputSchema = { type: 'object' } as const
  server.setRequestHandler('tools/list', () => ({
    tools: ['whoami', 'show_token', 'change'].map((name) => ({ name, inputSchema })),
  }))
  server.setRequestHandler('tools/call', ({ params }) => {
    const said = params.name === 'show_token'
      ? `your token is ${request?.headers.get('x-fixture-token')}`
      : `you are ${request?.headers.get('x-fixture-user')}`
    return { content: [{ type: 'text', text: said }] }
  })
  return server
}
