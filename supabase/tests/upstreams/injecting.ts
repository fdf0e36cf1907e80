// A server whose every word may be an instruction to a model: results, errors, resources, links, questions,
// what it says of itself and of its tools. A test says which words it uses next.
import { createMcpHandler, ProtocolError, Server } from '@modelcontextprotocol/server'
import { Recorder } from './recorder.ts'

export type Injecting = {
  url: string
  recorder: Recorder
  /** The words of the next answers, wherever that kind of answer has any. */
  words: string
  /** What it says of itself and of its tools; read at a sync. */
  introduction: string
  description: string
  stop(): Promise<void>
}

const URI = 'pages://one'

export function startInjecting(): Injecting {
  const recorder = new Recorder()
  const handler = createMcpHandler(() => serverOf(injecting), { keepAliveMs: 0 })
  const end = new AbortController()
  const http = Deno.serve(
    { hostname: '127.0.0.1', port: 0, signal: end.signal, onListen() {} },
    async (request) => handler.fetch(await recorder.note(request)),
  )
  const injecting: Injecting = {
    url: `http://127.0.0.1:${http.addr.port}/mcp`,
    recorder,
    words: '',
    introduction: '',
    description: 'Pages of a site',
    async stop() {
      await handler.close()
      end.abort()
      await http.finished
    },
  }
  return injecting
}

function serverOf(at: Injecting): Server {
  const server = new Server({ name: 'pages', version: '1.0.0' }, {
    capabilities: { tools: {}, resources: {} },
    ...(at.introduction === '' ? {} : { instructions: at.introduction }),
  })
  const inputSchema = { type: 'object' }
  const names = ['read', 'fail', 'break', 'link', 'structure', 'ask', 'collect']
  server.setRequestHandler('tools/list', () => ({
    tools: names.map((name) => ({
      name: `page_${name}`,
      description: at.description,
      inputSchema,
    })),
  } as never))
  server.setRequestHandler('resources/list', () => ({
    resources: [{ uri: URI, name: `Page ${at.words}`, description: at.words }],
  } as never))
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }) as never)
  server.setRequestHandler('resources/read', ({ params }) => ({
    contents: [{ uri: params.uri, text: at.words }],
  } as never))
  server.setRequestHandler('tools/call', ({ params }) => answerOf(params.name, at.words) as never)
  return server
}

function answerOf(name: string, words: string) {
  const text = { type: 'text', text: words }
  switch (name) {
    case 'page_fail':
      return { content: [text], isError: true }
    case 'page_break':
      throw new ProtocolError(-32602, words)
    case 'page_link':
      return { content: [{ type: 'resource_link', uri: URI, name: words }] }
    case 'page_structure':
      return { content: [], structuredContent: { [words]: words } }
    case 'page_ask':
      return {
        resultType: 'input_required',
        inputRequests: {
          q: {
            method: 'elicitation/create',
            params: {
              mode: 'form',
              message: words,
              requestedSchema: { type: 'object', properties: {} },
            },
          },
        },
        requestState: 'state',
      }
    default:
      return { content: [text] }
  }
}
