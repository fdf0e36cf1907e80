// The round trips of a turn as the edge function makes them: as the service role, one statement each.
import type { Run } from '../../../scripts/stack/database.ts'
import { begin, finish } from './calls.ts'
import type { Ground } from './ground.ts'
import type { Office } from './people.ts'
import { suspend } from './waits.ts'

const uuid = () => crypto.randomUUID()

export type Turn = {
  chat_id: string
  user_message_id: string
  /** The answer’s. */
  message_id: string
}
export type Opening = Partial<Turn> & {
  visibility?: 'private' | 'team'
  text?: string
  replaces?: string
  files?: unknown[]
  reads_outside?: boolean
}
export type Opened = {
  verdict: 'open' | 'not_found' | 'sent_before' | 'nothing_to_replace' | 'others_wrote'
  visibility?: string
  read_outside?: boolean
  name?: string
  superseded?: string[]
}
type Of = { team_id: string; user_id: string }

/** In a transaction of the caller’s. */
export async function openOn(run: Run, of: Of, opening: Opening = {}): Promise<Turn & Opened> {
  const { chat_id = uuid(), user_message_id = uuid(), message_id = uuid() } = opening
  const text = opening.text ?? 'hello'
  const [row] = await run<{ opened: Opened }>(
    'select public.open_turn($1, $2, $3, $4, $5, $6) as opened',
    [
      of.user_id,
      of.team_id,
      {
        id: chat_id,
        title: text,
        visibility: opening.visibility ?? 'private',
      },
      {
        id: user_message_id,
        parts: [{ type: 'text', text }],
        files: opening.files ?? [],
        reads_outside: opening.reads_outside ?? false,
      },
      message_id,
      opening.replaces ?? null,
    ],
  )
  return { chat_id, user_message_id, message_id, ...row!.opened }
}

export function open(ground: Ground, of: Of, opening: Opening = {}): Promise<Turn & Opened> {
  return openOn(ground.as('service_role'), of, opening)
}

export async function save(
  ground: Ground,
  of: Of & { message_id: string },
  { parts = null as unknown[] | null, read_outside = false } = {},
): Promise<boolean> {
  const [row] = await ground.as('service_role')<{ goes_on: boolean }>(
    'select public.save_turn($1, $2, $3, $4, $5) as goes_on',
    [of.message_id, of.team_id, of.user_id, parts, read_outside],
  )
  return row!.goes_on
}

export type Closing = {
  status?: 'done' | 'failed' | 'stopped'
  parts?: unknown[]
  goes_on?: boolean
  read_outside?: boolean
}

/** In a transaction of the caller’s. Null: it had ended before. */
export async function closeOn(
  run: Run,
  of: { message_id: string; team_id: string },
  { status = 'done', parts = [], goes_on = true, read_outside = false }: Closing = {},
): Promise<boolean | null> {
  const [row] = await run<{ waits: boolean | null }>(
    'select public.close_turn($1, $2, $3, $4, $5, $6, $7) as waits',
    [of.message_id, of.team_id, status, parts, {}, goes_on, read_outside],
  )
  return row!.waits
}

export function close(
  ground: Ground,
  of: { message_id: string; team_id: string },
  closing: Closing = {},
): Promise<boolean | null> {
  return closeOn(ground.as('service_role'), of, closing)
}

export async function stop(ground: Ground, of: Of & { message_id: string }) {
  const [row] = await ground.as('service_role')<{ stopping: boolean | null }>(
    'select public.stop_turn($1, $2, $3) as stopping',
    [of.message_id, of.team_id, of.user_id],
  )
  return row!.stopping
}

export type Claimed = { chat_id: string; user_id: string; role: string; user_message_id: string }

/** In a transaction of the caller’s. */
export async function claimOn(run: Run, message_id: string, next_id: string = uuid()) {
  const [row] = await run<{ claimed: Claimed | null }>(
    'select public.claim_continuation($1, $2) as claimed',
    [message_id, next_id],
  )
  return row!.claimed
}

export function claim(ground: Ground, message_id: string, next_id?: string) {
  return claimOn(ground.as('service_role'), message_id, next_id)
}

export async function due(ground: Ground, execution_id: string | null = null): Promise<string[]> {
  const rows = await ground.as('service_role')<{ id: string }>(
    'select public.due_continuations(100, $1) as id',
    [execution_id],
  )
  return rows.map(({ id }) => id)
}

export type MessageRow = {
  id: string
  role: string
  status: string
  parts: unknown[]
  metadata: Record<string, unknown>
  waits: boolean
  answers: string | null
  continues: string | null
  superseded: boolean
  stop_requested: boolean
}

/** A chat’s messages in order. */
export function messagesOf(ground: Ground, chat_id: string): Promise<MessageRow[]> {
  return ground.run<MessageRow>(
    `select id, role, status, parts, metadata, waits, answers, continues,
      superseded_at is not null as superseded, stop_requested_at is not null as stop_requested
    from public.astra_messages where chat_id = $1 order by created_at, id`,
    [chat_id],
  )
}

/** A call’s part in an answer, as it was when the model was told of it. */
export const part = (execution_id: string, status: string) => ({
  type: 'dynamic-tool',
  toolName: 'demo__echo',
  toolCallId: 'c',
  input: {},
  state: 'output-available',
  output: { kind: 'answered', execution_id, status, duration_ms: 0 },
})

/** An answer that ended while a call of it waits for an account. */
export async function waitingAnswer(ground: Ground, office: Office, opening: Opening = {}) {
  const of = { team_id: office.team_id, user_id: office.member.sub }
  const turn = await open(ground, of, opening)
  const { chat_id, message_id } = turn
  const call = { chat_id, message_id, origin: 'chat', after_outside: false } as const
  const begun = await begin(ground, office, call)
  await suspend(ground, begun, { status: 'awaiting_auth', asked: { account: 'person' } })
  const execution_id = begun.execution_id!
  await close(ground, { ...of, message_id }, { parts: [part(execution_id, 'awaiting_auth')] })
  return { ...of, ...turn, execution_id }
}

/** The same, with its call ended. */
export async function endedAnswer(ground: Ground, office: Office, opening: Opening = {}) {
  const answer = await waitingAnswer(ground, office, opening)
  await finish(ground, answer.execution_id)
  return answer
}
