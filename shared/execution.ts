// One call of a tool: what was asked, what came back, how it ended.
import { z } from 'zod'
import { id, timestamp } from './team.ts'

export const executionStatuses = [
  'pending',
  'awaiting_approval',
  'awaiting_input',
  'awaiting_auth',
  'running',
  'success',
  'error',
  'timeout',
  'cancelled',
  'denied',
  'unknown',
] as const
export const executionStatus = z.enum(executionStatuses)
export type ExecutionStatus = z.infer<typeof executionStatus>

/** MCP `CallToolResult` (2024-11-05 … 2026-07-28): unknown fields and block types are kept. */
export const toolResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
})
export type ToolResult = z.infer<typeof toolResult>

/** Why a call did not succeed: whose side it is on, in a sentence a person can act on. */
export const executionError = z.object({
  code: z.enum([
    'tool_failed',
    'invalid_parameters',
    'upstream_unreachable',
    'upstream_unauthorized',
    'upstream_protocol',
    'upstream_too_large',
    'address_refused',
    'credential_unreadable',
    'stdio_host_needed',
    'timeout',
    'cancelled',
    'denied',
    'lost',
    'internal',
  ]),
  message: z.string(),
})
export type ExecutionError = z.infer<typeof executionError>

export const executionAnswer = z.object({
  execution_id: id,
  status: executionStatus,
  result: toolResult.optional(),
  error: executionError.optional(),
  duration_ms: z.number().int(),
})
export type ExecutionAnswer = z.infer<typeof executionAnswer>

export const execution = z.object({
  id,
  team_id: id,
  user_id: id.nullable(),
  server_id: id,
  server_name: z.string(),
  tool_id: id,
  tool_name: z.string(),
  origin: z.enum(['direct', 'chat']),
  input_parameters: z.record(z.string(), z.unknown()),
  output_result: toolResult.nullable(),
  error_code: executionError.shape.code.nullable(),
  error_message: z.string().nullable(),
  status: executionStatus,
  started_at: timestamp,
  completed_at: timestamp.nullable(),
  duration_ms: z.number().int().nullable(),
  chat_id: id.nullable(),
  message_id: id.nullable(),
})
export type Execution = z.infer<typeof execution>
