// THE corridor: the only way to a tool, whichever door a call came through.
// begin (one round trip, the row) → connect and call → answer, while finish (one round trip) ends the row.
import type { ExecutionAnswer, ExecutionError, ToolResult } from '../../../shared/execution.ts'
import type { Membership } from '../../../shared/team.ts'
import type { App } from './app.ts'
import { type Caller, chooseTeam } from './auth.ts'
import { canonical, sha256 } from './canonical.ts'
import type { SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { type Ended, finishLater, settled } from './finish.ts'
import { AppError } from './http.ts'
import { log } from './log.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { checkParameters } from './mcp/validation.ts'
import { redactByName, redactByValue } from './redact.ts'
import { storable } from './storable.ts'
import { NO_STDIO_HOST, type ServerRow, upstreamOf } from './upstream-of.ts'

export type ToolCall = {
  team_id?: string
  server_id: string
  tool_name: string
  parameters: Record<string, unknown>
  idempotency_key?: string
  chat_id?: string
  message_id?: string
  origin: 'direct' | 'chat'
  /** True when a person saw and sent exactly these arguments: that is what `ask` asks for. */
  approved: boolean
}

export type Progress = { message: string | null; progress: number; total: number | null }
/** The caller's abort signal, and where progress goes. */
export type Watch = { signal?: AbortSignal; onProgress?: (progress: Progress) => void }

type Admitted = {
  verdict: 'run'
  execution_id: string
  team_id: string
  server: ServerRow & { name: string }
  tool: {
    definition: Record<string, unknown>
    /** Without a word from the server for this long the call ends. */
    timeout_seconds: number
    /** However much progress it reports, it ends after this long. */
    longest_seconds: number
  }
  credential: SealedCredential | null
}
type Verdict =
  | Admitted
  | { verdict: 'no_team'; memberships: Membership[] }
  | { verdict: 'refused'; reason: Refusal; execution_id?: string }
  | {
    /** Nothing runs: a repeated idempotency key, or a tool that the policy denies. */
    verdict: 'ended'
    execution_id: string
    status: ExecutionAnswer['status']
    result: ToolResult | null
    error_code: ExecutionError['code'] | null
    error_message: string | null
    duration_ms: number
  }
type Refusal =
  | 'not_found'
  | 'stdio_host_needed'
  | 'chat_not_found'
  | 'server_inactive'
  | 'tool_disabled'
  | 'needs_approval'
  | 'in_progress'
  | 'idempotency_mismatch'

/**
 * Runs one tool call and answers how it ended; a tool that fails is an answer, not an exception.
 * Throws AppError before anything was sent: `not_found`, `forbidden` (details.reason), `conflict`,
 * `team_required`, `invalid_parameters` (details: FieldProblem[]), `in_progress`, `idempotency_mismatch`, `unavailable`.
 */
export async function execute(
  app: App,
  caller: Caller,
  call: ToolCall,
  watch: Watch = {},
): Promise<ExecutionAnswer> {
  const started = performance.now()
  const verdict = await begin(app, caller, call)
  if (verdict.verdict !== 'run') return answerWithoutRunning(verdict, call)

  const ended = await run(app, verdict, call, watch)
  const duration_ms = Math.round(performance.now() - started)
  finishLater(app, verdict.execution_id, { ...ended, duration_ms })
  if ('problems' in ended) {
    // Nothing ran, so nobody is in a hurry: a refusal is on record before it is given.
    await settled(verdict.execution_id)
    throw new AppError('invalid_parameters', ended.error!.message, ended.problems)
  }
  return {
    execution_id: verdict.execution_id,
    status: ended.status,
    ...(ended.result ? { result: ended.result } : {}),
    ...(ended.error ? { error: ended.error } : {}),
    duration_ms,
  }
}

async function begin(app: App, caller: Caller, call: ToolCall): Promise<Verdict> {
  const { idempotency_key } = call
  return await read<Verdict>(app.db.service.rpc('begin_execution', {
    p_user_id: caller.user_id,
    p_team_id: call.team_id ?? null,
    p_server_id: call.server_id,
    p_tool_name: call.tool_name,
    p_parameters: redactByName(call.parameters),
    p_origin: call.origin,
    p_approved: call.approved,
    p_chat_id: call.chat_id ?? null,
    p_message_id: call.message_id ?? null,
    p_idempotency_key: idempotency_key ?? null,
    p_request_hash: idempotency_key === undefined
      ? null
      : await sha256(canonical([caller.user_id, call.server_id, call.tool_name, call.parameters])),
  }))
}

function answerWithoutRunning(
  verdict: Exclude<Verdict, Admitted>,
  call: ToolCall,
): ExecutionAnswer {
  if (verdict.verdict === 'no_team') {
    chooseTeam(verdict.memberships, call.team_id)
    throw new AppError('conflict', 'Your teams changed just now. Try again.')
  }
  if (verdict.verdict === 'refused') throw refusalOf(verdict)
  return {
    execution_id: verdict.execution_id,
    status: verdict.status,
    ...(verdict.result ? { result: verdict.result } : {}),
    ...(verdict.error_code
      ? { error: { code: verdict.error_code, message: verdict.error_message ?? '' } }
      : {}),
    duration_ms: verdict.duration_ms,
  }
}

function refusalOf(
  { reason, execution_id }: { reason: Refusal; execution_id?: string },
): AppError {
  switch (reason) {
    case 'not_found':
      return new AppError('not_found', 'No such tool on a server of this team.')
    case 'stdio_host_needed':
      return new AppError('unsupported', NO_STDIO_HOST)
    case 'chat_not_found':
      return new AppError('not_found', 'No such chat or message of yours.')
    case 'server_inactive':
      return new AppError('conflict', 'This server is switched off. An admin can switch it on.', {
        reason,
      })
    case 'tool_disabled':
      return new AppError('forbidden', 'This tool is switched off. An admin can switch it on.', {
        reason,
      })
    case 'needs_approval':
      return new AppError(
        'forbidden',
        'This tool runs only when a person has seen its arguments.',
        {
          reason,
        },
      )
    case 'in_progress':
      return new AppError(reason, 'The first call with this idempotency key is still running.', {
        execution_id,
      })
    case 'idempotency_mismatch':
      return new AppError(reason, 'This idempotency key was used for another call.', {
        execution_id,
      })
  }
}

/** Connects and calls. Always gives an end, whatever the upstream does. */
async function run(app: App, admitted: Admitted, call: ToolCall, watch: Watch): Promise<Ended> {
  const problems = checkParameters(schemaOf(admitted.tool.definition), call.parameters)
  if (problems.length > 0) {
    const { path, message } = problems[0]!
    return { ...failure('invalid_parameters', `${path}: ${message}`), problems }
  }
  const reached = await upstreamOf(app, admitted)
  if (!reached.ok) return failure(reached.reason, reached.message)
  const { upstream, secrets } = reached
  try {
    const { definition, timeout_seconds, longest_seconds } = admitted.tool
    const outcome = await app.connections.callTool(upstream, {
      name: call.tool_name,
      definition,
      arguments: call.parameters,
      timeout_ms: timeout_seconds * 1_000,
      max_total_ms: longest_seconds * 1_000,
      signal: watch.signal,
      onProgress: watch.onProgress && ((told) => watch.onProgress!(redactByValue(told, secrets))),
    })
    const protocol = redactByValue(outcome.protocol, secrets)
    if (outcome.kind === 'tool_failed') {
      return {
        ...failure('tool_failed', redactByValue(storable(outcome.message), secrets)),
        protocol,
      }
    }
    return { ...ending(redactByValue(storable(outcome.result), secrets)), protocol }
  } catch (thrown) {
    if (thrown instanceof UpstreamError) return failure(thrown.code, thrown.message)
    log('error', 'corridor failed', { execution_id: admitted.execution_id, thrown })
    return failure('internal', 'Something went wrong on our side while calling the tool.')
  }
}

function schemaOf(definition: Record<string, unknown>): Record<string, unknown> {
  const schema = definition.inputSchema
  return typeof schema === 'object' && schema !== null ? schema as Record<string, unknown> : {}
}

/** MCP `isError` is the tool's own failure: the content says why, so its first words become the message. */
function ending(result: ToolResult): Ended {
  if (!result.isError) return { status: 'success', result }
  const text = result.content.find((block) => block.type === 'text')?.text
  const message = typeof text === 'string' && text.trim()
    ? text.trim().slice(0, 500)
    : 'The tool reported an error.'
  return { status: 'error', result, error: { code: 'tool_failed', message } }
}

function failure(code: ExecutionError['code'], message: string): Ended {
  const status = code === 'timeout' || code === 'cancelled' ? code : 'error'
  return { status, error: { code, message } }
}
