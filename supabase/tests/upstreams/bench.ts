// What tests of upstream connections share: a connection to one fixture server, and how to wait.
import assert from 'node:assert/strict'
import type { ToolCall } from '../../functions/mcp-client/mcp/call.ts'
import {
  type Connections,
  type ConnectionSettings,
  openConnections,
} from '../../functions/mcp-client/mcp/connection.ts'
import { type Upstream, UpstreamError } from '../../functions/mcp-client/mcp/upstream.ts'
import { definitions } from './tools.ts'

type Server = { url: string; host: string; stop(): Promise<void> }
export type Bench = { connections: Connections; upstream: Upstream }

export function bench(
  server: Server,
  given: Partial<Upstream> = {},
  settings: Partial<ConnectionSettings> = {},
): Bench {
  return {
    connections: openConnections({ allowed_private_hosts: [server.host], ...settings }),
    upstream: {
      key: 'k',
      server_type: 'http',
      url: server.url,
      headers: {},
      query: {},
      protocol: null,
      ...given,
    },
  }
}

export function call(
  name: string,
  args: Record<string, unknown> = {},
  more: Partial<ToolCall> = {},
): ToolCall {
  const definition = definitions.find((one) => one.name === name) ??
    { name, inputSchema: { type: 'object' } }
  return { name, definition, arguments: args, timeout_ms: 5_000, max_total_ms: 10_000, ...more }
}

export async function closing<T extends Server>(
  server: T,
  { connections }: Bench,
  work: () => Promise<void>,
) {
  try {
    await work()
  } finally {
    await connections.close()
    await server.stop()
  }
}

export async function failureOf(work: Promise<unknown>): Promise<UpstreamError> {
  try {
    await work
  } catch (error) {
    assert.ok(error instanceof UpstreamError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the call did not fail' })
}

export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 3_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
