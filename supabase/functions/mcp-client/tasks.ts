// Calls that their server works on as a task (MCP 2026-07-28, `io.modelcontextprotocol/tasks`): kept sealed
// in the call's row, asked after by a worker while it may live, and from then on by whoever ticks.
import type { Admitted } from './admission.ts'
import type { App } from './app.ts'
import type { Going, Outcome } from './attempt.ts'
import { seal } from './credentials.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import type { Answer } from './mcp/call.ts'
import type { Elicitation } from './mcp/elicitation.ts'
import type { TaskHandle } from './mcp/tasks.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { pause } from './pause.ts'
import { redactByValue } from './redact.ts'
import { storable } from './storable.ts'
import { ended, failure } from './ending.ts'
import type { Reachable } from './upstream-of.ts'
import { look, nextQuestion, placeOf, type Standing } from './waiting.ts'

/** A platform ends its workers after 400 s; what a call took before it became a task is in this too. */
const WORKER_MS = 240_000
/** A server that keeps a task for ever is asked for a day, one that hardly keeps it for a minute. */
const LONGEST_SECONDS = 24 * 3_600
const LEAST_SECONDS = 60
const GOODBYE_MS = 5_000

type Of = { going: Going; reached: Reachable }

/** The call has become a task: from here on any process can ask after it. */
export async function beginTask(
  app: App,
  admitted: Admitted,
  { going, reached, task }: Of & { task: TaskHandle },
): Promise<Outcome> {
  const { standing } = going
  const { task_id, poll_ms, ttl_ms } = task
  const endpoint = reached.upstream.url
  const began_at = Date.now() - standing.spent_ms
  standing.task = { task_id, endpoint, poll_ms, ttl_ms, began_at, answered: [] }
  delete standing.round
  return await followTask(app, admitted, { going, reached })
}

/** Hands over what was answered, then asks until it has ended, asks something, or patience is over. Throws UpstreamError. */
export async function followTask(app: App, admitted: Admitted, of: Of): Promise<Outcome> {
  const { standing, live, watch } = of.going
  const task = standing.task!
  if (standing.round) await answer(app, of)
  if (!await hold(app, admitted, standing)) {
    // Another worker may have let it wait for a person meanwhile: then it is theirs, and goes on.
    const seen = await look(app, admitted.execution_id)
    return seen?.over ? await giveUp(app, of) : { left: true }
  }
  const until = performance.now() + (of.going.patience_ms ?? WORKER_MS)
  for (let polls = 1; performance.now() < until; polls++) {
    if (!await pause(task.poll_ms, live.signal)) return await giveUp(app, of)
    const seen = await look(app, admitted.execution_id, { poll_ms: task.poll_ms })
    if (seen?.over) return await giveUp(app, of)
    const state = await poll(app, admitted, of).catch((thrown) => {
      if (live.signal.aborted) return 'given up' as const
      throw thrown
    })
    if (state === 'given up') return await giveUp(app, of)
    if (state?.kind === 'working') {
      task.poll_ms = state.task.poll_ms
      const message = state.task.status_message
      watch.onProgress?.(
        redactByValue({ progress: polls, total: null, message }, of.reached.secrets),
      )
      continue
    }
    const outcome = state && outcomeOf(admitted, { ...of, state })
    if (outcome) return outcome
  }
  return { left: true }
}

type Poll = NonNullable<Awaited<ReturnType<typeof poll>>>

/** Null when the server could not be asked just now: it is asked again. */
async function poll(app: App, { tool }: Admitted, { going, reached }: Of) {
  const { task_id } = going.standing.task!
  const { name, definition } = tool
  try {
    const asked = { task_id, name, definition }
    return await app.connections.pollTask(reached.upstream, asked, { signal: going.live.signal })
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError)) throw thrown
    const lasting = thrown.sent ||
      ['unauthorized', 'cancelled', 'address_refused'].includes(thrown.reason)
    if (lasting) throw thrown
    return null
  }
}

/** Null when it asks nothing that was not answered already. */
function outcomeOf(
  admitted: Admitted,
  { going, reached, state }: Of & { state: Exclude<Poll, { kind: 'working' }> },
): Outcome | null {
  switch (state.kind) {
    case 'ended':
      return endOf(state.answer, reached)
    case 'cancelled':
      return failure('cancelled', 'The server ended the task before it was done')
    case 'gone':
      return failure(
        'upstream_protocol',
        'The server no longer knows the task. The tool may have run',
      )
    case 'input_required':
      return question(admitted, { going, reached, requests: state.requests })
  }
}

function endOf(
  answer: Extract<Answer, { kind: 'answered' | 'tool_failed' }>,
  { secrets }: Reachable,
) {
  return answer.kind === 'answered'
    ? ended(redactByValue(storable(answer.result), secrets))
    : failure('tool_failed', redactByValue(storable(answer.message), secrets))
}

function question(
  admitted: Admitted,
  { going, reached, requests }: Of & { requests: Record<string, Elicitation> },
): Outcome | null {
  const { standing } = going
  const { answered } = standing.task!
  const open = Object.entries(requests).filter(([key]) => !answered.includes(key))
  if (open.length === 0) return null
  const asked = redactByValue(Object.fromEntries(open), reached.secrets)
  const round = { requests: asked, responses: {}, again: false }
  const wait = nextQuestion(admitted, { ...standing, rounds: standing.rounds + 1, round })
  return wait && { wait }
}

async function answer(app: App, { going: { standing, live }, reached }: Of): Promise<void> {
  const task = standing.task!
  const { responses } = standing.round!
  const { signal } = live
  await app.connections.answerTask(reached.upstream, task.task_id, responses, { signal })
  task.answered.push(...Object.keys(responses))
  delete standing.round
}

/** False when the call has ended meanwhile, or someone wants it cancelled. */
async function hold(app: App, admitted: Admitted, standing: Standing): Promise<boolean> {
  const { poll_ms, ttl_ms } = standing.task!
  const keys = app.settings.credentialKeys
  const sealed = await seal(standing, { keys, place: placeOf(admitted) })
  return await read<boolean>(app.db.service.rpc('hold_task', {
    p_execution_id: admitted.execution_id,
    p_wait: {
      ...sealed,
      definition_hash: admitted.tool.definition_hash,
      config: admitted.server.config,
    },
    p_poll_ms: poll_ms,
    p_seconds: Math.max(
      LEAST_SECONDS,
      Math.min(Math.ceil((ttl_ms ?? Infinity) / 1_000), LONGEST_SECONDS),
    ),
  }))
}

/** The server is asked to end it. Whether it does is its own affair: nobody waits for that any longer. */
async function giveUp(app: App, { going, reached }: Of): Promise<Outcome> {
  const { task_id } = going.standing.task!
  const signal = AbortSignal.timeout(GOODBYE_MS)
  await app.connections.cancelTask(reached.upstream, task_id, { signal }).catch((thrown) =>
    log('info', 'a task could not be cancelled', { thrown })
  )
  return failure('cancelled', 'The call was cancelled')
}
