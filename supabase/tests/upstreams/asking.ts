// Servers that ask a person in the middle of a call, one of each era, on the official SDKs: in a session
// (`elicitation/create` on the call's stream) and stateless (2026-07-28, `input_required`).
import {
  createMcpHandler,
  inputRequired,
  McpServer as StatelessServer,
} from '@modelcontextprotocol/server'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.d.ts"
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts"
import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js'
import { inSessions, listen } from './listen.ts'

export type AskingServer = {
  url: string
  /** How often a tool got as far as doing its work. */
  booked(): number
  stop(): Promise<void>
}

export const question = {
  message: 'When, and for how many?',
  requestedSchema: {
    type: 'object' as const,
    properties: {
      date: { type: 'string' as const, title: 'Date', default: '2026-12-24' },
      guests: { type: 'integer' as const, minimum: 1, maximum: 8 },
    },
    required: ['guests'],
  },
}

const page = { message: 'Please confirm', url: 'https://bank.example/confirm', elicitationId: 'e1' }

/** `book` asks one form, `tour` two after each other; `confirm` asks for a page; `pay` refuses until a page was visited (-32042). */
export function startAskingSessions(): AskingServer {
  let booked = 0
  let visited = false

  function toolServer(): McpServer {
    const server = new McpServer({ name: 'asking-v1', version: '1.0.0' })
    server.registerTool('book', { description: 'Books a table' }, async (extra) => {
      const said = await server.server.elicitInput({ mode: 'form', ...question }, {
        relatedRequestId: extra.requestId,
      })
      if (said.action !== 'accept') return { content: [{ type: 'text', text: said.action }] }
      booked++
      return { content: [{ type: 'text', text: JSON.stringify(said.content) }] }
    })
    server.registerTool('tour', { description: 'Asks twice' }, async (extra) => {
      const ask = () =>
        server.server.elicitInput({ mode: 'form', ...question }, {
          relatedRequestId: extra.requestId,
        })
      const said = [await ask(), await ask()]
      if (said.every(({ action }) => action === 'accept')) booked++
      return { content: [{ type: 'text', text: JSON.stringify(said) }] }
    })
    server.registerTool('confirm', { description: 'Asks for a page' }, async (extra) => {
      const said = await server.server.elicitInput({ mode: 'url', ...page }, {
        relatedRequestId: extra.requestId,
      })
      return { content: [{ type: 'text', text: said.action }] }
    })
    server.registerTool('pay', { description: 'Wants a page visited first' }, () => {
      if (!visited) {
        visited = true
        throw new UrlElicitationRequiredError([{ mode: 'url', ...page }])
      }
      booked++
      return { content: [{ type: 'text', text: 'paid' }] }
    })
    return server
  }

  const http = listen(inSessions(toolServer))
  return { ...http, booked: () => booked }
}

/**
 * Stateless. `book` asks one form, `plan` two forms in one round, `wait` hands back a state once and asks
 * nothing. The state that comes back must be the one that went out.
 */
export function startAskingModern(): AskingServer {
  let booked = 0
  const states = new Set<string>()
  const ask = (...keys: string[]) => {
    const requestState = crypto.randomUUID()
    states.add(requestState)
    const asked = keys.map((key) => [key, inputRequired.elicit(question)])
    return inputRequired({
      requestState,
      ...(keys.length > 0 ? { inputRequests: Object.fromEntries(asked) } : {}),
    })
  }
  const handler = createMcpHandler(() => {
    const server = new StatelessServer({ name: 'asking-v2', version: '2.0.0' })
    const tool = (name: string, ...keys: string[]) =>
      server.registerTool(name, { description: `Asks ${keys.length}` }, (context) => {
        const { requestState, inputResponses } = context.mcpReq
        const state = requestState<string>()
        if (state === undefined) return ask(...keys) as never
        if (!states.delete(state)) throw new Error('this state is not mine')
        booked++
        return { content: [{ type: 'text', text: JSON.stringify(inputResponses ?? {}) }] }
      })
    tool('book', 'table')
    tool('plan', 'dinner', 'party')
    tool('wait')
    return server
  }, { legacy: 'reject', keepAliveMs: 0 })
  const http = listen((request) => handler.fetch(request))
  return {
    url: http.url,
    booked: () => booked,
    async stop() {
      await handler.close()
      await http.stop()
    },
  }
}
