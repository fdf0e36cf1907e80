// A 2026-07-28 server whose calls a test can count, hold open and release, whose tools it can rewrite,
// and which tells what it was sent. For watching from the upstream's side what the function does.
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { Recorder } from './recorder.ts'

export type CountingServer = {
  url: string
  /** How many tools/call requests arrived. */
  calls(): number
  /** How many requests of any kind arrived. */
  requests(): number
  /** What was asked so far, by JSON-RPC method, with its parameters. */
  asked(): { rpc: string | null; params: Record<string, unknown> | null }[]
  /** Headers of the newest request. */
  lastHeaders(): Headers
  /** Resolves when the next tools/call is running. */
  nextCall(): Promise<void>
  /** Lets every held `slow` call answer. */
  release(): void
  /** Gives a tool another description from now on. */
  describe(tool: string, description: string): void
  /** Offers one more tool from now on. */
  addTool(definition: ToolDefinition): void
  stop(): Promise<void>
}

type ToolDefinition = { name: string; description?: string; inputSchema: Record<string, unknown> }

const tool = (name: string, description: string): ToolDefinition => ({
  name,
  description,
  inputSchema: { type: 'object' },
})

export function startCountingServer(): CountingServer {
  const recorder = new Recorder()
  const tools = [
    tool('echo', 'Echoes text'),
    tool('show_headers', 'Shows the headers it was called with'),
    tool('slow', 'Answers when released'),
  ]
  let started = Promise.withResolvers<void>()
  let gate = Promise.withResolvers<void>()

  const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  const handler = createMcpHandler((context) => {
    const server = new Server({ name: 'counting', version: '1.0.0' }, {
      capabilities: { tools: {} },
    })
    server.setRequestHandler('tools/list', () => ({ tools }) as never)
    server.setRequestHandler('tools/call', async ({ params }) => {
      started.resolve()
      started = Promise.withResolvers()
      if (params.name === 'echo') return say(String(params.arguments?.text)) as never
      if (params.name === 'show_headers') {
        const headers = [...context.requestInfo?.headers ?? []]
        return say(headers.map(([name, value]) => `${name}: ${value}`).join('\n')) as never
      }
      await gate.promise
      return say('released') as never
    })
    return server
  }, { keepAliveMs: 0 })

  const http = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen() {} },
    async (request) => handler.fetch(await recorder.note(request)),
  )
  return {
    url: `http://127.0.0.1:${http.addr.port}/mcp`,
    calls: () => recorder.count('tools/call'),
    requests: () => recorder.seen.length,
    asked: () => recorder.seen.map(({ rpc, params }) => ({ rpc, params })),
    lastHeaders: () => recorder.seen.at(-1)!.headers,
    nextCall: () => started.promise,
    release() {
      gate.resolve()
      gate = Promise.withResolvers()
    },
    describe(name: string, description: string) {
      Object.assign(tools.find((one) => one.name === name)!, { description })
    },
    addTool: (definition) => void tools.push(definition),
    async stop() {
      gate.resolve()
      await handler.close()
      await http.shutdown()
    },
  }
}
