// Following an execution that waits for a person, and what that person may do about it.
import { useIsMutating, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Account, ExecutionAnswer, InputAction } from '@shared/execution.ts'
import { call, CallError } from './call.ts'
import { leaveToSignIn } from './connect.ts'
import {
  asksApproval,
  type Followed,
  fromAnswer,
  fromExecution,
  isRunning,
  isWaiting,
  pauseAfter,
} from './followed.ts'
import { useShownAgain } from './use-shown-again.ts'

type Of = { team_id: string; execution_id: string; server_id: string }
export type InputGiven = { answer: InputAction; content?: Record<string, unknown> }
export type Decision =
  /** `parameters`: what to call it with instead. `always`: never ask this person again. */
  | { decision: 'approve'; parameters?: Record<string, unknown>; always: boolean }
  | { decision: 'reject' }

/** Whoever has just said yes is waiting: how it goes on is looked for this often. */
const approvedPauseMs = 600

/**
 * `first` is what is known already. Looks again more and more rarely, only while the page is seen, at once
 * when someone comes back to it, and no more once the execution has ended.
 */
export function useWaiting({ team_id, execution_id, server_id }: Of, first?: Followed) {
  const queries = useQueryClient()
  const queryKey = ['team', team_id, 'followed', execution_id]
  const decideKey = [...queryKey, 'decide']
  const deciding = useIsMutating({ mutationKey: decideKey }) > 0
  const looking = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      fromExecution((await call('get_execution', { team_id, execution_id }, { signal })).execution),
    placeholderData: first,
    staleTime: ({ state }) => state.data && hasEnded(state.data) ? Infinity : 0,
    refetchInterval: ({ state }) =>
      (state.data && hasEnded(state.data)) || isGone(state.error)
        ? false
        : deciding
        ? approvedPauseMs
        : pauseAfter(state.dataUpdateCount + state.errorUpdateCount),
  })
  const settle = async (answer: ExecutionAnswer, parameters?: Record<string, unknown>) => {
    // A look that is under way knows less than this answer.
    await queries.cancelQueries({ queryKey })
    queries.setQueryData<Followed>(queryKey, (known) => ({
      ...fromAnswer(answer),
      started_at: known?.started_at ?? null,
      parameters: parameters ?? known?.parameters ?? null,
      approval: known ? yesOf(known) : null,
    }))
    if (answer.status === 'awaiting_auth') void queries.invalidateQueries({ queryKey })
    for (const rest of [['executions'], ['execution', execution_id], ['waits']]) {
      void queries.invalidateQueries({ queryKey: ['team', team_id, ...rest] })
    }
  }
  // Answered elsewhere, or over meanwhile: the next look shows it.
  const look = (error: Error) => {
    if (error instanceof CallError && error.code === 'conflict') {
      void queries.invalidateQueries({ queryKey })
    }
  }
  const answer = useMutation({
    mutationFn: (given: InputGiven) =>
      call('answer_input', { team_id, execution_id, ...given, ...seen(looking.data ?? first) }),
    onSuccess: (answered) => settle(answered),
    onError: look,
  })
  const decide = useMutation({
    mutationKey: decideKey,
    mutationFn: (decision: Decision) =>
      call('answer_approval', {
        team_id,
        approval_id: approvalOf(looking.data ?? first),
        ...decision,
      }),
    onSuccess: (answered, decision) =>
      settle(answered, decision.decision === 'approve' ? decision.parameters : undefined),
    onError: look,
  })
  const cancel = useMutation({
    mutationFn: () => call('cancel_execution', { team_id, execution_id }),
    onSuccess: (answered) => settle(answered),
    onError: look,
  })
  const signIn = useMutation({
    mutationFn: (account: Account) =>
      leaveToSignIn({ team_id, server_id, account, return_to: location.pathname }),
  })
  useShownAgain(signIn.reset)
  return {
    followed: looking.data ?? first,
    gone: isGone(looking.error),
    error: looking.error,
    answer,
    decide,
    cancel,
    signIn,
  }
}

export type Waiting = ReturnType<typeof useWaiting>

/** An answer is meant for the question on the screen: another may be asked by the time it arrives. */
function seen(followed: Followed | undefined): { question_id?: string } {
  const { asked } = followed ?? {}
  return asked && 'mode' in asked && asked.id ? { question_id: asked.id } : {}
}

/** Whose yes it runs on once an approval that was open is answered. */
function yesOf({ asked, approval }: Followed): Followed['approval'] {
  return asksApproval(asked) ? asked.needs : approval
}

function approvalOf(followed: Followed | undefined): string {
  const asked = followed?.asked ?? null
  if (!asksApproval(asked)) throw new Error('Nobody is asked to approve this call.')
  return asked.approval_id
}

function hasEnded({ status }: Followed): boolean {
  return !isWaiting(status) && !isRunning(status)
}

function isGone(error: Error | null): boolean {
  return error instanceof CallError && error.code === 'not_found'
}
