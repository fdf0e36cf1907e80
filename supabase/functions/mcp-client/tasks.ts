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
import { look, MOST_ROUNDS, nextQuestion, placeOf, type Standing } from './waiting.ts'

/** A platform ends its workers after 400 s; what a call took before it became a task is in this too. */
const WORKER_MS = 240_000
/** A server that keeps a task for ever is asked for a day, one that hardly keeps it for a minute. */
const LONGEST_SECONDS = 24 * 3_600
const LEAST_SECONDS = 60
const GOODBYE_MS = 5_000
/** A database that is away for a moment does not cost a task that has begun. */
const KEEP_AFTER_MS = [0, 200, 400, 800, 1_600, 3_200]

type Of = { going: Going; reached: Reachable }

/** The call has become a task: from here on any process can ask after it. */
export async function beginTask(
  app: App,
  admitted: Admitted,
  { going, reached, task }: Of & { task: TaskHandle },
): Promise<Outcome> {
  const { standing } = going
  const { task_id, poll_ms, ttl_ms } = task
  standing.task = { task_id, endpoint: reached.upstream.url, poll_ms, ttl_ms, answered: [] }
  delete standing.round
  const of = { going, reached }
  const kept = await keepTask(app, admitted, standing)
  if (kept) return await stayWith(app, admitted, of)
  // Nobody else knows of it: ended somehow, or asked after by no one.
  if (kept === false) return await giveUp(app, of)
  await sayGoodbye(app, of)
  return UNKEPT
}

const UNKEPT: Outcome = {
  status: 'unknown',
  error: {
    code: 'lost',
    message: 'The server works on this call as a task, which Astra could not keep. ' +
      'The server was asked to end it; the tool may have run.',
  },
}

/** Hands over what was answered, then stays with the task. Throws UpstreamError. */
export async function followTask(app: App, admitted: Admitted, of: Of): Promise<Outcome> {
  const { standing, live } = of.going
  if (live.signal.aborted) return await giveUp(app, of)
  if (standing.round) {
    // Whoever was to ask the next one died before.
    const wait = nextQuestion(admitted, standing)
    if (wait) return { wait }
    await answer(app, of)
    // What cannot be kept just now is in the wait as it was before: whoever goes on from there answers again.
    if (await keepTask(app, admitted, standing) === false) {
      // Another worker may have let it wait for a person meanwhile: then it is theirs, and goes on.
      const seen = await look(app, admitted.execution_id)
      return seen?.over ? await giveUp(app, of) : { left: true }
    }
  }
  return await stayWith(app, admitted, of)
}

/** Asks until it has ended, asks something, or patience is over. Its row holds the wait already. */
async function stayWith(app: App, admitted: Admitted, of: Of): Promise<Outcome> {
  const { standing, live, watch, started, patience_ms } = of.going
  const task = standing.task!
  const until = patience_ms === undefined ? started + WORKER_MS : performance.now() + patience_ms
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
    const outcome = state && await outcomeOf(app, admitted, { ...of, state })
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
async function outcomeOf(
  app: App,
  admitted: Admitted,
  { going, reached, state }: Of & { state: Exclude<Poll, { kind: 'working' }> },
): Promise<Outcome | null> {
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
      return await question(app, admitted, { going, reached, requests: state.requests })
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

async function question(
  app: App,
  admitted: Admitted,
  { going, reached, requests }: Of & { requests: Record<string, Elicitation> },
): Promise<Outcome | null> {
  const { standing } = going
  const { answered } = standing.task!
  const open = Object.entries(requests).filter(([key]) => !answered.includes(key))
  if (open.length === 0) return null
  if (standing.rounds >= MOST_ROUNDS) {
    await sayGoodbye(app, { going, reached })
    return failure('upstream_protocol', 'The server keeps asking for input')
  }
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

/**
 * Keeps where the call stands, so that any process can ask after its task. False when the call has ended
 * meanwhile or someone wants it cancelled, null when the database is away for longer than a moment.
 */
async function keepTask(
  app: App,
  admitted: Admitted,
  standing: Standing,
): Promise<boolean | null> {
  const { execution_id } = admitted
  for (const pause_ms of KEEP_AFTER_MS) {
    await pause(pause_ms)
    try {
      return await keepOnce(app, admitted, standing)
    } catch (thrown) {
      log('warn', 'a task could not be kept yet', { execution_id, thrown })
    }
  }
  log('error', 'a task could not be kept', { execution_id })
  return null
}

async function keepOnce(app: App, admitted: Admitted, standing: Standing): Promise<boolean> {
  const { poll_ms, ttl_ms } = standing.task!
  const keys = app.settings.credentialKeys
  const sealed = await seal(standing, { keys, place: placeOf(admitted) })
  return await read<boolean>(app.db.service.rpc('keep_task', {
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

async function giveUp(app: App, of: Of): Promise<Outcome> {
  await sayGoodbye(app, of)
  return failure('cancelled', 'The call was cancelled')
}

/** The server is asked to end it. Whether it does is its own affair: nobody waits for that any longer. */
async function sayGoodbye(app: App, { going, reached }: Of): Promise<void> {
  const { task_id } = going.standing.task!
  const signal = AbortSignal.timeout(GOODBYE_MS)
  await app.connections.cancelTask(reached.upstream, task_id, { signal }).catch((thrown) =>
    log('info', 'a task could not be cancelled', { thrown })
  )
}
