// What a tool part of a message means to a person: which tool, how far, how it ended. Pure.
import type { DynamicToolUIPart, ToolUIPart } from 'ai'
import { type CallPart, type ToolOutcome, toolOutcome } from '@shared/chat.ts'
import type { ToolResult } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'
import type { JsonSchema } from '@shared/tool.ts'
import {
  asksApproval,
  type Followed,
  fromAnswer,
  isRunning,
  isWaiting,
  wasNotAnswered,
} from '@/lib/followed.ts'
import { readableName } from '@/lib/format.ts'
import { titleOfKey, toolTitle } from '@/lib/tool-title.ts'
import type { ChatMessage, MessagePart } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'

export type CallState =
  | { kind: 'preparing' }
  | {
    kind: 'running'
    startedAt: string | null
    progress: CallPart['progress']
    /** Null until the call is on record. */
    executionId: string | null
  }
  /** It waits for a person, or did when this was kept: the execution knows how it went on. */
  | { kind: 'waiting'; executionId: string; serverId: string; first: Followed }
  | { kind: 'stopped'; executionId: string | null }
  /** Somebody said no, or nobody said anything in time. It did not run. */
  | { kind: 'rejected' | 'expired'; executionId: string; reason: string }
  | {
    kind: 'done'
    executionId: string | null
    durationMs: number
    result: ToolResult | null
    /** It was answered from the result of an equal call that ended then. */
    cachedAt: string | null
    tries: number
    /** Whose yes it waited for. */
    approval: Followed['approval']
  }
  | {
    kind: 'failed'
    executionId: string | null
    durationMs: number | null
    reason: string
    code: string | null
    result: ToolResult | null
    tries: number
    /** Before this it would only be refused again. */
    retryAt: string | null
  }
  /** Required arguments are absent: nothing ran, and nothing is on record. */
  | { kind: 'incomplete'; parameters: Record<string, unknown>; schema: JsonSchema }

export type ToolCall = {
  id: string
  key: string
  title: string
  serverName: string | null
  serverId: string | null
  /** Null where the tool is no longer there. */
  toolId: string | null
  input: Record<string, unknown>
  /** What its arguments may be; null where the tool is no longer there. */
  schema: JsonSchema | null
  /** What its server logged meanwhile, oldest first. */
  log: string[]
  state: CallState
}

type ToolPart = ToolUIPart | DynamicToolUIPart

export function isToolPart(part: MessagePart): part is ToolPart {
  return part.type === 'dynamic-tool' || part.type.startsWith('tool-')
}

/** `live`: the answer this part belongs to is still arriving. */
export function readToolCall(
  part: ToolPart,
  around: { message: ChatMessage; tools: Map<string, ChatTool>; live: boolean },
): ToolCall {
  const key = part.type === 'dynamic-tool' ? part.toolName : part.type.slice('tool-'.length)
  const call = callPartOf(around.message, part.toolCallId)
  const tool = around.tools.get(key)
  const named = call ? { title: call.tool_title, tool_name: call.tool_name } : tool
  return {
    id: part.toolCallId,
    key,
    title: named ? toolTitle(named) : titleOfKey(key),
    serverName: call?.server_name ?? tool?.server_name ?? null,
    serverId: call?.server_id ?? tool?.server_id ?? null,
    toolId: tool?.id ?? null,
    input: isRecord(part.input) ? part.input : {},
    schema: tool?.input_schema ?? null,
    log: call?.log ?? [],
    state: stateOf(part, call, around.live),
  }
}

function callPartOf(message: ChatMessage, toolCallId: string): CallPart | null {
  for (const part of message.parts) {
    if (part.type === 'data-call' && part.data.tool_call_id === toolCallId) return part.data
  }
  return null
}

