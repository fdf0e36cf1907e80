// Two who end the same execution at the same moment, thousands of times. Every write that ends a row is
// witnessed by a trigger of ours, so that a second one cannot hide behind the first.
import type { Finding, Plan, Random, Scenario } from '../scenarios/scenario.ts'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import {
  begin,
  liftLimits,
  migrate,
  type Office,
  openOffice,
  serviceSession,
  session,
  type Sql,
} from './schema.ts'

export const finishers: Scenario = {
  name: 'finishers',
  claim: 'of two who end an execution at once, exactly one does, and it is counted once',
  run: race,
}

const rounds = { full: 10_000, short: 500 }
/** An advisory lock: whoever ends a row waits at it, so that both set out when it opens. */
const gate = 0x617374

type Ground = { owner: Sql; left: Sql; right: Sql; starter: Sql; office: Office }

/** Whether one was told that it ended the row, and whether the row is as that one leaves it. */
type Outcome = { won: boolean; leaves: (row: Row) => boolean }
type Row = { status: string; by: string | null; error_code: string | null }
type Kind = 'two workers' | 'reaper' | 'cancel, running' | 'cancel, waiting'

async function race({ short, random, say, parts }: Plan): Promise<Finding> {
  const ground = await prepare(parts)
  const wanted = short ? rounds.short : rounds.full
  const wins: Record<string, [number, number]> = {}
  const broken: string[] = []
  for (let round = 0; round < wanted && broken.length < 10; round++) {
    if (round % 2_000 === 1_999) say(`${round + 1} rounds`)
    const kind = kindOf(random)
    const [left, right] = await oneRound(ground, { kind, round, random, broken })
    const [first, second] = wins[kind] ?? [0, 0]
    wins[kind] = [first + Number(left), second + Number(right)]
  }
  if (broken.length === 0) broken.push(...neverRaced(wins), ...await wrongAtTheEnd(ground, wanted))
  const seen = Object.entries(wins).map(([kind, [first, second]]) =>
    `${kind}: ${first + second} rounds, the one ended ${first}, the other ${second}`
  )
  return { seen: [`${wanted} executions, each ended by one of two at once`, ...seen], broken }
}

async function prepare(parts: AsyncDisposableStack): Promise<Ground> {
  const server = await startPostgres()
  parts.defer(() => server.stop())
  await migrate(server.url)
  const open = (sql: Sql) => {
    parts.defer(() => sql.end({ timeout: 5 }))
    return sql
  }
  const owner = open(session(server.url))
  const office = await openOffice(owner)
  await liftLimits(owner)
  await owner.unsafe(witness)
  const [left, right, starter] = [1, 2, 3].map(() => open(serviceSession(server.url)))
  return { owner, office, left: left!, right: right!, starter: starter! }
}

const witness = `
  create table public.endings (id uuid, backend integer default pg_backend_pid());
  grant insert on public.endings to service_role;
  create function public.witness() returns trigger language plpgsql as $$
  begin insert into public.endings (id) values (new.id); return null; end $$;
  create trigger witness after insert or update on public.mcp_tool_executions
    for each row when (new.completed_at is not null) execute function public.witness()`

function kindOf(random: Random): Kind {
  const drawn = random.next()
  if (drawn < 0.7) return 'two workers'
  if (drawn < 0.8) return 'reaper'
  return drawn < 0.9 ? 'cancel, running' : 'cancel, waiting'
}

type Round = { kind: Kind; round: number; random: Random; broken: string[] }

/** Gives whether the one and whether the other ended the row. */
async function oneRound(ground: Ground, { kind, round, random, broken }: Round) {
  const { owner, office, starter } = ground
  const id = await begin(starter, office)
  await makeReady(ground, { kind, id })
  const outcomes = await atOnce(ground, {
    swapped: random.below(2) === 1,
    works: [(sql) => finish(sql, { id, by: 'left' }), (sql) => other(sql, { kind, id, office })],
  })
  const [row] = await owner<(Row & { ended: boolean; counted: number })[]>`
    select status, output_result ->> 'by' as by, error_code, completed_at is not null as ended,
      (select sum(execution_count)::int from public.usage_hourly
       where team_id = ${office.team_id}) as counted
    from public.mcp_tool_executions where id = ${id}`
  const complain = (what: string) => broken.push(`round ${round} (${kind}): ${what}`)
  const winners = outcomes.filter(({ won }) => won)
  if (winners.length !== 1) complain(`${winners.length} of two were told that they ended it`)
  if (!row!.ended) complain('nobody ended it')
  else if (!winners.every(({ leaves }) => leaves(row!))) {
    complain(`the row is not the winner’s: ${JSON.stringify(row)}`)
  }
  if (row!.counted !== round + 1) complain(`${round + 1} ended, ${row!.counted} were counted`)
  return outcomes.map(({ won }) => won) as [boolean, boolean]
}

