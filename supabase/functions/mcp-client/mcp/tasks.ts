// Tasks of a 2026-07-28 server (extension `io.modelcontextprotocol/tasks`, SEP-2663): a call that goes on
// at the server while nobody waits for it. Reads hostile tasks into bounded shapes; keeps none, for whoever
// polls may be another process than the one that called. Polls once: when to poll again is the caller’s.
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { noClock } from './budget.ts'
import type { Answer } from './call.ts'
import { cleanText } from './content.ts'
import { type Elicitation, type ElicitResult, readInputRequests } from './elicitation.ts'
import type { Connection } from './negotiation.ts'
import { askRaw } from './raw.ts'
import { readResult } from './result.ts'
import { takingTasks } from './task-wire.ts'
import { UpstreamError } from './upstream.ts'

export type TaskHandle = {
  /** 1 … 1,024 characters without control characters. Whoever holds it may hold the task: a secret. */
  task_id: string
  /** How long the server wants to be left alone, within 250 ms and a minute; 5 s when it does not say. */
  poll_ms: number
  /** How long the server keeps the task, from when it began; at most a year. Null when for ever. */
  ttl_ms: number | null
  /** The server’s own words, cleaned and capped. */
  status_message: string | null
}

/** A task, and the tool whose call it is. */
export type TaskAsked = { task_id: string; name: string; definition: Record<string, unknown> }

export type TaskState =
  | { kind: 'working'; task: TaskHandle }
  /** All that is open now. A question is named alike for as long as it is open, and no other one ever is. */
  | { kind: 'input_required'; requests: Record<string, Elicitation> }
  | { kind: 'ended'; answer: Extract<Answer, { kind: 'answered' | 'tool_failed' }> }
  | { kind: 'cancelled' }
  /** The server knows no such task: it never did, or has forgotten it. */
  | { kind: 'gone' }

const longestId = 1_024
const longestMessage = 500
const poll = { least: 250, usual: 5_000, most: 60_000 }
const mostTtl = 365 * 24 * 60 * 60 * 1_000

// deno-lint-ignore no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f]/
const base = {
  taskId: z.string().min(1).max(longestId)
    .refine((id) => id.isWellFormed() && !control.test(id)),
  statusMessage: z.string().nullish(),
  ttlMs: z.number().nullish(),
  pollIntervalMs: z.number().nullish(),
}
const begun = z.object({
  ...base,
  status: z.enum(['working', 'input_required', 'completed', 'failed', 'cancelled']),
})
const known = z.discriminatedUnion('status', [
  z.object({ ...base, status: z.literal('working') }),
  z.object({ ...base, status: z.literal('input_required'), inputRequests: z.looseObject({}) }),
  z.object({ ...base, status: z.literal('completed'), result: z.looseObject({}) }),
  z.object({
    ...base,
    status: z.literal('failed'),
    error: z.object({ code: z.int(), message: z.string() }),
  }),
  z.object({ ...base, status: z.literal('cancelled') }),
])

/** The task that a call was answered with, whatever state it is in by now. Throws `UpstreamError`. */
export function readNewTask(raw: unknown): TaskHandle {
  const read = begun.safeParse(raw)
  if (!read.success) throw unusable('The server started a task in a way that is not MCP')
  return handleOf(read.data)
}

/**
 * Asks how a task stands. Throws what the SDK throws, or `UpstreamError`: one that is `sent` means that the
 * task has come to an answer which is none, any other that it may be asked for again.
 */
export async function pollTask(
  connection: Connection,
  asked: TaskAsked,
  signal: AbortSignal,
): Promise<TaskState> {
  if (connection.protocol.era === 'legacy') return { kind: 'gone' }
  try {
    const params = { taskId: asked.task_id }
    const raw = await ask(connection, { method: 'tasks/get', params, signal })
    return stateOf(raw, { asked, connection })
  } catch (error) {
    if (isUnknownTask(error)) return { kind: 'gone' }
    throw error
  }
}

/** Asks the server to end a task; it may finish all the same. One that is gone is as good as ended. */
export async function cancelTask(
  connection: Connection,
  task_id: string,
  signal: AbortSignal,
): Promise<void> {
  if (connection.protocol.era === 'legacy') return
  try {
    await ask(connection, { method: 'tasks/cancel', params: { taskId: task_id }, signal })
  } catch (error) {
    if (!isUnknownTask(error)) throw error
  }
}

/** Hands over what was answered to a task’s questions. What they do to it shows when it is polled. */
export async function answerTask(
  connection: Connection,
  { task_id, responses }: { task_id: string; responses: Record<string, ElicitResult> },
  signal: AbortSignal,
): Promise<void> {
  if (connection.protocol.era === 'legacy') {
    throw new UpstreamError('protocol', 'The server no longer knows the task that waited')
  }
  const params = { taskId: task_id, inputResponses: responses }
  await ask(connection, { method: 'tasks/update', params, signal })
}

type Asking = { method: string; params: Record<string, unknown>; signal: AbortSignal }

/** Servers must refuse who does not declare the extension on each of these too. */
async function ask({ client }: Connection, { method, params, signal }: Asking): Promise<unknown> {
  const request = { method, params: { ...params, _meta: takingTasks } }
  return await askRaw(client, request, { signal, timeout: noClock })
}

function stateOf(
  raw: unknown,
  { asked, connection }: { asked: TaskAsked; connection: Connection },
): TaskState {
  const read = known.safeParse(raw)
  if (!read.success) throw unusable('The server told of a task in a way that is not MCP')
  const task = read.data
  if (task.taskId !== asked.task_id) {
    throw unusable('The server told of another task than the one it was asked for')
  }
  switch (task.status) {
    case 'working':
      return { kind: 'working', task: handleOf(task) }
    case 'input_required': {
      const { requests } = readInputRequests(task, connection.allowed_private_hosts)
      // A server may still say so for a moment when all has been answered.
      if (Object.keys(requests).length === 0) return { kind: 'working', task: handleOf(task) }
      return { kind: 'input_required', requests }
    }
    case 'completed': {
      const { resultType = 'complete', ...result } = task.result
      if (resultType !== 'complete') throw unusable('The task ended without a result of its tool')
      return {
        kind: 'ended',
        answer: { kind: 'answered', result: readResult(result, asked.definition) },
      }
    }
    case 'failed': {
      const { code, message } = task.error
      return { kind: 'ended', answer: { kind: 'tool_failed', code, message: cleanText(message) } }
    }
    case 'cancelled':
      return { kind: 'cancelled' }
  }
}

function handleOf(task: z.infer<typeof begun>): TaskHandle {
  const { taskId, statusMessage, ttlMs, pollIntervalMs } = task
  return {
    task_id: taskId,
    poll_ms: within(pollIntervalMs ?? poll.usual, poll),
    ttl_ms: ttlMs == null ? null : within(ttlMs, { least: 0, most: mostTtl }),
    status_message: statusMessage ? cleanText(statusMessage, longestMessage) || null : null,
  }
}

function within(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(Math.ceil(value), least), most)
}

/** SEP-2663, “Protocol Errors”: invalid params are a task that is not there, and nothing else is. */
function isUnknownTask(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === ProtocolErrorCode.InvalidParams
}

function unusable(message: string): UpstreamError {
  return new UpstreamError('protocol', message, { sent: true })
}
