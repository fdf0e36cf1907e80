// The fields a server asks for (MCP “Elicitation”, requestedSchema), as the form draws them. Pure.
import type { FieldProblem } from '@shared/errors.ts'
import type { InputRequest } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'
import type { JsonSchema } from '@shared/tool.ts'

type AskedForm = Pick<Extract<InputRequest, { mode: 'form' }>, 'requested_schema' | 'field_order'>

/**
 * In the order the server gave its fields. A list of fixed choices is one of boxes to tick: each at most
 * once, in no order.
 */
export function asForm({ requested_schema: requested, field_order = [] }: AskedForm): JsonSchema {
  const { properties } = requested
  if (!isRecord(properties)) return requested
  const names = new Set([
    ...field_order.filter((name) => Object.hasOwn(properties, name)),
    ...Object.keys(properties),
  ])
  const fields = [...names].map((name) => {
    const field = properties[name]
    const ticked = isRecord(field) && field.type === 'array'
    return [name, ticked ? { ...field, uniqueItems: true } : field]
  })
  return { ...requested, properties: Object.fromEntries(fields) }
}

/** The function names the whole answer `content`; here that is the form itself. */
export function asFormProblems(problems: FieldProblem[]): FieldProblem[] {
  return problems.map(({ path, message }) => ({ path: path.replace(/^content\.?/, ''), message }))
}
