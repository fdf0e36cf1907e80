// One admitted call against its server: opens the account, calls, renews a refused token once, tries again
// where that is allowed, and says how it ended or what it waits for. Ends no row.
import type { Attempt } from '../../../shared/execution.ts'
import { type Admitted, concealArguments } from './admission.ts'
import type { App } from './app.ts'
import { renewOrSignIn, signInFirst, type Unready } from './attempt-sign-in.ts'
import type { Ended } from './finish.ts'
import type { Watch } from './execute.ts'
import type { Live } from './live.ts'
import { log } from './log.ts'
import type { CallOutcome } from './mcp/connection.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { pause } from './pause.ts'
import { redactByValue } from './redact.ts'
import { nextTry } from './retry.ts'
import { addressesOf } from './server-config.ts'
import { storable } from './storable.ts'
import { accountOf, type Reachable, upstreamOf } from './upstream-of.ts'
import { ended, failure } from './ending.ts'
import { beginTask, followTask } from './tasks.ts'
import { hold, MOST_ROUNDS, nextQuestion, type Standing, type Wait } from './waiting.ts'

/** An end, a wait for a person, or a task that was left to whoever asks after it next. */
export type Outcome = Ended | { wait: Wait; authorization_url?: string } | { left: true }

export type Going = {
  standing: Standing
  watch: Watch
  live: Live
  /** When this worker began with it, by `performance.now()`. */
  started: number
  /** Is told how long a person was waited for in the middle of the call. */
  waited: (ms: number) => void
  /** How long to stay with a task; left out, as long as a worker may. */
  patience_ms?: number
}

/** Connects and calls, more than once where that is allowed. Always gives an end or a wait. */
export async function attempt(app: App, admitted: Admitted, going: Going): Promise<Outcome> {
  const { tool, server } = admitted
  const { task } = going.standing
  const endpoints = task ? [task.endpoint] : endpointsOf(admitted)
  const hasReplicas = addressesOf(server.config).length > 1
  const attempts: Attempt[] = []
  const started = performance.now()
  for (;;) {
    const endpoint = endpoints[attempts.length % endpoints.length]!
    const after_ms = Math.round(performance.now() - started)
    const ended = await tryOnce(app, at(admitted, { endpoint, after_ms }), going)
    const spent_ms = performance.now() - started
    const failed = ended instanceof UpstreamError ? ended : null
    attempts.push({
      endpoint,
      after_ms,
      duration_ms: Math.round(spent_ms) - after_ms,
      error_code: failed?.code ?? null,
      error_message: failed?.message ?? null,
      ...(failed?.sent ? { sent: true } : {}),
    })
    if (!(ended instanceof UpstreamError)) {
      return attempts.length > 1 || hasReplicas ? { ...ended, attempts } : ended
    }
    const again = nextTry({
      failed: ended,
      tries: attempts.length,
      spent_ms,
      deadline_ms: tool.timeout_seconds * 1_000,
      endpoints: endpoints.length,
      is_idempotent: tool.is_idempotent,
    })
    if (again === null) return { ...failure(ended.code, ended.message), attempts }
    if (!await pause(again, going.live.signal)) {
      return { ...failure('cancelled', 'The call was cancelled'), attempts }
    }
  }
}

/**
 * Only addresses of the config that was read together with the credential: what was given for one host does
 * not go to one that an admin has just put in its place.
 */
function endpointsOf({ endpoints, server }: Admitted): string[] {
  const named = addressesOf(server.config)
  const usable = (endpoints ?? []).filter((url) => named.includes(url))
  return usable.length > 0 ? usable : [String(server.config.url)]
}

/** The same call at this endpoint, with the time that is left. */
function at(
  admitted: Admitted,
  { endpoint, after_ms }: { endpoint: string; after_ms: number },
): Admitted {
  const { server, tool } = admitted
  return {
    ...admitted,
    server: { ...server, endpoint },
    tool: {
      ...tool,
      timeout_seconds: tool.timeout_seconds - after_ms / 1_000,
      longest_seconds: tool.longest_seconds - after_ms / 1_000,
    },
  }
}

/** One try. What kept it from the server, or the server from answering, is a value. */
async function tryOnce(
  app: App,
  admitted: Admitted,
  going: Going,
): Promise<Outcome | UpstreamError> {
  try {
    if (admitted.account === 'person' && !admitted.credential) {
      return outcomeAfter(await signInFirst(app, admitted, going.standing))
    }
    const reached = await upstreamOf(app, { ...admitted, account: accountOf(admitted) })
    if (reached.ok) {
      const { secrets } = reached
      const parameters = going.standing.arguments
      await concealArguments(app, admitted, { parameters, secrets })
      return await callRenewing(app, admitted, { going, reached })
    }
    if (reached.reason !== 'sign_in_needed') return failure(reached.reason, reached.message)
    return outcomeAfter(await signInFirst(app, admitted, going.standing))
  } catch (thrown) {
    if (thrown instanceof UpstreamError) return thrown
    log('error', 'corridor failed', { execution_id: admitted.execution_id, thrown })
    return failure('internal', 'Something went wrong on our side while calling the tool.')
  }
}

