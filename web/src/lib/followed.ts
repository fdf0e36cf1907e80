// How far an execution is that may still wait for a person, from whichever answer told it. Pure.
import type {
  ApprovalRequest,
  Execution,
  ExecutionAnswer,
  ExecutionStatus,
} from '@shared/execution.ts'

export type Asked = NonNullable<Execution['asked']>
export type Followed = {
  status: ExecutionStatus
  /** What is waited for; null while that is not known, and when nothing is. */
  asked: Asked | null
  result: Execution['output_result']
  error: ExecutionAnswer['error'] | null
  duration_ms: number
  started_at: string | null
  /** What it is called with, secrets left out; null where an answer did not tell. */
  parameters: Execution['input_parameters'] | null
  progress: Execution['progress']
  cached_at: string | null
  /** How often it was tried; 1 where nobody told otherwise. */
  tries: number
  /** Whose yes it runs on; null where none was needed, or an answer did not tell. */
  approval: Execution['approval']
}

type Told = Pick<
  Execution,
  | 'status'
  | 'asked'
  | 'output_result'
  | 'error_code'
  | 'error_message'
  | 'duration_ms'
  | 'started_at'
  | 'input_parameters'
  | 'progress'
  | 'cached_at'
  | 'attempts'
  | 'approval'
>

export function fromExecution(execution: Told): Followed {
  const { status, asked, output_result, error_code, error_message, duration_ms } = execution
  return {
    status,
    asked: isWaiting(status) ? asked : null,
    result: output_result,
    error: error_code && { code: error_code, message: error_message ?? '' },
    duration_ms: duration_ms ?? 0,
    started_at: execution.started_at,
    parameters: execution.input_parameters,
    progress: execution.progress,
    cached_at: execution.cached_at,
    tries: Math.max(execution.attempts?.length ?? 1, 1),
    approval: execution.approval,
  }
}

/** An answer says what is asked, but not whose sign-in is missing: the execution itself does. */
export function fromAnswer(answer: Omit<ExecutionAnswer, 'authorization_url'>): Followed {
  const { status, input, approval, result, error, duration_ms, cached_at, tries } = answer
  return {
    status,
    asked: input ?? approval ?? null,
    result: result ?? null,
    error: error ?? null,
    duration_ms,
    started_at: null,
    parameters: null,
    progress: null,
    cached_at: cached_at ?? null,
    tries: tries ?? 1,
    approval: null,
  }
}

/** A person has to do something before it goes on. */
export function isWaiting(status: ExecutionStatus): boolean {
  return status.startsWith('awaiting_')
}

export function isRunning(status: ExecutionStatus): boolean {
  return status === 'pending' || status === 'running'
}

export function asksApproval(asked: Asked | null): asked is ApprovalRequest {
  return asked !== null && 'approval_id' in asked
}

/** Its time to be answered ran out: no clock runs while a call waits, so it took none. */
export function wasNotAnswered({ status, duration_ms }: Pick<Followed, 'status' | 'duration_ms'>) {
  return status === 'timeout' && duration_ms === 0
}

type Me = { user_id: string; admin: boolean }

/** Whether this person can end the wait: by an answer of their own, or as an admin. */
export function waitsForMe(
  { asked, user_id }: { asked: Asked | null; user_id: string | null },
  me: Me,
): boolean {
  const mine = user_id === me.user_id
  if (asked === null) return false
  if (asksApproval(asked)) return asked.needs === 'admin' ? me.admin : mine
  return mine && (!('account' in asked) || asked.account === 'person' || me.admin)
}

/** How long until the next look: 1 s at first, never more than 5. */
export function pauseAfter(looks: number): number {
  return Math.min(1_000 * 1.5 ** Math.max(looks - 1, 0), 5_000)
}
