// The fields a server asks for (MCP “Elicitation”, requestedSchema), as the form draws them. Pure.
import type { FieldProblem } from '@shared/errors.ts'
import type { JsonSchema } from '@shared/tool.ts'

/** A list of fixed choices is one of boxes to tick: each at most once, in no order. */
export function asForm(requested: JsonSchema): JsonSchema {
  if (!isRecord(requested.properties)) return requested
  const properties = Object.entries(requested.properties).map(([name, field]) => [
    name,
    isRecord(field) && field.type === 'array' ? { ...field, uniqueItems: true } : field,
  ])
  return { ...requested, properties: Object.fromEntries(properties) }
}

/** The function names the whole answer `content`; here that is the form itself. */
export function asFormProblems(problems: FieldProblem[]): FieldProblem[] {
  return problems.map(({ path, message }) => ({ path: path.replace(/^content\.?/, ''), message }))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
