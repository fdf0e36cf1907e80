-- Endpoints: where a server is reached, one or several replicas, and how each is doing. The circuit breaker
-- lives here, so that every isolate and every process knows of it.
--
-- Never true: a call is given to an endpoint that rests; two callers try a resting endpoint out at once.

create table public.mcp_endpoints (
  team_id uuid not null,
  server_id uuid not null,
  url text not null,
  position smallint not null,
  status text not null default 'unknown',
  failures integer not null default 0,
  rests_until timestamptz,
  checked_at timestamptz,
  latency_ms integer,
  last_error text,
  check_at timestamptz not null default now(),
  primary key (server_id, url),
  constraint endpoint_of_the_teams_server foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint endpoint_status_is_known check (status in ('online', 'degraded', 'offline', 'unknown'))
);
comment on table public.mcp_endpoints is 'Where a server is reached. Its config names them; this table knows how they are doing.';
comment on column public.mcp_endpoints.failures is 'Calls and checks in a row that could not reach it.';
comment on column public.mcp_endpoints.rests_until is 'The breaker is open: no call before this moment, then one that tries it out.';
comment on column public.mcp_endpoints.check_at is 'When it is to be checked next; whoever checks moves it on first.';
create index mcp_endpoints_server on public.mcp_endpoints (team_id, server_id);
create index mcp_endpoints_due on public.mcp_endpoints (check_at);

alter table public.mcp_endpoints enable row level security;
create policy "Members see how their team's servers are doing" on public.mcp_endpoints
  for select to authenticated using (team_id in (select private.my_team_ids()));
grant select on public.mcp_endpoints to authenticated;
grant select, insert, update, delete on public.mcp_endpoints to service_role;

create function private.follow_endpoints() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' then
    delete from public.mcp_endpoints where server_id = new.id;
  end if;
  insert into public.mcp_endpoints (team_id, server_id, url, position)
  select new.team_id, new.id, listed.url, min(listed.position)
  from (
    select new.config ->> 'url' as url, 0 as position
    union all
    select replica, at from jsonb_array_elements_text(coalesce(new.config -> 'replicas', '[]')) with ordinality as r (replica, at)
  ) listed
  where new.server_type in ('http', 'sse') and new.removed_at is null and listed.url is not null
  group by listed.url;
  return null;
end;
$$;
comment on function private.follow_endpoints() is 'Keeps the endpoints of a server as its config says. A new address is a stranger: nothing is known of it.';
revoke execute on function private.follow_endpoints() from public;
create trigger follow_endpoints after insert on public.mcp_servers
  for each row execute function private.follow_endpoints();
create trigger follow_changed_endpoints after update of config, removed_at on public.mcp_servers
  for each row when (old.config is distinct from new.config or old.removed_at is distinct from new.removed_at)
  execute function private.follow_endpoints();

create function private.show_health() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.mcp_servers s
  set health = seen.health, checked_at = seen.checked_at, latency_ms = seen.latency_ms, health_error = seen.last_error
  from (
    select case
        when bool_and(e.status = 'online') then 'online'
        when bool_and(e.status = 'offline') then 'offline'
        when bool_and(e.status = 'unknown') then 'unknown'
        else 'degraded' end as health,
      max(e.checked_at) as checked_at, min(e.latency_ms) as latency_ms,
      (array_agg(e.last_error order by e.checked_at desc nulls last) filter (where e.last_error is not null))[1] as last_error
    from public.mcp_endpoints e where e.server_id = new.server_id
  ) seen
  where s.id = new.server_id and s.removed_at is null
    and (s.health, s.checked_at, s.latency_ms, s.health_error)
      is distinct from (seen.health, seen.checked_at, seen.latency_ms, seen.last_error);
  return null;
end;
$$;
comment on function private.show_health() is 'A server is as well as its endpoints: one that fails among several makes it degraded.';
revoke execute on function private.show_health() from public;
create trigger show_health after insert or update of status, checked_at, latency_ms, last_error on public.mcp_endpoints
  for each row execute function private.show_health();