/** A refusal by the server means that nothing ran: with a renewed token the call is sent once more. */
async function callRenewing(
  app: App,
  admitted: Admitted,
  { going, reached }: { going: Going; reached: Reachable },
): Promise<Outcome | UpstreamError> {
  const refused = await call(app, admitted, { going, reached })
  if (!(refused instanceof UpstreamError)) return refused
  const { standing } = going
  const after = await renewOrSignIn(app, admitted, { standing, reached, refused })
  if (!('ready' in after)) return outcomeAfter(after)
  return await call(app, admitted, { going, reached: after.ready })
}

function outcomeAfter(after: Unready): Outcome {
  return 'refused' in after ? failure('upstream_unauthorized', after.refused) : after
}

/** Sends it; gives the refusal (401, 403) as a value, because it may be answered with another token. */
async function call(
  app: App,
  admitted: Admitted,
  { going, reached }: { going: Going; reached: Reachable },
): Promise<Outcome | UpstreamError> {
  const { upstream, secrets } = reached
  const { tool } = admitted
  const { standing, watch, live, waited } = going
  const { round } = standing
  if (standing.task) return await followTask(app, admitted, { going, reached })
  const clean = <T>(told: T): T => redactByValue(told, secrets)
  try {
    const outcome = await app.connections.callTool(upstream, {
      name: tool.name,
      definition: tool.definition,
      arguments: standing.arguments,
      timeout_ms: Math.round(tool.timeout_seconds * 1_000),
      max_total_ms: Math.round(tool.longest_seconds * 1_000),
      tasks: true,
      signal: live.signal,
      onProgress: watch.onProgress && ((told) => watch.onProgress!(clean(told))),
      onLog: watch.onLog && ((line) => watch.onLog!(clean(line))),
      onElicit: (asked, signal) =>
        hold({ app, admitted, live, standing, secrets, waited }, { asked, signal }),
      ...(round && !round.again
        ? { resume: { responses: round.responses, request_state: round.request_state } }
        : {}),
    })
    const protocol = clean(outcome.protocol)
    return { ...await outcomeOf(app, admitted, { outcome, going, reached }), protocol }
  } catch (thrown) {
    if (thrown instanceof UpstreamError && thrown.reason === 'unauthorized') return thrown
    throw thrown
  }
}

async function outcomeOf(
  app: App,
  admitted: Admitted,
  { outcome, going, reached }: { outcome: CallOutcome; going: Going; reached: Reachable },
): Promise<Outcome> {
  const { secrets } = reached
  switch (outcome.kind) {
    case 'answered':
      return ended(redactByValue(storable(outcome.result), secrets))
    case 'tool_failed':
      return failure('tool_failed', redactByValue(storable(outcome.message), secrets))
    case 'url_required':
      return await nextRound(app, admitted, {
        going,
        reached,
        round: {
          requests: redactByValue(Object.fromEntries(outcome.asked.entries()), secrets),
          responses: {},
          again: true,
        },
      })
    case 'input_required': {
      // The state goes back as it came; the questions are for people.
      const { request_state } = outcome
      const requests = redactByValue(outcome.requests, secrets)
      const round = { requests, responses: {}, request_state, again: false }
      return await nextRound(app, admitted, { going, reached, round })
    }
    case 'task':
      return await beginTask(app, admitted, { going, reached, task: outcome.task })
  }
}

/** A round of questions: the first one is shown. A round without any is only a state to be handed back. */
async function nextRound(
  app: App,
  admitted: Admitted,
  { going, reached, round }: {
    going: Going
    reached: Reachable
    round: NonNullable<Standing['round']>
  },
): Promise<Outcome> {
  const standing: Standing = { ...going.standing, rounds: going.standing.rounds + 1, round }
  if (standing.rounds > MOST_ROUNDS) {
    return failure('upstream_protocol', 'The server keeps asking for input')
  }
  const question = nextQuestion(admitted, standing)
  if (question) return { wait: question }
  // Its first round was answered: whatever becomes of this one, the call is not begun anew.
  const further = await call(app, admitted, { going: { ...going, standing }, reached })
    .catch((thrown) => {
      if (thrown instanceof UpstreamError) return thrown
      throw thrown
    })
  return further instanceof UpstreamError ? failure(further.code, further.message) : further
}
