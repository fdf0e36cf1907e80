// A 2026-07-28 server on the SDK’s current line that offers one of everything and keeps nothing between
// requests. It refuses older clients.
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { inputResponse, type ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { greeting, note, type Offering, pause, question, serve, thanks, Watch } from './offering.ts'

export function startStatelessServer(): Offering {
  const watch = new Watch()
  const handler = createMcpHandler(() => offer(watch), { legacy: 'reject', keepAliveMs: 0 })
  return serve(watch, (request) => handler.fetch(request))
}

function offer(watch: Watch): McpServer {
  const server = new McpServer({ name: 'interop-v2', version: '2.0.0' })
  const numbers = z.object({ a: z.number(), b: z.number() })
  server.registerTool('add', { inputSchema: numbers }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  server.registerTool('slow', { inputSchema: z.object({ steps: z.number() }) }, async (
    { steps },
    context,
  ) => {
    await watch.call(context.mcpReq.signal, () => count(steps, context))
    return { content: [{ type: 'text', text: 'done' }] }
  })
  server.registerTool('ask', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'who')
    if (answer.kind === 'elicit') return { content: [{ type: 'text', text: thanks(answer) }] }
    return inputRequired({
      inputRequests: { who: inputRequired.elicit(question) },
      requestState: 'as it was',
    })
  })
  server.registerResource('note', note.uri, { mimeType: 'text/plain' }, () => ({
    contents: [note],
  }))
  server.registerPrompt('greet', { argsSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: greeting(name) } }],
  }))
  return server
}

async function count(steps: number, { mcpReq }: ServerContext): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken
  for (let progress = 1; progress <= steps && !mcpReq.signal.aborted; progress++) {
    await pause(mcpReq.signal)
    if (progressToken === undefined) continue
    const params = { progressToken, progress, total: steps }
    await mcpReq.notify({ method: 'notifications/progress', params })
  }
}