function stateOf(part: ToolPart, call: CallPart | null, live: boolean): CallState {
  if (part.state === 'output-error') {
    return failure({ reason: part.errorText || 'The tool could not be run.', code: null })
  }
  if (part.state === 'output-available') {
    const outcome = toolOutcome.safeParse(part.output)
    if (!outcome.success) {
      return failure({ reason: 'The answer of this tool cannot be read.', code: 'internal' })
    }
    return stateOfOutcome(outcome.data, call?.server_id ?? null)
  }
  if (!live) return { kind: 'stopped', executionId: null }
  if (part.state === 'input-streaming') return { kind: 'preparing' }
  return {
    kind: 'running',
    startedAt: call?.started_at ?? null,
    progress: call?.progress ?? null,
    executionId: call?.execution_id ?? null,
  }
}

function stateOfOutcome(outcome: ToolOutcome, serverId: string | null): CallState {
  if (outcome.kind === 'needs_person') {
    const { parameters, input_schema } = outcome
    return { kind: 'incomplete', parameters, schema: input_schema }
  }
  if (outcome.kind === 'refused') {
    const { code, message, retry_at: retryAt } = outcome
    return failure({ reason: readableReason(message), code, retryAt })
  }
  if (outcome.kind === 'looked_up') {
    const { result, duration_ms } = outcome
    return {
      kind: 'done',
      executionId: null,
      durationMs: duration_ms,
      result,
      cachedAt: null,
      tries: 1,
      approval: null,
    }
  }
  const { execution_id: executionId } = outcome
  const first = fromAnswer(outcome)
  if (serverId !== null && (isWaiting(first.status) || isRunning(first.status))) {
    return { kind: 'waiting', executionId, serverId, first }
  }
  return endedState(executionId, first)
}

/** How an execution ended, as its card shows it. */
export function endedState(executionId: string, ended: Followed): CallState {
  const { status, result, error, duration_ms: durationMs, tries, approval } = ended
  if (status === 'success') {
    const cachedAt = ended.cached_at
    return { kind: 'done', executionId, durationMs, result, cachedAt, tries, approval }
  }
  if (status === 'cancelled') return { kind: 'stopped', executionId }
  const reason = (error && readableReason(error.message)) ?? failureSentence[status] ??
    'The tool did not succeed.'
  if (error?.code === 'rejected') return { kind: 'rejected', executionId, reason }
  if (wasNotAnswered(ended)) return { kind: 'expired', executionId, reason }
  const code = error?.code ?? codeOfStatus[status] ?? null
  return { kind: 'failed', executionId, durationMs, reason, code, result, tries, retryAt: null }
}

/** Whom a call in it waited for when it was stored; null where none did. */
export function waitsFor(message: ChatMessage): 'you' | 'an admin' | null {
  for (const part of message.parts) {
    if (!isToolPart(part) || part.state !== 'output-available') continue
    const { data } = toolOutcome.safeParse(part.output)
    if (data?.kind === 'needs_person') return 'you'
    if (data?.kind !== 'answered' || !isWaiting(data.status)) continue
    const { asked } = fromAnswer(data)
    return asksApproval(asked) && asked.needs === 'admin' ? 'an admin' : 'you'
  }
  return null
}

type NoResult = { reason: string; code: string | null; retryAt?: string }

function failure({ reason, code, retryAt }: NoResult): CallState {
  const nothing = { executionId: null, durationMs: null, result: null, tries: 1 }
  return { kind: 'failed', ...nothing, reason, code, retryAt: retryAt ?? null }
}

/** What an end that came without a code means. */
const codeOfStatus: Record<string, string> = {
  timeout: 'timeout',
  denied: 'denied',
  unknown: 'lost',
}

const failureSentence: Record<string, string> = {
  timeout: 'The server took too long to answer.',
  denied: 'An admin has ruled that this tool never runs.',
  unknown: 'It is not known how this ended. The tool may have run.',
}

/** `parameters.message: must be string` → `Message must be string`. */
function readableReason(reason: string): string {
  const plain = reason.split('; ').map((problem) => {
    const [, path, rest] = /^parameters\.([^:]+): (.+)$/.exec(problem) ?? []
    return path && rest ? `“${readableName(path)}” ${rest}` : problem
  })
  return plain.join('; ')
}
