// The measure of everything else: the SDK's own client in this process, without anything in between.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Contender } from './load.ts'

/** One connection, opened once and used by every caller. */
export async function directCaller(name: string, url: string): Promise<Contender> {
  const { client } = await connect(url)
  return { name, processes: {}, call: (text) => echo(client, text) }
}

/** A connection per call, closed after it, its session ended. */
export function reconnectingCaller(name: string, url: string): Contender {
  return {
    name,
    processes: {},
    async call(text) {
      const { client, transport } = await connect(url)
      await echo(client, text)
      await transport.terminateSession()
      await client.close()
    },
  }
}

async function connect(url: string) {
  const client = new Client({ name: 'bench', version: '1.0.0' }, {
    capabilities: {},
    versionNegotiation: { mode: 'auto' },
  })
  const transport = new StreamableHTTPClientTransport(new URL(url))
  await client.connect(transport)
  return { client, transport }
}

async function echo(client: Client, text: string): Promise<void> {
  const { content } = await client.callTool({ name: 'echo', arguments: { text } })
  expectEcho(content, text)
}

/** Throws when a tool result is not the echo of the text. */
export function expectEcho(content: unknown, text: string): void {
  const [first] = Array.isArray(content) ? content : []
  if (first?.text !== `Echo: ${text}`) {
    throw new Error(`not an echo: ${JSON.stringify(content)?.slice(0, 200)}`)
  }
}
