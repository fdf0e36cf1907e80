// Many teams, each with a member, a server, a tool and calls of the past 30 days, written in a few
// statements. Foreign keys and triggers rest meanwhile: what is written here is right by construction.
import type { Office, Sql } from './schema.ts'

/** Gives a team a past: calls spread over 30 days, one in ten failed, and every hour counted. */
export async function livePast(sql: Sql, office: Office, calls: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`create temporary table crowd on commit drop as select 0 as n,
      ${office.team_id}::uuid as team_id, ${office.user_id}::uuid as user_id,
      ${office.server_id}::uuid as server_id, ${office.tool_id}::uuid as tool_id`
    await pastOf(tx, { teams: 1, calls })
    await tx.unsafe(everyHour)
  })
}

/** Everyone else: so many teams, and so many calls that they made in turns. */
export async function addCrowd(
  sql: Sql,
  { teams, calls }: { teams: number; calls: number },
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`create temporary table crowd on commit drop as
      select n, gen_random_uuid() as team_id, gen_random_uuid() as user_id,
        gen_random_uuid() as server_id, gen_random_uuid() as tool_id
      from generate_series(0, ${teams}::integer - 1) n`
    await tx`create unique index on crowd (n)`
    await tx.unsafe(people)
    await tx.unsafe(servers)
    await pastOf(tx, { teams, calls })
    await tx.unsafe(usage)
  })
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

async function pastOf(
  sql: Pick<Sql, 'unsafe'>,
  { teams, calls }: { teams: number; calls: number },
): Promise<void> {
  await sql.unsafe(
    `insert into public.mcp_tool_executions (team_id, user_id, server_id, tool_id, input_parameters,
      output_result, status, started_at, executed_at, completed_at, duration_ms, lease_expires_at)
    select c.team_id, c.user_id, c.server_id, c.tool_id, '{"text":"hello"}',
      '{"content":[{"type":"text","text":"Echo: hello"}]}',
      case when i % 10 = 0 then 'error' else 'success' end, at, at, at, 12, at
    from generate_series(0, $1::integer - 1) i
    join crowd c on c.n = i % $2::integer
    cross join lateral (select now() - interval '30 days' * (i::float8 / $1::integer) as at) past`,
    [calls, teams],
  )
}

const columns = `team_id, server_id, tool_id, user_id, hour, shard,
  execution_count, success_count, error_count, duration_total_ms, last_executed_at`

const usage = `
  insert into public.usage_hourly (${columns})
  select team_id, server_id, tool_id, user_id, date_trunc('hour', executed_at, 'UTC'), 0,
    count(*), count(*) filter (where status = 'success'), count(*) filter (where status = 'error'),
    sum(duration_ms), max(executed_at)
  from public.mcp_tool_executions where team_id in (select team_id from crowd)
  group by 1, 2, 3, 4, 5`

const everyHour = `
  insert into public.usage_hourly (${columns})
  select team_id, server_id, tool_id, user_id, hour, 0, 10, 9, 1, 120, hour
  from crowd, generate_series(
    date_trunc('hour', now(), 'UTC') - interval '30 days', now(), interval '1 hour') hour`
