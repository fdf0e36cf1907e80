// A 2026-07-28 server on the SDK’s current line: stateless, discovered by `server/discover`.
import { createMcpHandler, ProtocolError, Server } from '@modelcontextprotocol/server'
import { Recorder } from './recorder.ts'
import { definitions, run, UnknownTool } from './tools.ts'

export type ModernServer = { url: string; host: string; recorder: Recorder; stop(): Promise<void> }

/** `legacy: 'stateless'` also answers older clients; the default refuses them. */
export function startModern(
  options: { legacy?: 'stateless' | 'reject'; port?: number } = {},
): ModernServer {
  const recorder = new Recorder()
  const handler = createMcpHandler((context) => toolServer(context.requestInfo), {
    legacy: options.legacy ?? 'reject',
    keepAliveMs: 0,
  })
  const end = new AbortController()
  const listen = {
    port: options.port ?? 0,
    hostname: '127.0.0.1',
    signal: end.signal,
    onListen() {},
  }
  const http = Deno.serve(listen, async (request) => handler.fetch(await recorder.note(request)))
  const host = `127.0.0.1:${http.addr.port}`
  return {
    url: `http://${host}/mcp`,
    host,
    recorder,
    async stop() {
      await handler.close()
      end.abort()
      await http.finished
    },
  }
}

function toolServer(request: Request | undefined): Server {
  const server = new Server({ name: 'fixture-v2', version: '2.0.0' }, {
    capabilities: { tools: {} },
    instructions: 'Be kind',
  })
  server.setRequestHandler('tools/list', () => ({ tools: definitions }) as never)
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { signal, notify, _meta } = context.mcpReq
    const progressToken = _meta?.progressToken
    try {
      const result = await run(params.name, params.arguments ?? {}, {
        signal,
        header: (name) => request?.headers.get(name) ?? null,
        progress: progressToken === undefined ? null : (progress, total) =>
          notify({
            method: 'notifications/progress',
            params: { progressToken, progress, total, message: `step ${progress}` },
          }),
      })
      return result as never
    } catch (error) {
      if (error instanceof UnknownTool) throw new ProtocolError(-32602, error.message)
      throw error
    }
  })
  return server
}
