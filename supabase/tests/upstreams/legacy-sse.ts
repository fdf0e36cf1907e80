// A legacy HTTP+SSE server (2024-11-05) on the SDK’s first line.
import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/sse.d.ts"
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { Recorder } from './recorder.ts'
import { toolServer } from './sessions.ts'

export type SseServer = {
  url: string
  host: string
  recorder: Recorder
  streams(): number
  /** Cuts every event stream, as a restart would. */
  cut(): void
  stop(): Promise<void>
}

export async function startLegacySse(): Promise<SseServer> {
  const recorder = new Recorder()
  const transports = new Map<string, { transport: SSEServerTransport; answer: ServerResponse }>()

  async function stream(answer: ServerResponse) {
    const transport = new SSEServerTransport('/message', answer)
    transports.set(transport.sessionId, { transport, answer })
    answer.on('close', () => transports.delete(transport.sessionId))
    await toolServer().connect(transport)
  }

  async function message(request: IncomingMessage, answer: ServerResponse, id: string) {
    const body = await textOf(request)
    recorder.add('POST', body, new Headers())
    const open = transports.get(id)
    if (!open) return void answer.writeHead(404).end('Session not found')
    await open.transport.handlePostMessage(request, answer, JSON.parse(body))
  }

  const http = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST' && url.pathname === '/message') {
      return void message(request, answer, url.searchParams.get('sessionId') ?? '')
    }
    recorder.add(request.method ?? '', '', new Headers())
    if (request.method === 'GET' && url.pathname === '/sse') return void stream(answer)
    answer.writeHead(404).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const cut = () => transports.forEach(({ answer }) => answer.destroy())
  return {
    url: `http://${host}/sse`,
    host,
    recorder,
    streams: () => transports.size,
    cut,
    async stop() {
      cut()
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
