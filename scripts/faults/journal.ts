// What the database saw: every change of an execution, written down by a trigger of ours as it happens, and
// the sentences that must be true of executions in the end, whatever broke on the way.
import type postgres from 'postgres'
import type { Received } from './upstream.ts'

/** What a caller was told of an execution. */
export type Told = { execution_id: string; status: string }

/** Starts writing down every change. */
export async function keepJournal(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema faults;
    create table faults.journal (
      id bigint generated always as identity primary key, execution_id uuid not null, was text, became text
    );
    create function faults.note() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into faults.journal (execution_id, was, became)
      values (coalesce(new.id, old.id), old.status, new.status);
      return null;
    end;
    $$;
    create trigger note after insert or update or delete on public.mcp_tool_executions
      for each row execute function faults.note();
    -- The upstream looks for the row of every call that comes.
    create index faults_id on public.mcp_tool_executions ((input_parameters ->> 'id'));
  `)
}

/** Lets every lease run out and the reaper come, as time would. Gives how many it closed. */
export async function passTime(sql: postgres.Sql): Promise<number> {
  await sql`update public.mcp_tool_executions set lease_expires_at = now() - interval '1 second'
    where completed_at is null`
  const [row] = await sql`select public.reap_executions() as closed`
  return row!.closed
}

const ENDS = `('success', 'error', 'timeout', 'cancelled', 'denied', 'unknown')`

/** Each query gives what contradicts its sentence, one to a row. */
const sentences: [string, string][] = [
  [
    'an execution never ended',
    `select id || ' ' || status from public.mcp_tool_executions where completed_at is null`,
  ],
  [
    'an execution was lost',
    `select execution_id::text from faults.journal where became is null`,
  ],
  [
    'an execution did not end exactly once',
    `select execution_id || ' ' || string_agg(coalesce(was, 'new') || '→' || became, ', ' order by id)
    from faults.journal group by execution_id
    having count(*) filter (where became in ${ENDS} and was is distinct from became) <> 1`,
  ],
  [
    'an execution went backwards',
    `select execution_id || ' ' || was || '→' || became from faults.journal
    where was in ${ENDS} or became = 'pending' and was <> 'pending'`,
  ],
  [
    'a call has two executions',
    `select input_parameters ->> 'id' from public.mcp_tool_executions group by 1 having count(*) > 1`,
  ],
  [
    'a key has two executions',
    `select idempotency_key from public.mcp_tool_executions where idempotency_key is not null
    group by 1 having count(*) > 1`,
  ],
  [
    'usage was not counted once per ended execution',
    `with ended as (
      select tool_id, count(*) as all_of_them, count(*) filter (where status = 'success') as well,
        count(*) filter (where status = 'error') as badly, count(*) filter (where status = 'timeout') as late
      from public.mcp_tool_executions where completed_at is not null group by tool_id
    ), counted as (
      select tool_id, sum(execution_count) as all_of_them, sum(success_count) as well,
        sum(error_count) as badly, sum(timeout_count) as late
      from public.usage_hourly group by tool_id
    )
    select row_to_json(ended) || ' counted ' || coalesce(row_to_json(counted)::text, 'never')
    from ended full join counted using (tool_id)
    where (ended.all_of_them, ended.well, ended.badly, ended.late) is distinct from
      (counted.all_of_them, counted.well, counted.badly, counted.late)`,
  ],
]

/** Whatever is not as it must be once everything has ended. */
export async function contradictions(
  sql: postgres.Sql,
  { received, told }: { received: Received[]; told: Told[] },
): Promise<string[]> {
  const broken: string[] = []
  for (const [sentence, query] of sentences) {
    const rows = await sql.unsafe(query).values()
    broken.push(...few(sentence, rows.map(([what]) => String(what))))
  }
  const rows =
    await sql`select id, input_parameters ->> 'id' as call from public.mcp_tool_executions`
  const calls = new Set(rows.map(({ call }) => call))
  const ids = new Set(rows.map(({ id }) => id))
  const unseen = received.filter(({ id, on_record }) => on_record === false || !calls.has(id))
  broken.push(...few('the server was called without a row', unseen.map(({ id }) => id)))
  const worked = received.filter(({ worked }) => worked).map(({ id }) => id)
  const twice = worked.filter((id, at) => worked.indexOf(id) !== at)
  broken.push(...few('the server did one call’s work twice', twice))
  const missing = told.filter(({ execution_id }) => !ids.has(execution_id))
  broken.push(...few('a caller was told of a row that is not there', missing.map(idOf)))
  return broken
}

/** Of what callers were told, what the row does not say as well; the row may say one of `instead`. */
export async function toldOtherwise(
  sql: postgres.Sql,
  told: Told[],
  instead: string[] = [],
): Promise<string[]> {
  const rows = await sql`select id, status from public.mcp_tool_executions`
  const onRecord = new Map(rows.map(({ id, status }) => [id, String(status)]))
  return told.flatMap(({ execution_id, status }) => {
    const kept = onRecord.get(execution_id) ?? 'missing'
    return kept === status || instead.includes(kept)
      ? []
      : [`${execution_id} ${status}, not ${kept}`]
  })
}

/** How the executions ended, as one line. */
export async function endings(sql: postgres.Sql): Promise<string> {
  const rows = await sql`select status, count(*)::int as how_many
    from public.mcp_tool_executions group by status order by 2 desc`
  return rows.map(({ status, how_many }) => `${how_many} ${status}`).join(', ')
}

const idOf = ({ execution_id }: Told) => execution_id

/** A sentence that does not hold, with some of its witnesses. */
export function few(sentence: string, witnesses: string[]): string[] {
  if (witnesses.length === 0) return []
  return [`${sentence}: ${witnesses.length} × (${witnesses.slice(0, 3).join(' | ')})`]
}
