// THE corridor: the only way to a tool, whichever door a call came through.
// begin (one round trip, the row) → connect and call → answer, while finish (one round trip) ends the row.
// A call that needs a person lets its row wait instead, and comes back through `carryOn`.
import type { ExecutionAnswer, Progress } from '../../../shared/execution.ts'
import type { LogLine } from '../../../shared/happening.ts'
import { type Admitted, begin, signInNeeded, type ToolCall } from './admission.ts'
import type { App } from './app.ts'
import { askApproval } from './approval-request.ts'
import type { Caller } from './auth.ts'
import { attempt, type Outcome } from './attempt.ts'
import { continueAfter } from './continuations.ts'
import { failure, isOpen } from './ending.ts'
import { finishLater, settled } from './finish.ts'
import { AppError } from './http.ts'
import { goLive, type Live } from './live.ts'
import { log } from './log.ts'
import { checkParameters } from './mcp/validation.ts'
import { pause } from './pause.ts'
import { beginning, look, type Standing, suspend } from './waiting.ts'

/** The caller's abort signal, and where progress and the server's log lines go. */
export type Watch = {
  signal?: AbortSignal
  /** The row exists: from here on the call can be cancelled by its id. */
  onBegun?: (execution_id: string) => void
  onProgress?: (progress: Progress) => void
  onLog?: (line: LogLine) => void
}

/**
 * Runs one tool call and answers how it ended, or what it waits for; a tool that fails is an answer, not
 * an exception. Throws AppError before anything was sent: `not_found`, `forbidden` (details.reason),
 * `conflict`, `team_required`, `invalid_parameters` (details: FieldProblem[]), `in_progress`,
 * `idempotency_mismatch`, `rate_limited`, `unsupported`, `unavailable`.
 */
export async function execute(
  app: App,
  caller: Caller,
  call: ToolCall,
  watch: Watch = {},
): Promise<ExecutionAnswer> {
  const started = performance.now()
  const begun = await begin(app, caller, call)
  if (begun.verdict === 'ended') return begun.answer
  watch.onBegun?.(begun.execution_id)
  const problems = checkParameters(schemaOf(begun.tool.definition), call.parameters)
  if (problems.length > 0) {
    const { path, message } = problems[0]!
    const refused = failure('invalid_parameters', `${path}: ${message}`)
    const { execution_id, mode } = begun
    finishLater(app, execution_id, { ...refused, mode, duration_ms: since(started) })
    // Nothing ran, so nobody is in a hurry: a refusal is on record before it is given.
    await settled(begun.execution_id)
    throw new AppError('invalid_parameters', refused.error!.message, problems)
  }
  const standing = beginning(call.parameters)
  if (begun.verdict === 'ask') return await askApproval(app, begun, standing)
  if (begun.mode === 'async') return carryOnUnheard(app, begun, { standing, started })
  return await carryOn(app, begun, { standing, watch, started, heard: true })
}

type Going = {
  standing: Standing
  watch: Watch
  started: number
  /** How long a worker stays with a task; left out, as long as one may. */
  patience_ms?: number
  /** Whoever sent it waits for its end. */
  heard?: boolean
}

/** Makes an admitted call, from the start or from where it stood. Gives its end, or what it waits for. */
export function carryOn(app: App, admitted: Admitted, going: Going): Promise<ExecutionAnswer> {
  const { live, done } = goLive(
    admitted.execution_id,
    going.watch.signal,
    async (live) => {
      const ended = await run(app, admitted, { ...going, live })
      // An answer of the chat may wait for it.
      const news = admitted.chat_id !== null && (!going.heard || live.released)
      if (news && !isOpen(ended)) continueAfter(app, admitted.execution_id)
      return ended
    },
  )
  app.background(done)
  return live.next()
}

