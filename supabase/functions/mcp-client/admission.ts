// What the database says before a call may run: the corridor's first round trip, and the one that lets
// a waiting call go on. Turns its refusals into AppErrors and what is on record into answers.
import type {
  Account,
  ApprovalRequest,
  ExecutionAnswer,
  ExecutionError,
  InputRequest,
  ToolResult,
} from '../../../shared/execution.ts'
import type { Membership } from '../../../shared/team.ts'
import type { App } from './app.ts'
import { type Caller, chooseTeam } from './auth.ts'
import { canonical, sha256 } from './canonical.ts'
import type { SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { redactByName, redactByValue } from './redact.ts'
import { NO_STDIO_HOST, type ServerRow } from './upstream-of.ts'

export type ToolCall = {
  team_id?: string
  server_id: string
  tool_name: string
  parameters: Record<string, unknown>
  idempotency_key?: string
  chat_id?: string
  message_id?: string
  /** `async`: whoever calls has their answer as soon as the row is there. */
  mode?: 'sync' | 'async'
  origin: 'direct' | 'chat'
  /** True when a person saw and sent exactly these arguments: that is what `ask` asks for. */
  approved: boolean
  /** From a chat: whether a model proposed it that was shown words from outside. Left out, it counts as such. */
  after_outside?: boolean
}

/** Everything a worker needs to make a call that was admitted. */
export type Admitted = {
  verdict: 'run' | 'ask'
  execution_id: string
  team_id: string
  user_id: string
  administers: boolean
  chat_id: string | null
  mode: 'sync' | 'async'
  server: ServerRow & { name: string }
  tool: {
    name: string
    definition: Record<string, unknown>
    definition_hash: string
    /** Without a word from the server for this long the call ends. */
    timeout_seconds: number
    /** However much progress it reports, it ends after this long. */
    longest_seconds: number
    /** It may be tried again even after it was sent. */
    is_idempotent: boolean
  }
  /** Where it may go, the best one first; empty while it is asked about. */
  endpoints?: string[]
  account: Account
  credential: SealedCredential | null
}

/** A call whose row is pending: nothing runs before someone has said yes. */
export type Unapproved = Admitted & {
  needs: 'self' | 'admin'
  allows_always: boolean
  reason: 'policy' | 'outside'
}

export type Asked = InputRequest | { account: Account } | ApprovalRequest

type Refusal =
  | 'not_found'
  | 'not_waiting'
  | 'stdio_host_needed'
  | 'chat_not_found'
  | 'server_inactive'
  | 'tool_disabled'
  | 'needs_admin'
  | 'not_editable'
  | 'already_decided'
  | 'rate_limited'
  | 'server_rests'
  | 'in_progress'
  | 'idempotency_mismatch'
export type Refused = {
  verdict: 'refused'
  reason: Refusal
  execution_id?: string
  /** With `rate_limited`: whose limit it was. */
  limit?: 'person' | 'tool' | 'team'
  retry_after_seconds?: number
  decision?: string
}

/** Nothing runs: a repeated idempotency key, or a tool that the policy denies. */
export type OnRecord = {
  execution_id: string
  status: ExecutionAnswer['status']
  result: ToolResult | null
  asked: Asked | null
  cached_at?: string | null
  error_code: ExecutionError['code'] | null
  error_message: string | null
  duration_ms: number | null
}
type NotRun = Refused | (OnRecord & { verdict: 'ended' })

type Begun = (Unapproved & { verdict: 'ask' }) | (Admitted & { verdict: 'run' }) | NotRun | {
  verdict: 'no_team'
  memberships: Membership[]
}
type Resumed =
  | (Admitted & { wait: SealedCredential })
  | NotRun
  | { verdict: 'held'; execution_id: string }

/**
 * Admits and records one call, or gives what is on record for it. Throws AppError: `not_found`,
 * `forbidden` (details.reason), `conflict`, `team_required`, `in_progress`, `idempotency_mismatch`,
 * `rate_limited`, `unavailable` (the server rests), `unsupported`.
 */
export async function begin(
  app: App,
  caller: Caller,
  call: ToolCall,
): Promise<
  | (Unapproved & { verdict: 'ask' })
  | (Admitted & { verdict: 'run' })
  | { verdict: 'ended'; answer: ExecutionAnswer }
> {
  const { idempotency_key } = call
  const begun = await read<Begun>(app.db.service.rpc('begin_execution', {
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
    p_mode: call.mode ?? 'sync',
    p_arguments_hash: await hashOf(call.parameters),
    p_after_outside: call.after_outside ?? null,
  }))
  if (begun.verdict === 'run' || begun.verdict === 'ask') return begun
  if (begun.verdict === 'refused') throw refusalOf(begun)
  if (begun.verdict === 'ended') return { verdict: 'ended', answer: answerOnRecord(begun) }
  chooseTeam(begun.memberships, call.team_id)
  throw new AppError('conflict', 'Your teams changed just now. Try again.')
}

/** Names exact arguments, whatever order they are written in. */
export function hashOf(parameters: Record<string, unknown>): Promise<string> {
  return sha256(canonical(parameters))
}

/**
 * A call may name the very secret that it travels with. Its row was written before that secret was opened:
 * it is written again without it. What is sent stays as the caller gave it.
 */
export async function concealArguments(
  app: App,
  { execution_id, team_id }: Admitted,
  { parameters, secrets }: { parameters: Record<string, unknown>; secrets: string[] },
): Promise<void> {
  const stored = redactByName(parameters)
  const concealed = redactByValue(stored, secrets)
  if (concealed === stored) return
  await read(
    app.db.service.from('mcp_tool_executions').update({ input_parameters: concealed })
      .eq('id', execution_id).eq('team_id', team_id),
  )
}

/**
 * Lets a waiting execution go on: of this user, or (null) of whoever it is, after a sign-in. `held`
 * means that a worker holds the call open and gets the sealed answer. Throws AppError as `begin` does.
 */
export async function resume(
  app: App,
  asked: {
    execution_id: string
    user_id: string | null
    status: 'awaiting_input' | 'awaiting_auth'
    answer?: SealedCredential
    /** The question that the answer was judged by. */
    question_id?: string
  },
): Promise<
  | (Admitted & { wait: SealedCredential })
  | { verdict: 'held' }
  | { verdict: 'ended'; answer: ExecutionAnswer }
> {
  const resumed = await read<Resumed>(app.db.service.rpc('resume_execution', {
    p_execution_id: asked.execution_id,
    p_user_id: asked.user_id,
    p_status: asked.status,
    p_answer: asked.answer ?? null,
    p_question_id: asked.question_id ?? null,
  }))
  if (resumed.verdict === 'refused') throw refusalOf(resumed)
  if (resumed.verdict === 'ended') return { verdict: 'ended', answer: answerOnRecord(resumed) }
  return resumed
}

/** An execution's answer as its row tells it. */
export function answerOnRecord(row: OnRecord): ExecutionAnswer {
  const answer: ExecutionAnswer = {
    execution_id: row.execution_id,
    status: row.status,
    duration_ms: row.duration_ms ?? 0,
  }
  if (row.result) answer.result = row.result
  if (row.error_code) answer.error = { code: row.error_code, message: row.error_message ?? '' }
  if (row.cached_at) answer.cached_at = row.cached_at
  if (row.asked && 'mode' in row.asked) answer.input = row.asked
  if (row.asked && 'approval_id' in row.asked) answer.approval = row.asked
  if (row.asked && 'account' in row.asked) answer.error = signInNeeded(row.asked.account)
  return answer
}

export function signInNeeded(account: Account): ExecutionError {
  const message = account === 'team'
    ? 'The server wants the team to sign in. An admin has to do it; then the call goes on.'
    : 'The server wants you to sign in. Then the call goes on.'
  return { code: 'sign_in_needed', message }
}

const LIMIT_WORDS = {
  person: 'You have made as many calls as your team allows one person for now.',
  tool: 'This tool was called as often as your team allows for now.',
  team: 'Your team has made as many calls as it allows itself for now.',
}

export function refusalOf(refused: Refused): AppError {
  const { reason, execution_id, retry_after_seconds } = refused
  switch (reason) {
    case 'not_found':
      return new AppError(
        'not_found',
        'No such tool on a server of this team, or no such execution.',
      )
    case 'not_waiting':
      return new AppError('conflict', 'This execution is not waiting for that.', { execution_id })
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
    case 'needs_admin':
      return new AppError('forbidden', 'An admin of the team has to approve this call.', { reason })
    case 'not_editable':
      return new AppError(
        'forbidden',
        'This call runs with its person’s own account: only they may change its arguments.',
        { reason },
      )
    case 'already_decided':
      return new AppError('conflict', 'This approval was answered already, or its time is over.', {
        execution_id,
        decision: refused.decision,
      })
    case 'rate_limited': {
      const limit = refused.limit ?? 'team'
      return new AppError(reason, LIMIT_WORDS[limit], { limit, retry_after_seconds })
    }
    case 'server_rests':
      return new AppError(
        'unavailable',
        'This server failed several times in a row. It is left alone for a moment.',
        { reason, retry_after_seconds },
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
