// Calls that wait for a person: what is kept, sealed, so that they can go on, and the waiting of a worker
// whose server holds the call open. What people see of it is `asked`; arguments and answers are never in it.
import type { ExecutionAnswer, InputRequest, Progress } from '../../../shared/execution.ts'
import { type Admitted, type Asked, hashOf, resume } from './admission.ts'
import type { App } from './app.ts'
import { type CredentialPlace, open, seal, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import type { Live } from './live.ts'
import { log } from './log.ts'
import type { Elicitation, ElicitResult } from './mcp/elicitation.ts'
import { pause } from './pause.ts'
import { pushSoon } from './push-delivery.ts'
import { redactByValue } from './redact.ts'

/** A call at its beginning. */
export function beginning(parameters: Record<string, unknown>): Standing {
  return { arguments: parameters, spent_ms: 0, sign_ins: 0, rounds: 0 }
}

/** Where a call stands: sealed while it waits, so that any worker can go on with it. */
export type Standing = {
  arguments: Record<string, unknown>
  /** Time spent on the call itself, without waiting for people. */
  spent_ms: number
  /** Sign-ins it has been through: a server that is never content is not asked for ever. */
  sign_ins: number
  /** Rounds of questions so far (2026-07-28). */
  rounds: number
  /** What the server asked in its last round, by its own keys, and what was answered so far. */
  round?: {
    requests: Record<string, Elicitation>
    responses: Record<string, ElicitResult>
    request_state?: string
    /** The call is sent anew, without responses (-32042). */
    again: boolean
  }
  /** Its server works on it as a task, at this endpoint. */
  task?: {
    task_id: string
    endpoint: string
    poll_ms: number
    ttl_ms: number | null
    /** Questions that were answered: one may show up once more. */
    answered: string[]
  }
}

/** A server that asks on and on is not asked for ever. */
export const MOST_ROUNDS = 10

/** What a call that cannot go on by itself waits for. */
export type Wait = {
  status: 'awaiting_approval' | 'awaiting_input' | 'awaiting_auth'
  asked: Asked
  standing: Standing
  /** How long a person may take; left out, WAIT_SECONDS. */
  seconds?: number
}

/** How long a person may take. A sign-in or an answer later than this does not surprise anyone with a call. */
export const WAIT_SECONDS = 3_600
/** How long a worker stays with a call that its server holds open. */
const HOLD_SECONDS = 300
const LOOK_EVERY_MS = 1_500

export function waitPlace(of: { team_id: string; server_id: string; execution_id: string }) {
  const { team_id, server_id, execution_id } = of
  return { team_id, server_id, field: `wait:${execution_id}` } satisfies CredentialPlace
}

export function placeOf(admitted: Admitted): CredentialPlace {
  return waitPlace({ ...admitted, server_id: admitted.server.id })
}

/** Lets the row wait. False when it has ended meanwhile or someone wants it cancelled. */
export async function suspend(
  app: App,
  admitted: Admitted,
  { status, asked, standing, held = false, seconds = WAIT_SECONDS }: Wait & { held?: boolean },
): Promise<boolean> {
  const keys = app.settings.credentialKeys
  const sealed = await seal(standing, { keys, place: placeOf(admitted) })
  const waits = await read<boolean>(app.db.service.rpc('suspend_execution', {
    p_execution_id: admitted.execution_id,
    p_status: status,
    p_asked: asked,
    p_wait: {
      ...sealed,
      definition_hash: admitted.tool.definition_hash,
      config: admitted.server.config,
      held,
      arguments_hash: await hashOf(standing.arguments),
    },
    p_seconds: held ? HOLD_SECONDS + 60 : seconds,
  }))
  if (waits) pushSoon(app)
  return waits
}

/** Where a resumed call stood; null when its seal cannot be opened with today's keys. */
export async function standingOf(
  app: App,
  admitted: Admitted & { wait: SealedCredential },
): Promise<Standing | null> {
  const keys = app.settings.credentialKeys
  return await open<Standing>(admitted.wait, { keys, place: placeOf(admitted) })
}

/** What a person is shown of a server's question. */
function shown(asked: Elicitation, server_name: string): InputRequest {
  const { message } = asked
  const id = crypto.randomUUID()
  return asked.mode === 'form'
    ? {
      mode: 'form',
      id,
      server_name,
      message,
      requested_schema: asked.requested_schema,
      field_order: Object.keys(asked.requested_schema.properties ?? {}),
    }
    : { mode: 'url', id, server_name, message, url: asked.url }
}

/** The wait for the first question of a round without an answer; null when each has one. */
export function nextQuestion(admitted: Admitted, standing: Standing): Wait | null {
  const open = openQuestion(standing)
  if (open === null) return null
  const asked = shown(standing.round!.requests[open]!, admitted.server.name)
  return { status: 'awaiting_input', asked, standing }
}

/** A standing with this answer to its open question. */
export function answeredWith(standing: Standing, result: ElicitResult): Standing {
  const open = openQuestion(standing)
  if (open === null) return standing
  const responses = { ...standing.round!.responses, [open]: result }
  return { ...standing, round: { ...standing.round!, responses } }
}

function openQuestion({ round }: Standing): string | null {
  if (!round) return null
  return Object.keys(round.requests).find((key) => !Object.hasOwn(round.responses, key)) ?? null
}

export type Held = {
  app: App
  admitted: Admitted
  live: Live
  standing: Standing
  secrets: string[]
  /** Is told how long the person took. */
  waited: (ms: number) => void
}

/**
 * A server asks in the middle of a call that it holds open: the caller is answered, the worker waits for
 * the person, in this process or through the database. Nobody in time is `cancel`.
 */
export async function hold(
  { app, admitted, live, standing, secrets, waited }: Held,
  { asked, signal }: { asked: Elicitation; signal: AbortSignal },
): Promise<ElicitResult> {
  const began = performance.now()
  const input = shown(redactByValue(asked, secrets), admitted.server.name)
  const wait = { status: 'awaiting_input', asked: input, standing, held: true } as const
  if (!await suspend(app, admitted, wait)) {
    live.cancel()
    return { action: 'cancel' }
  }
  const answer: ExecutionAnswer = {
    execution_id: admitted.execution_id,
    status: 'awaiting_input',
    input,
    duration_ms: Math.round(standing.spent_ms),
  }
  live.pause(answer)
  const over = new AbortController()
  const until = AbortSignal.any([over.signal, signal])
  const result = await Promise.race([
    live.answered(),
    answeredElsewhere(app, { admitted, live, signal: until }),
    tooLate(until),
  ]).finally(() => over.abort())
  waited(performance.now() - began)
  if (result) return result
  return await giveUp(app, admitted) ?? { action: 'cancel' }
}

/** Looks in the database for an answer given elsewhere. Null once it is over. */
async function answeredElsewhere(
  app: App,
  { admitted, live, signal }: { admitted: Admitted; live: Live; signal: AbortSignal },
): Promise<ElicitResult | null> {
  while (await pause(LOOK_EVERY_MS, signal)) {
    const seen = await look(app, admitted.execution_id)
    if (seen?.over) live.cancel()
    if (seen?.over) return null
    if (seen?.answer) return await openAnswer(app, { admitted, sealed: seen.answer })
  }
  return null
}

async function tooLate(signal: AbortSignal): Promise<null> {
  await pause(HOLD_SECONDS * 1_000, signal)
  return null
}

/** Nobody answered: the row runs again, unless an answer came at the last moment, which then counts. */
async function giveUp(app: App, admitted: Admitted): Promise<ElicitResult | null> {
  const { execution_id } = admitted
  const keys = app.settings.credentialKeys
  const answer = await seal({ action: 'cancel' }, { keys, place: placeOf(admitted) })
  const mine = { execution_id, user_id: null, status: 'awaiting_input', answer } as const
  await resume(app, mine).catch(() => null)
  const seen = await look(app, execution_id)
  return seen?.answer ? await openAnswer(app, { admitted, sealed: seen.answer }) : null
}

/** What a person answered; `cancel` when its seal cannot be opened with today's keys. */
export async function openAnswer(
  app: App,
  { admitted, sealed }: { admitted: Admitted; sealed: SealedCredential },
): Promise<ElicitResult> {
  const keys = app.settings.credentialKeys
  return await open<ElicitResult>(sealed, { keys, place: placeOf(admitted) }) ??
    { action: 'cancel' }
}

type Seen = { over: boolean; unheard: boolean; answer: SealedCredential | null }

/**
 * Says that the call still runs here, with its newest progress, and gives what the database knows of it.
 * With `poll_ms` it stays with a task. A failed look is one more to come.
 */
export async function look(
  app: App,
  execution_id: string,
  { progress = null, poll_ms = null }: { progress?: Progress | null; poll_ms?: number | null } = {},
): Promise<Seen | null> {
  try {
    return await read<Seen | null>(
      app.db.service.rpc('watch_execution', {
        p_execution_id: execution_id,
        p_progress: progress,
        p_poll_ms: poll_ms,
      }),
    )
  } catch (thrown) {
    log('warn', 'an execution could not be looked at', { execution_id, thrown })
    return null
  }
}
