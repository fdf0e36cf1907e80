// How far an execution is that may still wait for a person, from whichever answer told it. Pure.
import type { Execution, ExecutionAnswer, ExecutionStatus } from '@shared/execution.ts'

export type Asked = NonNullable<Execution['asked']>
export type Followed = {
  status: ExecutionStatus
  /** What is waited for; null while that is not known, and when nothing is. */
  asked: Asked | null
  result: Execution['output_result']
  error: ExecutionAnswer['error'] | null
  duration_ms: number
  started_at: string | null
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
  }
}

/** An answer says what is asked, but not whose sign-in is missing: the execution itself does. */
export function fromAnswer(answer: Omit<ExecutionAnswer, 'authorization_url'>): Followed {
  const { status, input, result, error, duration_ms } = answer
  return {
    status,
    asked: input ?? null,
    result: result ?? null,
    error: error ?? null,
    duration_ms,
    started_at: null,
  }
}

/** A person has to do something before it goes on. */
export function isWaiting(status: ExecutionStatus): boolean {
  return status.startsWith('awaiting_')
}

export function isRunning(status: ExecutionStatus): boolean {
  return status === 'pending' || status === 'running'
}

/** How long until the next look: 1 s at first, never more than 5. */
export function pauseAfter(looks: number): number {
  return Math.min(1_000 * 1.5 ** Math.max(looks - 1, 0), 5_000)
}
