// One tool call on one open connection: how long it may take, what its answer may be.
import {
  ProtocolError,
  type Tool,
  UnsupportedProtocolVersionError,
} from '@modelcontextprotocol/client'
import type { ToolResult } from '../../../../shared/execution.ts'
import { capResult, cleanText } from './content.ts'
import { EgressError } from './egress-error.ts'
import type { Elicitation, ElicitResult } from './elicitation.ts'
import type { Connection } from './negotiation.ts'
import { UpstreamError } from './upstream.ts'
import { outputProblem } from './validation.ts'

export type Progress = { progress: number; total: number | null; message: string | null }

/** One log message of a server, in the middle of a call. The text is cleaned and capped. */
export type LogLine = { level: string; logger: string | null; text: string }

/** How a call that a 2026-07-28 server left open goes on: what was answered to each of its requests. */
export type Resume = { responses: Record<string, ElicitResult>; request_state?: string }

export type ToolCall = {
  name: string
  /** The raw definition as stored: `x-mcp-header` parameters and the output schema are read from it. */
  definition: Record<string, unknown>
  arguments: Record<string, unknown>
  /** Without an answer for this long the call ends; every progress notification starts it anew. */
  timeout_ms: number
  /** Never extended. */
  max_total_ms: number
  signal?: AbortSignal
  /** Asks the server for progress; without it none is asked for. */
  onProgress?: (progress: Progress) => void
  /**
   * Answers what a session-era server asks in the middle of the call, which waits meanwhile: its clocks
   * stand still. The signal ends the waiting. Without it, and when it fails, the answer is `cancel`.
   */
  onElicit?: (asked: Elicitation, signal: AbortSignal) => Promise<ElicitResult>
  /** Asks the server for its log messages; without it none are asked for. */
  onLog?: (line: LogLine) => void
  /** 2026-07-28: goes on with a call that ended as `input_required`. */
  resume?: Resume
}

export type Answer =
  | { kind: 'answered'; result: ToolResult }
  /** The server refused the call with a JSON-RPC error. `message` is its own text, cleaned and capped. */
  | { kind: 'tool_failed'; code: number; message: string }
  /** 2026-07-28: nothing is open at the server. Call again with `resume`; `request_state` goes back as it came. */
  | { kind: 'input_required'; requests: Record<string, Elicitation>; request_state?: string }
  /** JSON-RPC -32042: nothing ran. Call again once a person has been through each of these pages. */
  | { kind: 'url_required'; asked: Extract<Elicitation, { mode: 'url' }>[] }

/** What ends a call from outside it: the caller, or the clock. */
export type Budget = {
  signal: AbortSignal
  /** Resolves when it ends early; never rejects. */
  ended: Promise<null>
  /** Why it ended, once it did. */
  over(): UpstreamError | null
  /** From here on the request may have reached the tool. */
  sending(): void
  end(): void
}

export function startBudget(limits: { signal?: AbortSignal; max_total_ms: number }): Budget {
  const controller = new AbortController()
  let reason: 'timeout' | 'cancelled' | null = null
  let sent = false
  let tell: (ended: null) => void = () => {}
  const ended = new Promise<null>((resolve) => tell = resolve)
  const stop = (why: 'timeout' | 'cancelled') => {
    reason ??= why
    controller.abort(reason)
    tell(null)
  }
  const cancel = () => stop('cancelled')
  const timer = setTimeout(() => stop('timeout'), limits.max_total_ms)
  if (limits.signal?.aborted) cancel()
  else limits.signal?.addEventListener('abort', cancel, { once: true })
  return {
    signal: controller.signal,
    ended,
    over() {
      if (reason === null) return null
      const message = reason === 'timeout'
        ? 'The server did not answer in time'
        : 'The call was cancelled'
      return new UpstreamError(reason, message, { sent })
    },
    sending: () => sent = true,
    end() {
      clearTimeout(timer)
      limits.signal?.removeEventListener('abort', cancel)
    },
  }
}

/** Calls. Throws what the SDK throws, or `UpstreamError` for an answer that is none. */
export async function callOn(
  connection: Connection,
  { call, budget }: { call: ToolCall; budget: Budget },
): Promise<Answer> {
  budget.sending()
  try {
    const raw = await connection.client.callTool(
      { name: call.name, arguments: call.arguments },
      {
        toolDefinition: { name: call.name, inputSchema: call.definition.inputSchema } as Tool,
        signal: budget.signal,
        timeout: call.timeout_ms,
        maxTotalTimeout: call.max_total_ms,
        resetTimeoutOnProgress: true,
        ...(call.onProgress ? { onprogress: relay(call.onProgress) } : {}),
      },
    )
    return { kind: 'answered', result: checked(raw, call) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { kind: 'tool_failed', code: error.code, message: cleanText(error.message) }
  }
}

/** A JSON-RPC error of the server’s own; not one our transport made up for a lost stream. */
function isRefusal(error: unknown): error is ProtocolError {
  if (!(error instanceof ProtocolError) || error instanceof UnsupportedProtocolVersionError) {
    return false
  }
  return !(error.data instanceof EgressError)
}

function checked(raw: unknown, call: ToolCall): ToolResult {
  const capped = capResult(raw)
  if (!capped.ok) throw new UpstreamError(capped.reason, capped.message, { sent: true })
  const problem = outputProblem(call.definition.outputSchema, capped.result)
  if (problem) throw new UpstreamError('protocol', problem, { sent: true })
  return capped.result
}

function relay(listener: (progress: Progress) => void) {
  return (told: { progress: number; total?: number; message?: string }) =>
    listener({
      progress: told.progress,
      total: told.total ?? null,
      message: told.message === undefined ? null : cleanText(told.message, 500),
    })
}