async function makeReady({ owner, starter }: Ground, { kind, id }: { kind: Kind; id: string }) {
  if (kind === 'reaper') {
    await owner`update public.mcp_tool_executions
      set lease_expires_at = now() - interval '1 second' where id = ${id}`
  }
  if (kind !== 'cancel, waiting') return
  const wait = { encrypted_value: 'c2VhbGVk', key_version: 1, definition_hash: 'h', config: {} }
  await starter`select public.suspend_execution(${id}, 'awaiting_input', '{"mode":"form"}',
    ${starter.json({ ...wait, held: false })}, 60)`
}

type Work = (sql: Sql) => Promise<Outcome>

/** Both wait at the gate on connections of their own; then it opens. */
async function atOnce(
  { left, right, starter }: Ground,
  { works: [one, two], swapped }: { works: [Work, Work]; swapped: boolean },
): Promise<Outcome[]> {
  await starter`select pg_advisory_lock(${gate})`
  // The order in which they come to the gate is the order in which they leave it.
  const late = swapped ? one(left) : undefined
  const other = two(right)
  const both = Promise.all([late ?? one(left), other])
  await Promise.all([both, starter`select pg_advisory_unlock(${gate})`])
  return await both
}

async function finish(sql: Sql, { id, by }: { id: string; by: string }): Promise<Outcome> {
  const [row] = await sql`
    with gate as materialized (select pg_advisory_xact_lock_shared(${gate}))
    select public.finish_execution(${id}, 'success', 5, ${sql.json({ content: [], by })}) as first
    from gate`
  return { won: row!.first, leaves: (kept) => kept.status === 'success' && kept.by === by }
}

async function other(
  sql: Sql,
  { kind, id, office }: { kind: Kind; id: string; office: Office },
): Promise<Outcome> {
  if (kind === 'two workers') return await fail(sql, id)
  if (kind === 'reaper') return await reap(sql)
  return await cancel(sql, { id, office })
}

async function fail(sql: Sql, id: string): Promise<Outcome> {
  const [row] = await sql`
    with gate as materialized (select pg_advisory_xact_lock_shared(${gate}))
    select public.finish_execution(${id}, 'error', 7, null, 'tool_failed', 'right') as first
    from gate`
  return { won: row!.first, leaves: (kept) => kept.status === 'error' && kept.by === null }
}

async function reap(sql: Sql): Promise<Outcome> {
  const [row] = await sql`
    with gate as materialized (select pg_advisory_xact_lock_shared(${gate}))
    select public.reap_executions() as closed from gate`
  return { won: row!.closed > 0, leaves: (kept) => kept.error_code === 'lost' }
}

/** It says only that there is such an execution: whether it ended it, the row tells. */
async function cancel(
  sql: Sql,
  { id, office }: { id: string; office: Office },
): Promise<Outcome> {
  await sql`
    with gate as materialized (select pg_advisory_xact_lock_shared(${gate}))
    select public.cancel_execution(${id}, ${office.user_id}) from gate`
  const [row] = await sql`select status from public.mcp_tool_executions where id = ${id}`
  return { won: row!.status === 'cancelled', leaves: (kept) => kept.error_code === 'cancelled' }
}

/** A race that the same one always wins was none. A running call is ended by its worker alone. */
function neverRaced(wins: Record<string, [number, number]>): string[] {
  return Object.entries(wins).flatMap(([kind, [first, second]]) => {
    if (kind === 'cancel, running') return second > 0 ? [`${kind}: it ended ${second} rows`] : []
    return first === 0 || second === 0 ? [`${kind}: always the same one won, nothing raced`] : []
  })
}

async function wrongAtTheEnd({ owner }: Ground, wanted: number): Promise<string[]> {
  const [row] = await owner`select
    (select count(*)::int from public.endings) as writes,
    (select count(distinct id)::int from public.endings) as ended,
    (select count(*)::int from public.mcp_tool_executions where completed_at is null) as open,
    (select count(*)::int from public.mcp_execution_waits) as waits`
  const { writes, ended, open, waits } = row!
  const broken: string[] = []
  if (writes !== wanted || ended !== wanted) {
    broken.push(`${wanted} executions were ended by ${writes} writes to ${ended} rows`)
  }
  if (open > 0) broken.push(`${open} executions are still open`)
  if (waits > 0) broken.push(`${waits} waits outlived their executions`)
  return broken
}
