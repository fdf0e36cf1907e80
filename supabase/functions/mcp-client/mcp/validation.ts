// placeholder, replaced below
import type { FieldProblem } from '../../../../shared/errors.ts'
import type { ToolResult } from '../../../../shared/execution.ts'
export function checkParameters(
  _s: Record<string, unknown>,
  _p: Record<string, unknown>,
): FieldProblem[] {
  return []
}
export function outputProblem(_schema: unknown, _result: ToolResult): string | null {
  return null
}
