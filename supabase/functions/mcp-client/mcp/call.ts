// One tool call on one open connection: what goes out, and what its answer may be.
import {
  isInputRequiredResult,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  type Tool,
  UnsupportedProtocolVersionError,
  UrlElicitationRequiredError,
} from '@modelcontextprotocol/client'
import type { Progress, ToolResult } from '../../../../shared/execution.ts'
import type { LogLine } from '../../../../shared/happening.ts'
import { type Budget, noClock } from './budget.ts'
import { cleanText } from './content.ts'
import { EgressError } from './egress-error.ts'
import {
  type Elicitation,
  type ElicitResult,
  readInputRequests,
  readRequiredPages,
  type UrlElicitation,
} from './elicitation.ts'
import type { Connection } from './negotiation.ts'
import { readResult } from './result.ts'
import { takingTasks, taskIn } from './task-wire.ts'
import { readNewTask, type TaskHandle } from './tasks.ts'
import { UpstreamError } from './upstream.ts'

/** How a call that a 2026-07-28 server left open goes on: what was answered to each of its requests. */
export type Resume = { responses: Record<string, ElicitResult>; request_state?: string }

export type ToolCall = {
  name: string
  /** The raw definition as stored: `x-mcp-header` parameters and the output schema are read from it. */
  definition: Record<string, unknown>
  arguments: Record<string, unknown>
  /** Without an answer for this long the call ends; every progress notification starts it anew. */
  timeout_ms: number
  /** Never extended, but for what a person takes to answer. */
  max_total_ms: number
  signal?: AbortSignal
  /** Asks the server for progress; without it none is asked for. */
  onProgress?: (progress: Progress) => void
  /**
   * Answers what a session-era server asks in the middle of the call, which waits meanwhile: its clocks
   * stand still. The signal ends the waiting. Without it, and when it fails, the answer is `cancel`.
   */
  onElicit?: (asked: Elicitation, signal: AbortSignal) => Promise<ElicitResult>
  /** Asks the server for its log messages; without it none are asked for. At most 100 come. */
  onLog?: (line: LogLine) => void
  /** 2026-07-28: goes on with a call that ended as `input_required`. */
  resume?: Resume
  /** Tells a 2026-07-28 server that it may answer with a task. */
  tasks?: true
}

export type Answer =
  | { kind: 'answered'; result: ToolResult }
  /** The server refused the call with a JSON-RPC error. `message` is its own text, cleaned and capped. */
  | { kind: 'tool_failed'; code: number; message: string }
  /** 2026-07-28: nothing is open at the server. Call again with `resume`; `request_state` goes back as it came. */
  | { kind: 'input_required'; requests: Record<string, Elicitation>; request_state?: string }
  /** JSON-RPC -32042: nothing ran. Call again once a person has been through each of these pages. */
  | { kind: 'url_required'; asked: UrlElicitation[] }
  /** 2026-07-28, only with `tasks`: it goes on at the server. Its end is polled for, from anywhere. */
  | { kind: 'task'; task: TaskHandle }

const logLevel = 'info'

/** Calls. Throws what the SDK throws, or `UpstreamError` for an answer that is none. */
export async function callOn(
  connection: Connection,
  { call, budget }: { call: ToolCall; budget: Budget },
): Promise<Answer> {
  const { allowed_private_hosts } = connection
  if (call.resume && connection.protocol.era === 'legacy') {
    // It would begin anew there what has perhaps been done in part.
    throw new UpstreamError('protocol', 'The server no longer knows the call that waited')
  }
  if (call.onLog) askForLogs(connection)
  budget.sending()
  try {
    const raw: unknown = await connection.client.callTool(paramsOf(call, connection), {
      toolDefinition: { name: call.name, inputSchema: call.definition.inputSchema } as Tool,
      signal: budget.signal,
      timeout: noClock,
      allowInputRequired: true,
      ...(call.onProgress ? { onprogress: relay(call.onProgress, budget) } : {}),
    })
    const task = taskIn(raw)
    if (task) return { kind: 'task', task: readNewTask(task) }
    return isInputRequiredResult(raw)
      ? { kind: 'input_required', ...readInputRequests(raw, allowed_private_hosts) }
      : { kind: 'answered', result: readResult(raw, call.definition) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (error instanceof UrlElicitationRequiredError) {
      return {
        kind: 'url_required',
        asked: readRequiredPages(error.elicitations, allowed_private_hosts),
      }
    }
    return { kind: 'tool_failed', code: error.code, message: cleanText(error.message) }
  }
}

/** The state goes back byte for byte, on this call and no other (MCP 2026-07-28, “Multi Round-Trip Requests”). */
function paramsOf(call: ToolCall, { protocol }: Connection) {
  const { resume } = call
  const meta = protocol.era === 'modern'
    ? {
      ...(call.onLog ? { [LOG_LEVEL_META_KEY]: logLevel } : {}),
      ...(call.tasks ? takingTasks : {}),
    }
    : {}
  return {
    name: call.name,
    arguments: call.arguments,
    ...(resume ? { inputResponses: resume.responses } : {}),
    ...(resume?.request_state === undefined ? {} : { requestState: resume.request_state }),
    ...(Object.keys(meta).length > 0 ? { _meta: meta } : {}),
  }
}

/** Session eras ask once per connection; nobody waits for it, and a server that refuses just says less. */
function askForLogs(connection: Connection): void {
  const { client, protocol } = connection
  if (connection.logging || protocol.era === 'modern') return
  if (!client.getServerCapabilities()?.logging) return
  connection.logging = true
  client.setLoggingLevel(logLevel).catch(() => {})
}

/** A JSON-RPC error of the server’s own; not one our transport made up for a lost stream. */
function isRefusal(error: unknown): error is ProtocolError {
  if (!(error instanceof ProtocolError) || error instanceof UnsupportedProtocolVersionError) {
    return false
  }
  return !(error.data instanceof EgressError)
}

function relay(listener: (progress: Progress) => void, budget: Budget) {
  return (told: { progress: number; total?: number; message?: string }) => {
    budget.heard()
    listener({
      progress: told.progress,
      total: told.total ?? null,
      message: told.message === undefined ? null : cleanText(told.message, 500),
    })
  }
}
