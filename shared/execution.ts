// One call of a tool: what was asked, what came back, how it ended.
import { z } from 'zod'
import { id, timestamp } from './team.ts'
import { jsonSchema } from './tool.ts'

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

/** Names this very question: one call may ask several, and an answer is meant for the one that was seen. */
const questionId = z.string().optional()

/**
 * What an execution in `awaiting_input` asks a person (MCP elicitation, 2025-06-18 … 2026-07-28).
 * `form`: fields of `requested_schema`, a flat object of primitives. `url`: a page of someone else's,
 * to be shown whole and opened only when the person says so.
 */
export const inputRequest = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('form'),
    id: questionId,
    server_name: z.string(),
    message: z.string(),
    requested_schema: jsonSchema,
    /** The fields as the server ordered them: storage forgets the order of names, not of a list. */
    field_order: z.array(z.string()).optional(),
  }),
  z.object({
    mode: z.literal('url'),
    id: questionId,
    server_name: z.string(),
    message: z.string(),
    url: z.string(),
  }),
])
export type InputRequest = z.infer<typeof inputRequest>

/** MCP `ElicitResult.action`: done, refused, or walked away without deciding. */
export const inputAction = z.enum(['accept', 'decline', 'cancel'])
export type InputAction = z.infer<typeof inputAction>

/** Whose account at a server a call uses: one of the team's, or each person's own. */
export const account = z.enum(['team', 'person'])
export type Account = z.infer<typeof account>

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
    'sign_in_needed',
    'timeout',
    'cancelled',
    'denied',
    'rejected',
    'lost',
    'internal',
  ]),
  message: z.string(),
})
export type ExecutionError = z.infer<typeof executionError>

/** What an execution in `awaiting_approval` waits for: `answer_approval` answers it, once. */
export const approvalRequest = z.object({
  approval_id: id,
  /** `self`: the person whose call it is. `admin`: an admin of the team, who may be that person. */
  needs: z.enum(['self', 'admin']),
  expires_at: timestamp,
  /** The answer may be “always for me”. */
  allows_always: z.boolean(),
  /** Why it is asked: the tool’s policy, or because a model was shown words from outside. Absent: policy. */
  reason: z.enum(['policy', 'outside']).optional(),
})
export type ApprovalRequest = z.infer<typeof approvalRequest>

/** How far a call is, as its server tells it (MCP "Progress"). */
export const progress = z.object({
  progress: z.number(),
  total: z.number().nullable(),
  message: z.string().nullable(),
})
export type Progress = z.infer<typeof progress>

/** One try of a call. */
export const attempt = z.object({
  endpoint: z.string(),
  /** Since the call began. */
  after_ms: z.number().int(),
  duration_ms: z.number().int(),
  error_code: executionError.shape.code.nullable(),
  error_message: z.string().nullable(),
  /** It failed after it was sent: the tool may have run. */
  sent: z.boolean().optional(),
})
export type Attempt = z.infer<typeof attempt>

export const executionAnswer = z.object({
  execution_id: id,
  status: executionStatus,
  result: toolResult.optional(),
  error: executionError.optional(),
  /** With `awaiting_auth`: where to sign in. Absent when only an admin can, for the whole team. */
  authorization_url: z.string().optional(),
  /** With `awaiting_input`: what is asked. `answer_input` goes on. */
  input: inputRequest.optional(),
  /** With `awaiting_approval`: who must say yes. */
  approval: approvalRequest.optional(),
  /** The result of an equal call that ended then: this one was answered from it. */
  cached_at: timestamp.optional(),
  /** How often it was tried, where that was more than once. */
  tries: z.number().int().optional(),
  duration_ms: z.number().int(),
})
export type ExecutionAnswer = z.infer<typeof executionAnswer>

/** In place of an answer, from an operation that found that the server wants a sign-in first. */
export const signInNeeded = z.object({
  status: z.literal('awaiting_auth'),
  authorization_url: z.string(),
})
export type SignInNeeded = z.infer<typeof signInNeeded>

export const execution = z.object({
  id,
  team_id: id,
  user_id: id.nullable(),
  server_id: id,
  server_name: z.string(),
  tool_id: id,
  tool_name: z.string(),
  origin: z.enum(['direct', 'chat']),
  mode: z.enum(['sync', 'async']),
  /** Whose yes it runs on; null where the policy needs none. */
  approval: z.enum(['self', 'always', 'admin']).nullable(),
  input_parameters: z.record(z.string(), z.unknown()),
  output_result: toolResult.nullable(),
  error_code: executionError.shape.code.nullable(),
  error_message: z.string().nullable(),
  status: executionStatus,
  /** What is being waited for, while `status` is `awaiting_…`. */
  asked: z.union([inputRequest, z.object({ account }), approvalRequest]).nullable(),
  /** The newest its server told, of a call that takes longer. */
  progress: progress.nullable(),
  /** Every try, where there was more than one or it failed. */
  attempts: z.array(attempt).nullable(),
  cached_at: timestamp.nullable(),
  started_at: timestamp,
  completed_at: timestamp.nullable(),
  duration_ms: z.number().int().nullable(),
  chat_id: id.nullable(),
  message_id: id.nullable(),
})
export type Execution = z.infer<typeof execution>
