// Keeps what the SDK would drop: its schemas remove every field they do not know from tool
// definitions and results, but a definition is pinned whole and a result is passed on whole.
// The 2026-07-28 wire checks still run; for older eras content.ts and listing.ts check the shape.
import type { Client } from '@modelcontextprotocol/client'

const rawMethods = ['tools/call', 'tools/list']

/** The cursor that stands for "no cursor": it is taken off before the request leaves. */
export const firstPage = '\u0000first page'

const asItCame = {
  '~standard': {
    version: 1 as const,
    vendor: 'astra',
    validate: (value: unknown) => ({ value }),
  },
}

type Request = { method: string; params?: Record<string, unknown> }

/** Makes the client’s own `callTool` and `listTools` hand over what the server sent. */
export function keepingUnknownFields(client: Client): Client {
  const original = client.request.bind(client) as (...given: unknown[]) => Promise<unknown>
  const request = (asked: Request, ...rest: unknown[]) => {
    if (!rawMethods.includes(asked.method)) return original(asked, ...rest)
    return original(withoutMarker(asked), asItCame, ...rest)
  }
  client.request = request as Client['request']
  return client
}

function withoutMarker(asked: Request): Request {
  if (asked.params?.cursor !== firstPage) return asked
  const { cursor: _, ...params } = asked.params
  return { ...asked, params }
}
