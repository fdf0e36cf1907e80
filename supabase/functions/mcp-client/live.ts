// The executions that run in this process: how to cancel one, and how to hand it a person's answer.
// A call that waits in its worker answers its request early and goes on here.
import type { ExecutionAnswer } from '../../../shared/execution.ts'
import type { ElicitResult } from './mcp/elicitation.ts'

export type Live = {
  /** Ends the upstream call. */
  signal: AbortSignal
  cancel(): void
  /** What the caller is told next: how it ended, or what it waits for. Rejects as the work does. */
  next(): Promise<ExecutionAnswer>
  /** The call waits for a person from here on, and no longer for the one who sent it. */
  pause(answer: ExecutionAnswer): void
  /** Whoever sent it does not wait for it any longer: it goes on by itself, and its end is notified. */
  letGo(): void
  /** Whoever sent it has had an answer, which was not its end. */
  readonly released: boolean
  /** It was let go. */
  readonly unheard: boolean
  /** The answer to what it waits for, when it is given in this process. */
  answered(): Promise<ElicitResult>
  /** Only to the question it was meant for: another one may be asked by now. */
  give(result: ElicitResult, question_id: string | undefined): void
}

const running = new Map<string, Live>()

/** The execution, if it runs in this process. */
export function liveExecution(execution_id: string): Live | undefined {
  return running.get(execution_id)
}

/** Runs the work as a live execution. `caller` cancels it until it first pauses. */
export function goLive(
  execution_id: string,
  caller: AbortSignal | undefined,
  work: (live: Live) => Promise<ExecutionAnswer>,
): { live: Live; done: Promise<void> } {
  const abort = new AbortController()
  let moment = Promise.withResolvers<ExecutionAnswer>()
  let answer = Promise.withResolvers<ElicitResult>()
  let asked: string | undefined
  let released = false
  let unheard = false
  const began = performance.now()
  const cancel = () => abort.abort()
  if (caller?.aborted) cancel()
  else caller?.addEventListener('abort', cancel, { once: true })
  const release = (told: ExecutionAnswer) => {
    released = true
    caller?.removeEventListener('abort', cancel)
    const said = moment
    moment = Promise.withResolvers()
    said.resolve(told)
  }
  const live: Live = {
    signal: abort.signal,
    cancel,
    next: () => moment.promise,
    pause(told) {
      release(told)
      answer = Promise.withResolvers()
      asked = told.input?.id
    },
    letGo() {
      if (unheard) return
      unheard = true
      const duration_ms = Math.round(performance.now() - began)
      release({ execution_id, status: 'running', duration_ms })
    },
    get released() {
      return released
    },
    get unheard() {
      return unheard
    },
    answered: () => answer.promise,
    give: (result, question_id) => void (question_id === asked && answer.resolve(result)),
  }
  running.set(execution_id, live)
  const done = work(live).then((ended) => moment.resolve(ended), (thrown) => moment.reject(thrown))
    .finally(() => {
      // Another one may have begun under this id meanwhile.
      if (running.get(execution_id) === live) running.delete(execution_id)
      caller?.removeEventListener('abort', cancel)
      // Whoever was to hear of it may have left: an unheard failure is not an accident.
      moment.promise.catch(() => {})
    })
  return { live, done }
}
