// A 2026-07-28 server on the SDK’s current line: stateless, discovered by `server/discover`.
import {
  createMcpHandler,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  Server,
} from '@modelcontextprotocol/server'
import { NotThere, offered, offeredMethods } from './offers.ts'
import { Recorder } from './recorder.ts'
import { definitions, run, UnknownTool } from './tools.ts'

export type ModernServer = {
  url: string
  host: string
  recorder: Recorder
  /** Calls that still run. */
  running(): number
  /** Tells every subscriber that the tools have changed. */
  announce(): void
  stop(): Promise<void>
}

/** `legacy: 'stateless'` also answers older clients; the default refuses them. */
export function startModern(
  options: { legacy?: 'stateless' | 'reject'; port?: number; tools?: unknown[]; ttlMs?: number } =
    {},
): ModernServer {
  const recorder = new Recorder()
  const running = { calls: 0 }
  const handler = createMcpHandler(
    (context) => toolServer(context.requestInfo, { ...options, running }),
    {
      legacy: options.legacy ?? 'reject',
      keepAliveMs: 0,
    },
  )
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
    running: () => running.calls,
    announce: () => handler.notify.toolsChanged(),
    async stop() {
      await handler.close()
      end.abort()
      await http.finished
    },
  }
}

function toolServer(
  request: Request | undefined,
  { tools = definitions, ttlMs, running }: {
    tools?: unknown[]
    ttlMs?: number
    running: { calls: number }
  },
): Server {
  const server = new Server({ name: 'fixture-v2', version: '2.0.0' }, {
    capabilities: {
      tools: { listChanged: true },
      logging: {},
      resources: {},
      prompts: {},
      completions: {},
    },
    instructions: 'Be kind',
  })
  server.setRequestHandler('tools/list', () => ({ tools, ttlMs }) as never)
  for (const method of offeredMethods) {
    server.setRequestHandler(method, async ({ params }) => {
      try {
        return await offered(method, { ...params }) as never
      } catch (error) {
        if (!(error instanceof NotThere)) throw error
        throw new ProtocolError(-32602, error.message, { uri: error.uri })
      }
    })
  }
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { signal, notify, envelope, inputResponses, requestState, _meta } = context.mcpReq
    const progressToken = _meta?.progressToken
    const { requests, state } = params.arguments ?? {}
    if (params.name === 'ask' && !inputResponses) {
      return { resultType: 'input_required', inputRequests: requests, requestState: state } as never
    }
    const level = (envelope as Record<string, unknown> | undefined)?.[LOG_LEVEL_META_KEY]
    running.calls++
    try {
      const result = await run(params.name, params.arguments ?? {}, {
        signal,
        header: (name) => request?.headers.get(name) ?? null,
        ask: () => Promise.resolve({ inputResponses, requestState: requestState() }),
        log: async (data) => {
          if (level !== 'info') return
          const params = { level, logger: 'fixture', data }
          await notify({ method: 'notifications/message', params })
        },
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
    } finally {
      running.calls--
    }
  })
  return server
}
