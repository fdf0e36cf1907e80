// What tests of tasks share: a connection to a server that has them, and a call that becomes one.
import assert from 'node:assert/strict'
import type { ToolCall } from '../../functions/mcp-client/mcp/call.ts'
import { type Bench, bench, call, closing } from './bench.ts'
import { startTasking, type TaskingOptions, type TaskingServer, type Work } from './tasking.ts'

export const taking = { tasks: true } as const
const definition = { name: 'work', inputSchema: { type: 'object' } }

export function asked(task_id: string, more: Record<string, unknown> = {}) {
  return { task_id, name: 'work', definition: { ...definition, ...more } }
}

export async function begin(at: Bench, work: Work = {}, more: Partial<ToolCall> = {}) {
  const given = { definition, ...taking, ...more }
  const outcome = await at.connections.callTool(at.upstream, call('work', work, given))
  assert.ok(outcome.kind === 'task', JSON.stringify(outcome))
  return { ...outcome.task, protocol: outcome.protocol }
}

export async function tasking(
  options: TaskingOptions,
  work: (at: Bench, server: TaskingServer) => Promise<void>,
): Promise<void> {
  const server = startTasking(options)
  const at = bench(server)
  await closing(server, at, () => work(at, server))
}
