// Keeps what the SDK would drop: its schemas remove every field they do not know from definitions and
// results, but a definition is pinned whole and a result is passed on whole. The 2026-07-28 wire checks
// still run; for older eras whoever asks checks the shape.
import type { Client } from '@modelcontextprotocol/client'

const asItCame = {
  '~standard': {
    version: 1 as const,
    vendor: 'astra',
    validate: (value: unknown) => ({ value }),
  },
}

type Request = { method: string; params?: Record<string, unknown> }
type Options = { signal: AbortSignal; timeout: number }

/** Asks, and gives the result as the server sent it. Throws what the SDK throws. */
export async function askRaw(client: Client, request: Request, options: Options): Promise<unknown> {
  return await client.request(request as never, asItCame, options)
}

/** Makes the client’s own `callTool`, which mirrors `x-mcp-header` parameters, hand over what came. */
export function keepingUnknownFields(client: Client): Client {
  const original = client.request.bind(client) as (...given: unknown[]) => Promise<unknown>
  const request = (asked: Request, ...rest: unknown[]) =>
    asked.method === 'tools/call' ? original(asked, asItCame, ...rest) : original(asked, ...rest)
  client.request = request as Client['request']
  return client
}
