-- Usage: counted per hour as executions end, read from here by every statistic.
--
-- Never true: all calls of one tool wait for one row. Each database connection adds to its own shard of
-- the hour; readers sum them.

create table public.usage_hourly (
  team_id uuid not null references public.teams (id) on delete cascade,
  hour timestamptz not null,
  server_id uuid not null,
  tool_id uuid not null,
  user_id uuid not null,
  shard smallint not null,
  execution_count integer not null default 0,
  success_count integer not null default 0,
  error_count integer not null default 0,
  timeout_count integer not null default 0,
  duration_total_ms bigint not null default 0,
  last_executed_at timestamptz not null,
  primary key (team_id, hour, tool_id, user_id, shard),
  constraint usage_of_the_teams_server foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint usage_of_the_teams_tool foreign key (team_id, tool_id)
    references public.mcp_tools (team_id, id) on delete cascade
);
comment on table public.usage_hourly is 'Ended executions per hour, tool and user. Counts outlive a deleted user, so user_id is no reference.';
create index usage_hourly_tool on public.usage_hourly (team_id, tool_id);
create index usage_hourly_server on public.usage_hourly (team_id, server_id);

alter table public.usage_hourly enable row level security;
create policy "People see their own usage, analysts the team's" on public.usage_hourly
  for select to authenticated
  using (
    team_id in (select private.my_analysed_team_ids())
    or (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
  );
grant select on public.usage_hourly to authenticated;
grant select, insert, update, delete on public.usage_hourly to service_role;

-- plpgsql, which plans once per connection; sql would plan in every transaction.
create function private.count_usage(ended public.mcp_tool_executions) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.usage_hourly as kept (
    team_id, hour, server_id, tool_id, user_id, shard,
    execution_count, success_count, error_count, timeout_count, duration_total_ms, last_executed_at
  )
  values (
    ended.team_id, date_trunc('hour', ended.executed_at, 'UTC'), ended.server_id, ended.tool_id,
    coalesce(ended.user_id, '00000000-0000-0000-0000-000000000000'), pg_backend_pid() % 16,
    1, (ended.status = 'success')::integer, (ended.status = 'error')::integer,
    (ended.status = 'timeout')::integer, coalesce(ended.duration_ms, 0), ended.executed_at
  )
  on conflict (team_id, hour, tool_id, user_id, shard) do update set
    execution_count = kept.execution_count + 1,
    success_count = kept.success_count + excluded.success_count,
    error_count = kept.error_count + excluded.error_count,
    timeout_count = kept.timeout_count + excluded.timeout_count,
    duration_total_ms = kept.duration_total_ms + excluded.duration_total_ms,
    last_executed_at = greatest(kept.last_executed_at, excluded.last_executed_at);
end;
$$;
comment on function private.count_usage(public.mcp_tool_executions) is 'Adds one ended execution to its hour.';
revoke execute on function private.count_usage(public.mcp_tool_executions) from public;
grant execute on function private.count_usage(public.mcp_tool_executions) to service_role;

create view public.mcp_tool_statistics with (security_invoker = on) as
  select
    tool_id, team_id,
    sum(execution_count)::bigint as execution_count,
    sum(success_count)::bigint as success_count,
    sum(error_count)::bigint as error_count,
    (sum(duration_total_ms) / sum(execution_count))::integer as avg_duration_ms,
    max(last_executed_at) as last_executed_at
  from public.usage_hourly
  group by team_id, tool_id;
comment on view public.mcp_tool_statistics is 'Statistics per tool over all time, as far as the reader may see.';
grant select on public.mcp_tool_statistics to authenticated, service_role;

-- The five questions of the dashboard. Each reads under the caller's own row level security, filters by
-- team first, and takes a half-open range [p_from, p_to) of hours in UTC: an hour counts whole when it touches the range.

create function public.usage_tools(p_team_id uuid, p_from timestamptz, p_to timestamptz)
returns table (
  server_id uuid, tool_id uuid, server_name text, tool_name text, description text,
  execution_count bigint, success_count bigint, error_count bigint, avg_duration_ms integer, success_rate numeric
)
language sql stable set search_path = '' as $$
  select s.id, t.id, s.name, t.tool_name, t.description,
    sum(u.execution_count), sum(u.success_count), sum(u.error_count),
    (sum(u.duration_total_ms) / sum(u.execution_count))::integer,
    round(sum(u.success_count)::numeric / sum(u.execution_count) * 100, 1)
  from public.usage_hourly u
  join public.mcp_tools t on t.team_id = u.team_id and t.id = u.tool_id
  join public.mcp_servers s on s.team_id = u.team_id and s.id = u.server_id
  where u.team_id = p_team_id and u.hour >= date_trunc('hour', p_from, 'UTC') and u.hour < p_to
  group by s.id, s.name, t.id, t.tool_name, t.description
  order by 6 desc, t.tool_name
  limit 100
$$;
comment on function public.usage_tools(uuid, timestamptz, timestamptz) is 'Most used tools of a team in a range.';

create function public.usage_members(p_team_id uuid, p_from timestamptz, p_to timestamptz)
returns table (
  user_id uuid, email text, full_name text, execution_count bigint, success_count bigint,
  error_count bigint, unique_tools bigint, avg_duration_ms integer
)
language sql stable set search_path = '' as $$
  select u.user_id, p.email, p.full_name,
    sum(u.execution_count), sum(u.success_count), sum(u.error_count),
    count(distinct u.tool_id), (sum(u.duration_total_ms) / sum(u.execution_count))::integer
  from public.usage_hourly u left join public.profiles p on p.id = u.user_id
  where u.team_id = p_team_id and u.hour >= date_trunc('hour', p_from, 'UTC') and u.hour < p_to
  group by u.user_id, p.email, p.full_name
  order by 4 desc, p.email
  limit 500
$$;
comment on function public.usage_members(uuid, timestamptz, timestamptz) is 'Usage by team member in a range; e-mail is null for people no longer in reach.';

create function public.usage_daily(p_team_id uuid, p_from timestamptz, p_to timestamptz)
returns table (
  date date, total_executions bigint, successful bigint, failed bigint, timeouts bigint, avg_duration_ms integer
)
language sql stable set search_path = '' as $$
  select (u.hour at time zone 'UTC')::date,
    sum(u.execution_count), sum(u.success_count), sum(u.error_count), sum(u.timeout_count),
    (sum(u.duration_total_ms) / sum(u.execution_count))::integer
  from public.usage_hourly u
  where u.team_id = p_team_id and u.hour >= date_trunc('hour', p_from, 'UTC') and u.hour < p_to
  group by 1
  order by 1 desc
$$;
comment on function public.usage_daily(uuid, timestamptz, timestamptz) is 'Executions per UTC day in a range, newest first.';

create function public.usage_activity(p_team_id uuid, p_from timestamptz, p_to timestamptz)
returns table (
  user_id uuid, email text, full_name text, executions bigint, unique_tools bigint, last_execution timestamptz
)
language sql stable set search_path = '' as $$
  select u.user_id, p.email, p.full_name,
    sum(u.execution_count), count(distinct u.tool_id), max(u.last_executed_at)
  from public.usage_hourly u left join public.profiles p on p.id = u.user_id
  where u.team_id = p_team_id and u.hour >= date_trunc('hour', p_from, 'UTC') and u.hour < p_to
  group by u.user_id, p.email, p.full_name
  order by 6 desc
  limit 500
$$;
comment on function public.usage_activity(uuid, timestamptz, timestamptz) is 'Who was active in a range, most recent first.';

create function public.usage_errors(p_team_id uuid, p_from timestamptz, p_to timestamptz)
returns table (
  tool_name text, server_name text, error_message text, occurrence_count bigint, last_occurrence timestamptz
)
language sql stable set search_path = '' as $$
  select t.tool_name, s.name, e.error_message, count(*), max(e.executed_at)
  from public.mcp_tool_executions e
  join public.mcp_tools t on t.team_id = e.team_id and t.id = e.tool_id
  join public.mcp_servers s on s.team_id = e.team_id and s.id = e.server_id
  where e.team_id = p_team_id and e.status in ('error', 'timeout')
    -- The same whole hours as everywhere else, so that the numbers on one page add up.
    and e.executed_at >= date_trunc('hour', p_from, 'UTC')
    and e.executed_at < date_trunc('hour', p_to + interval '1 hour' - interval '1 microsecond', 'UTC')
  group by t.tool_name, s.name, e.error_message
  order by 4 desc, 5 desc
  limit 100
$$;
comment on function public.usage_errors(uuid, timestamptz, timestamptz) is 'Failures and timeouts grouped by tool and message in a range.';

revoke execute on function
  public.usage_tools(uuid, timestamptz, timestamptz), public.usage_members(uuid, timestamptz, timestamptz),
  public.usage_daily(uuid, timestamptz, timestamptz), public.usage_activity(uuid, timestamptz, timestamptz),
  public.usage_errors(uuid, timestamptz, timestamptz)
from public, anon;
grant execute on function
  public.usage_tools(uuid, timestamptz, timestamptz), public.usage_members(uuid, timestamptz, timestamptz),
  public.usage_daily(uuid, timestamptz, timestamptz), public.usage_activity(uuid, timestamptz, timestamptz),
  public.usage_errors(uuid, timestamptz, timestamptz)
to authenticated;
