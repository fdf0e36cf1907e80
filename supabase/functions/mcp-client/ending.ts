// How a call ends, as its row keeps it. Pure.
import type { ExecutionAnswer, ExecutionError, ToolResult } from '../../../shared/execution.ts'
import type { Ended } from './finish.ts'

/** MCP `isError` is the tool's own failure: the content says why, so its first words become the message. */
export function ended(result: ToolResult): Ended {
  if (!result.isError) return { status: 'success', result }
  const text = result.content.find((block) => block.type === 'text')?.text
  const message = typeof text === 'string' && text.trim()
    // Half an emoji is nothing that PostgreSQL keeps.
    ? text.trim().slice(0, 500).replace(/[\ud800-\udbff]$/, '')
    : 'The tool reported an error.'
  return { status: 'error', result, error: { code: 'tool_failed', message } }
}

/** It runs still, or waits. */
export function isOpen({ status }: Pick<ExecutionAnswer, 'status'>): boolean {
  return status === 'running' || status === 'pending' || status.startsWith('awaiting_')
}

/** An end for this reason. */
export function failure(code: ExecutionError['code'], message: string): Ended {
  const status = code === 'timeout' || code === 'cancelled' || code === 'denied' ? code : 'error'
  return { status, error: { code, message } }
}
