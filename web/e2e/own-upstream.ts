// A server that a journey is itself: a tool that says far too much, and one that can die with it.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { inject } from 'vitest'
import { call, type OwnTeam, patch } from './api.ts'

type Asked = { id?: number; method: string; params?: { name?: string } }
export type OwnUpstream = { close: () => Promise<void> }

const readOnly = { readOnlyHint: true, openWorldHint: false }
const nothing = { type: 'object', properties: {} }
const tools = [
  { name: 'flood', description: 'Says far too much', inputSchema: nothing, annotations: readOnly },
  { name: 'hello', description: 'Says hello', inputSchema: nothing, annotations: readOnly },
]
/** About three megabytes, in lines. */
const flood = Array.from({ length: 60_000 }, (_, n) => `${n}: ${'so much water '.repeat(3)}`)
  .join('\n')

/** Listens, and is the server “Own” of the team. */
export async function startUpstream({ owner, team_id }: OwnTeam): Promise<OwnUpstream> {
  const { hostname, port } = new URL(inject('upstream'))
  const server = createServer(async (request, answer) => {
    const asked = await read(request)
    if (asked?.id === undefined) return void answer.writeHead(202).end()
    answer.writeHead(200, { 'content-type': 'application/json' })
    answer.end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: resultOf(asked) }))
  }).listen(Number(port), hostname)
  await once(server, 'listening')
  const config = { url: `${inject('upstream')}/mcp` }
  const input = { team_id, name: 'Own', server_type: 'http', config }
  const added = await call<{ server: { id: string } }>(owner, 'add_server', input)
  await call(owner, 'sync_tools', { team_id, server_id: added.server.id })
  await patch(owner, `mcp_tools?server_id=eq.${added.server.id}`, { policy: 'allow' })
  return {
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function resultOf({ method, params }: Asked): unknown {
  if (method === 'initialize') {
    return {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'own', version: '1.0.0' },
    }
  }
  if (method === 'tools/list') return { tools }
  if (method !== 'tools/call') return {}
  const text = params?.name === 'flood' ? flood : 'Hello.'
  return { content: [{ type: 'text', text }] }
}

async function read(request: IncomingMessage): Promise<Asked | null> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text === '' ? null : JSON.parse(text) as Asked
}
