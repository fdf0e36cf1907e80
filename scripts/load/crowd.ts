// Everyone else: many teams, each with a member, a server, a tool, and calls of the past 30 days, written in
// a few statements. Foreign keys and triggers rest meanwhile: what is written here is right by construction.
import type { Office, Sql } from './schema.ts'

type Crowd = {
  /** The team that is looked at; it gets the same past wherever it is. */
  office: Office
  teams: number
  executions: number
}

/** Of the team that is looked at: two calls in every hour of 30 days. */
const own = 2 * 24 * 30

export async function fill(sql: Sql, { office, teams, executions }: Crowd): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`create temporary table crowd on commit drop as
      select n, gen_random_uuid() as team_id, gen_random_uuid() as user_id,
        gen_random_uuid() as server_id, gen_random_uuid() as tool_id
      from generate_series(1, ${teams}::integer) n`
    await tx.unsafe(people)
    await tx.unsafe(servers)
    await tx`insert into crowd
      values (0, ${office.team_id}, ${office.user_id}, ${office.server_id}, ${office.tool_id})`
    await tx`create unique index on crowd (n)`
    await pastOf(tx, { calls: own, first: 0, last: 0 })
    if (teams > 0) await pastOf(tx, { calls: executions, first: 1, last: teams })
    await tx.unsafe(usage)
  })
  await sql`vacuum analyze`
}

const people = `
  insert into auth.users (id, email, email_confirmed_at)
    select user_id, user_id || '@load.test', now() from crowd;
  insert into public.profiles (id, email) select user_id, user_id || '@load.test' from crowd;
  insert into public.teams (id, name) select team_id, 'Team ' || n from crowd;
  insert into public.team_members (team_id, user_id, role)
    select team_id, user_id, 'member' from crowd`

const servers = `
  insert into public.mcp_servers (id, team_id, name, server_type, config)
    select server_id, team_id, 'Upstream', 'http', '{"url":"http://127.0.0.1:1/mcp"}' from crowd;
  insert into public.mcp_tools
    (id, team_id, server_id, tool_name, input_schema, definition, definition_hash, policy)
    select tool_id, team_id, server_id, 'echo', '{"type":"object"}', '{"name":"echo"}', 'h', 'allow'
    from crowd`

/** Calls in turns of the crowd's members, spread over 30 days; one in ten failed. */
async function pastOf(
  sql: Pick<Sql, 'unsafe'>,
  { calls, first, last }: { calls: number; first: number; last: number },
): Promise<void> {
  await sql.unsafe(
    `insert into public.mcp_tool_executions (team_id, user_id, server_id, tool_id, input_parameters,
      output_result, status, started_at, executed_at, completed_at, duration_ms, lease_expires_at)
    select c.team_id, c.user_id, c.server_id, c.tool_id, '{"text":"hello"}',
      '{"content":[{"type":"text","text":"Echo: hello"}]}',
      case when i % 10 = 0 then 'error' else 'success' end, at, at, at, 12, at
    from generate_series(0, $1::integer - 1) i
    join crowd c on c.n = $2::integer + i % ($3::integer - $2::integer + 1)
    cross join lateral (select now() - interval '30 days' * (i::float8 / $1::integer) as at) time`,
    [calls, first, last],
  )
}

const usage = `
  insert into public.usage_hourly (team_id, hour, server_id, tool_id, user_id, shard,
    execution_count, success_count, error_count, duration_total_ms, last_executed_at)
  select team_id, date_trunc('hour', executed_at, 'UTC'), server_id, tool_id, user_id, 0,
    count(*), count(*) filter (where status = 'success'), count(*) filter (where status = 'error'),
    sum(duration_ms), max(executed_at)
  from public.mcp_tool_executions group by 1, 2, 3, 4, 5`