/** The same, without anyone waiting: its end is in its row, and notified. */
function carryOnUnheard(
  app: App,
  admitted: Admitted,
  { standing, started }: Omit<Going, 'watch'>,
): ExecutionAnswer {
  const { execution_id } = admitted
  carryOn(app, admitted, { standing, watch: {}, started }).catch((thrown) =>
    log('error', 'a call in the background failed', { execution_id, thrown })
  )
  return { execution_id, status: 'running', duration_ms: since(started) }
}

const LOOK_AFTER_MS = 2_000

async function run(
  app: App,
  admitted: Admitted,
  { standing, watch, started, live, patience_ms }: Going & { live: Live },
): Promise<ExecutionAnswer> {
  const over = new AbortController()
  let newest: Progress | null = null
  const watched: Watch = {
    ...watch,
    onProgress: (progress) => {
      newest = progress
      watch.onProgress?.(progress)
    },
  }
  const { execution_id } = admitted
  const heard = admitted.mode === 'sync'
  void lookAfter(app, { execution_id, heard, live, newest: () => newest, signal: over.signal })
  let waited_ms = 0
  const waited = (ms: number) => waited_ms += ms
  const outcome = await attempt(app, admitted, {
    standing,
    watch: watched,
    live,
    started,
    waited,
    patience_ms,
  })
    .finally(() => over.abort())
  const spent_ms = standing.spent_ms + since(started) - Math.round(waited_ms)
  const mode = live.unheard ? 'async' : admitted.mode
  return await conclude(app, { ...admitted, mode }, { outcome, spent_ms })
}

/** The row's last word, or its wait. What can no longer wait was cancelled. */
async function conclude(
  app: App,
  admitted: Admitted,
  { outcome, spent_ms }: { outcome: Outcome; spent_ms: number },
): Promise<ExecutionAnswer> {
  const { execution_id, mode } = admitted
  const duration_ms = Math.max(0, Math.round(spent_ms))
  // A task goes on at its server, and whoever asks after it next may be another process.
  if ('left' in outcome) return { execution_id, status: 'running', duration_ms }
  if ('wait' in outcome) {
    const { wait, authorization_url } = outcome
    wait.standing.spent_ms = duration_ms
    if (await suspend(app, admitted, wait)) {
      return {
        execution_id,
        status: wait.status,
        ...('mode' in wait.asked ? { input: wait.asked } : {}),
        ...('account' in wait.asked ? { error: signInNeeded(wait.asked.account) } : {}),
        ...(authorization_url ? { authorization_url } : {}),
        duration_ms,
      }
    }
    // A task that nobody wants cancelled was put aside by another worker.
    if (wait.standing.task && !(await look(app, execution_id))?.over) {
      return { execution_id, status: 'running', duration_ms }
    }
    outcome = failure('cancelled', 'The call was cancelled')
  }
  finishLater(app, execution_id, { ...outcome, mode, duration_ms })
  const tries = outcome.attempts?.length ?? 1
  return {
    execution_id,
    status: outcome.status,
    ...(outcome.result ? { result: outcome.result } : {}),
    ...(outcome.error ? { error: outcome.error } : {}),
    ...(tries > 1 ? { tries } : {}),
    duration_ms,
  }
}

/**
 * A long call is looked after: its lease is renewed and its progress kept while its worker lives, and
 * whoever cancels it or lets it go may do so in another process.
 */
async function lookAfter(
  app: App,
  { execution_id, heard, live, newest, signal }: {
    execution_id: string
    /** Whoever called waits for it, unless they let it go. */
    heard: boolean
    live: Live
    newest: () => Progress | null
    signal: AbortSignal
  },
): Promise<void> {
  while (await pause(LOOK_AFTER_MS, signal)) {
    const seen = await look(app, execution_id, { progress: newest() })
    if (seen?.over) live.cancel()
    if (seen?.over) return
    if (seen?.unheard && heard && !live.unheard) live.letGo()
  }
}

function since(started: number): number {
  return Math.round(performance.now() - started)
}

function schemaOf(definition: Record<string, unknown>): Record<string, unknown> {
  const schema = definition.inputSchema
  return typeof schema === 'object' && schema !== null ? schema as Record<string, unknown> : {}
}