create function private.take_endpoint(p_server_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_first record;
  v_all text[];
begin
  -- Few servers have several: only then is it worth counting who is busy.
  select array_agg(e.url order by (e.rests_until is not null), busy.calls, e.position) into v_all
  from public.mcp_endpoints e
  cross join lateral (
    select count(*) as calls from public.mcp_tool_executions x
    where x.server_id = e.server_id and x.endpoint = e.url and x.completed_at is null
  ) busy
  where e.server_id = p_server_id and (e.rests_until is null or e.rests_until <= now());
  if v_all is null then
    return (
      select case when count(*) = 0 then jsonb_build_object('endpoints', '[]'::jsonb)
        else jsonb_build_object('rests_for', greatest(1, ceil(extract(epoch from min(e.rests_until) - now())))::integer) end
      from public.mcp_endpoints e where e.server_id = p_server_id
    );
  end if;
  select e.url, e.rests_until into v_first from public.mcp_endpoints e
  where e.server_id = p_server_id and e.url = v_all[1];
  if v_first.rests_until is not null then
    -- Half open: this call tries it out, everyone else goes on waiting.
    update public.mcp_endpoints e set rests_until = now() + interval '15 seconds'
    where e.server_id = p_server_id and e.url = v_first.url and e.rests_until = v_first.rests_until;
    if not found then
      return jsonb_build_object('rests_for', 5);
    end if;
  end if;
  return jsonb_build_object('endpoints', to_jsonb(v_all));
end;
$$;
comment on function private.take_endpoint(uuid) is
  'Where a call goes: endpoints that do not rest, least loaded first; or `rests_for` seconds until one may be tried.';

create function public.note_endpoint(
  p_server_id uuid, p_url text, p_error text default null, p_latency_ms integer default null, p_checked boolean default false
) returns void
language plpgsql set search_path = '' as $$
begin
  if p_error is null then
    update public.mcp_endpoints set failures = 0, rests_until = null, last_error = null,
      status = case when p_latency_ms > 2000 then 'degraded' else 'online' end,
      checked_at = case when p_checked then now() else checked_at end, latency_ms = coalesce(p_latency_ms, latency_ms)
    where server_id = p_server_id and url = p_url
      -- What goes well is written when it is news.
      and (p_checked or failures > 0 or rests_until is not null or status in ('offline', 'unknown'));
    return;
  end if;
  update public.mcp_endpoints set failures = failures + 1, last_error = p_error,
    status = case when failures + 1 >= 5 then 'offline' else 'degraded' end,
    checked_at = case when p_checked then now() else checked_at end,
    rests_until = case when failures + 1 >= 5
      then now() + least(30 * 2 ^ least(failures - 4, 5), 300) * interval '1 second' else rests_until end
  where server_id = p_server_id and url = p_url;
end;
$$;
comment on function public.note_endpoint(uuid, text, text, integer, boolean) is
  'How reaching an endpoint went. The fifth failure in a row opens its breaker for 30 seconds, further ones for longer, up to five minutes; one success closes it.';

create function public.due_checks(p_limit integer) returns table (
  team_id uuid, server_id uuid, url text, server_type text, config jsonb, protocol jsonb, account text,
  encrypted_value text, key_version integer
)
language sql set search_path = '' as $$
  with due as (
    select e.server_id, e.url from public.mcp_endpoints e
    join public.mcp_servers s on s.id = e.server_id and s.is_active and s.removed_at is null
    where e.check_at <= now()
    order by e.check_at limit p_limit
    for update of e skip locked
  ), claimed as (
    update public.mcp_endpoints e set check_at = now() + interval '60 seconds'
    from due where e.server_id = due.server_id and e.url = due.url
    returning e.team_id, e.server_id, e.url
  )
  select c.team_id, c.server_id, c.url, s.server_type, s.config, s.protocol, s.account,
    k.encrypted_value, k.key_version
  from claimed c
  join public.mcp_servers s on s.id = c.server_id
  left join public.mcp_server_credentials k
    on k.server_id = c.server_id and k.user_id is null and s.account = 'team'
$$;
comment on function public.due_checks(integer) is 'Endpoints whose check is due, claimed for a minute by whoever asks first, with what it takes to reach them.';

revoke execute on function
  private.take_endpoint(uuid), public.note_endpoint(uuid, text, text, integer, boolean), public.due_checks(integer)
from public, anon, authenticated;
grant execute on function
  private.take_endpoint(uuid), public.note_endpoint(uuid, text, text, integer, boolean), public.due_checks(integer)
to service_role;
