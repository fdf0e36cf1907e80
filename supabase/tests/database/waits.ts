// The round trips of calls that wait for a person, as the edge function makes them: as the service role,
// one statement each.
import type { Run } from '../../../scripts/stack/database.ts'
import type { Verdict } from './calls.ts'
import type { Ground } from './ground.ts'

export const question = {
  mode: 'form',
  id: 'question-1',
  server_name: 'Demo',
  message: 'How many?',
  requested_schema: { type: 'object', properties: { guests: { type: 'integer' } } },
}
export const SEALED_WAIT = 'd2hhdCB3YWl0cw=='

export type Waiting = {
  status?: 'awaiting_approval' | 'awaiting_input' | 'awaiting_auth'
  asked?: unknown
  held?: boolean
  seconds?: number
}

/** Lets a call wait that was told to run; false when it may not. */
export async function suspend(
  ground: Ground,
  run: Verdict,
  { status = 'awaiting_input', asked = question, held = false, seconds = 3_600 }: Waiting = {},
): Promise<boolean> {
  const [row] = await ground.as('service_role')<{ waits: boolean }>(
    'select public.suspend_execution($1, $2, $3, $4, $5) as waits',
    [run.execution_id, status, asked, {
      encrypted_value: SEALED_WAIT,
      key_version: 1,
      definition_hash: run.tool!.definition_hash,
      config: run.server!.config,
      held,
      arguments_hash: 'hash of what was shown',
    }, seconds],
  )
  return row!.waits
}

/** Waits for an account instead: the caller's own or the team's. */
export function suspendForAccount(ground: Ground, run: Verdict, account: 'team' | 'person') {
  return suspend(ground, run, { status: 'awaiting_auth', asked: { account } })
}

export type Going = Omit<Verdict, 'verdict'> & {
  verdict: Verdict['verdict'] | 'held'
  wait?: { encrypted_value: string; key_version: number }
  user_id?: string
}
export type Resume = {
  execution_id: string
  /** Null: whoever it is, after a sign-in. */
  user_id: string | null
  status?: string
  answer?: unknown
  question_id?: string
}

/** In a transaction of the caller's. */
export async function resumeOn(run: Run, given: Resume): Promise<Going> {
  const [row] = await run<{ going: Going }>(
    'select public.resume_execution($1, $2, $3, $4, $5) as going',
    [
      given.execution_id,
      given.user_id,
      given.status ?? 'awaiting_input',
      given.answer ?? null,
      given.question_id ?? null,
    ],
  )
  return row!.going
}

export function resume(ground: Ground, given: Resume): Promise<Going> {
  return resumeOn(ground.as('service_role'), given)
}

/** What its worker sees of a call that goes on as it was. */
export const unanswered = { over: false, unheard: false, answer: null }

/** What the worker of an execution sees when it looks. */
export async function watch(
  ground: Ground,
  execution_id: string,
  progress: unknown = null,
): Promise<{ over: boolean; unheard: boolean; answer: unknown } | null> {
  const [row] = await ground.as('service_role')<
    { seen: { over: boolean; unheard: boolean; answer: unknown } | null }
  >(
    'select public.watch_execution($1, $2) as seen',
    [execution_id, progress],
  )
  return row!.seen
}

/** True when there is such an execution of this person, null when not. */
export async function cancel(
  ground: Ground,
  execution_id: string,
  user_id: string,
): Promise<boolean | null> {
  const [row] = await ground.as('service_role')<{ known: boolean | null }>(
    'select public.cancel_execution($1, $2) as known',
    [execution_id, user_id],
  )
  return row!.known
}

/** The executions that go on once this account is connected (no user: the team's). */
export async function waitingFor(
  ground: Ground,
  of: { team_id: string; server_id: string; user_id: string | null },
): Promise<string[]> {
  const rows = await ground.as('service_role')<{ id: string }>(
    'select public.waiting_for_account($1, $2, $3) as id',
    [of.team_id, of.server_id, of.user_id],
  )
  return rows.map(({ id }) => id)
}

/** How many sealed waits there are of an execution: none or one. */
export async function countWaits(ground: Ground, execution_id: string): Promise<number> {
  const rows = await ground.run(
    'select 1 from public.mcp_execution_waits where execution_id = $1',
    [execution_id],
  )
  return rows.length
}
