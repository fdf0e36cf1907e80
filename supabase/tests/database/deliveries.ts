// Webhooks and their deliveries, as the edge function sets, claims and notes them: as the service role,
// one statement each.
import type { Run } from '../../../scripts/stack/database.ts'
import type { Call } from './calls.ts'
import type { Ground } from './ground.ts'
import { createOffice, type Office } from './people.ts'

export const HOOK = 'https://receiver.test/hook'

export const background: Call = { mode: 'async' }

/** A team whose webhook has the sealed secret `first`. */
export async function withWebhook(ground: Ground): Promise<Office> {
  const office = await createOffice(ground)
  await keepWebhook(ground, office.team_id, { secret: 'first' })
  return office
}

export type Setting = {
  url?: string
  is_active?: boolean | null
  rotate?: boolean
  /** The sealed secret that is offered. */
  secret?: string
}

/** Sets a team's webhook; true when the offered secret was taken. */
export function keepWebhook(ground: Ground, team_id: string, given: Setting = {}) {
  return keepWebhookOn(ground.as('service_role'), team_id, given)
}

/** In a transaction of the caller's. */
export async function keepWebhookOn(
  run: Run,
  team_id: string,
  { url = HOOK, is_active = null, rotate = false, secret = crypto.randomUUID() }: Setting = {},
): Promise<boolean> {
  const [row] = await run<{ taken: boolean }>(
    'select public.keep_webhook($1, null, $2, $3, $4, $5) as taken',
    [team_id, url, is_active, rotate, { encrypted_value: secret, key_version: 1 }],
  )
  return row!.taken
}

export type Claimed = {
  id: string
  team_id: string
  attempt: number
  payload: Record<string, unknown>
  url: string
  encrypted_value: string
}

/** What is due, of one team: the tests share a database. */
export async function claim(run: Run, team_id: string, limit = 1_000): Promise<Claimed[]> {
  const rows = await run<Claimed>('select * from public.claim_deliveries($1)', [limit])
  return rows.filter((row) => row.team_id === team_id)
}

/** The same, outside of any transaction. */
export function claimed(ground: Ground, { team_id }: Office): Promise<Claimed[]> {
  return claim(ground.as('service_role'), team_id)
}

/** How a try went: a status alone arrived, an error did not. */
export async function note(
  ground: Ground,
  { id, team_id, attempt, url }: Claimed,
  { status = 200, error = null }: { status?: number | null; error?: string | null } = {},
): Promise<void> {
  await ground.as('service_role')('select public.note_delivery($1, $2, $3, $4, $5, $6)', [
    id,
    team_id,
    attempt,
    url,
    status,
    error,
  ])
}

export type Delivery = {
  id: string
  execution_id: string
  event: string
  payload: { type: string; timestamp: string; data: Record<string, unknown> }
  attempts: number
  /** Seconds until it is tried again. */
  due_in: number
  leased: boolean
  delivered: boolean
  given_up: boolean
  last_status: number | null
  last_error: string | null
}

export function deliveriesOf(ground: Ground, team_id: string): Promise<Delivery[]> {
  return ground.run<Delivery>(
    `select id, execution_id, event, payload, attempts, extract(epoch from next_at - now())::float as due_in,
      coalesce(leased_until > now(), false) as leased, delivered_at is not null as delivered,
      gave_up_at is not null as given_up, last_status, last_error
     from public.webhook_deliveries where team_id = $1 order by created_at, id`,
    [team_id],
  )
}

/** Makes everything of a team due now, as if its time had come. */
export async function makeDue(ground: Ground, team_id: string): Promise<void> {
  await ground.run(
    `update public.webhook_deliveries set next_at = now() - interval '1 second',
      leased_until = least(leased_until, now() - interval '1 second') where team_id = $1`,
    [team_id],
  )
}
