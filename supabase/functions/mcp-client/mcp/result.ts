// What came out of a tool, as Astra takes it: bounded, and held against what the tool promises. Pure.
import type { ToolResult } from '../../../../shared/execution.ts'
import { capResult } from './content.ts'
import { UpstreamError } from './upstream.ts'
import { outputProblem } from './validation.ts'

/** Throws `UpstreamError` `protocol` or `too_large`, as sent: the tool has run. */
export function readResult(raw: unknown, definition: Record<string, unknown>): ToolResult {
  const capped = capResult(raw)
  if (!capped.ok) throw new UpstreamError(capped.reason, capped.message, { sent: true })
  const problem = outputProblem(definition.outputSchema, capped.result)
  if (problem) throw new UpstreamError('protocol', problem, { sent: true })
  return capped.result
}
