// What a server may ask a person in the middle of a call (MCP 2025-06-18 … 2026-07-28, "Elicitation"):
// reads hostile requests into bounded shapes, and what people answer into what the server asked for. Pure.
import type { FieldProblem } from '../../../../shared/errors.ts'
import type { InputAction } from '../../../../shared/execution.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'

/** Texts are cleaned; `requested_schema` is flat and bounded; `url` is one that a person may open. */
export type Elicitation =
  | { mode: 'form'; message: string; requested_schema: JsonSchema }
  | { mode: 'url'; message: string; url: string; elicitation_id?: string }

/** MCP `ElicitResult`. `content` only with `accept` of a form. */
export type ElicitResult = { action: InputAction; content?: Record<string, unknown> }

/** The content with the defaults of the fields it lacks (SEP-1034). */
export function withDefaults(
  _requested: JsonSchema,
  content: Record<string, unknown>,
): Record<string, unknown> {
  return content
}

/** What is wrong with the content, one problem per field: `path` is `content.<field>`. */
export function contentProblems(
  _requested: JsonSchema,
  _content: Record<string, unknown>,
): FieldProblem[] {
  return []
}
