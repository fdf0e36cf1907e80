-- Endpoints: where a server is reached, one or several replicas, and how each is doing. The circuit breaker
-- lives here, so that every isolate and every process knows of it.
--
-- Never true: a call is given to an endpoint that rests; two callers try a resting endpoint out at once.
-- Whoever writes both a server and its endpoints takes the server first: two orders would block each other.

create table public.mcp_endpoints (
  team_id uuid not null,
  server_id uuid not null,
  url text not null,
  position smallint not null,
  status text not null default 'unknown',
  failures integer not null default 0,
  rests integer not null default 0,
  rests_until timestamptz,
  tried_by uuid,
  checked_at timestamptz,
  latency_ms integer,
  last_error text,
  check_at timestamptz not null default now(),
  primary key (server_id, url),
  constraint endpoint_of_the_teams_server foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint endpoint_status_is_known check (status in ('online', 'degraded', 'offline', 'unknown')),
  constraint whoever_rests_has_an_end check (rests = 0 or rests_until is not null),
  constraint only_resting_ones_are_tried check (tried_by is null or rests_until is not null)
);
comment on table public.mcp_endpoints is 'Where a server is reached. Its config names them; this table knows how they are doing.';
comment on column public.mcp_endpoints.failures is 'Calls and checks in a row that could not reach it.';
comment on column public.mcp_endpoints.rests is 'How often in a row it had to rest; each rest is longer than the one before.';
comment on column public.mcp_endpoints.rests_until is 'The breaker is open: no call before this moment, then one that tries it out.';
comment on column public.mcp_endpoints.tried_by is 'The execution that tries it out; `rests_until` is when another one may, should nothing be heard of this one.';
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
  delete from public.mcp_endpoints e
  where e.server_id = new.id and (
    new.removed_at is not null or e.url not in (select a.url from private.addresses_of(new.config) a)
  );
  if new.server_type in ('http', 'sse') and new.removed_at is null then
    insert into public.mcp_endpoints as kept (team_id, server_id, url, position)
    select new.team_id, new.id, a.url, min(a.at) from private.addresses_of(new.config) a group by a.url
    on conflict (server_id, url) do update set position = excluded.position
    where kept.position <> excluded.position;
  end if;
  return null;
end;
$$;
comment on function private.follow_endpoints() is 'Keeps the endpoints of a server as its config says. A new address is a stranger: nothing is known of it. One that stays keeps what is.';

create function private.forget_health() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.mcp_endpoints
  set status = 'unknown', failures = 0, rests = 0, rests_until = null, tried_by = null, checked_at = null,
    latency_ms = null, last_error = null, check_at = now()
  where server_id = new.id;
  return null;
end;
$$;
comment on function private.forget_health() is 'What is switched off is not looked at, and what is switched on begins anew.';

create function private.check_soon() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_server uuid := coalesce(new.server_id, old.server_id);
begin
  perform 1 from public.mcp_servers where id = v_server for no key update;
  update public.mcp_endpoints set check_at = now() where server_id = v_server;
  return null;
end;
$$;
comment on function private.check_soon() is 'With another credential of the team''s its server may be doing differently.';
revoke execute on function private.follow_endpoints(), private.forget_health(), private.check_soon() from public;

create trigger follow_endpoints after insert on public.mcp_servers
  for each row execute function private.follow_endpoints();
create trigger follow_changed_endpoints after update of config, removed_at on public.mcp_servers
  for each row when (old.config is distinct from new.config or old.removed_at is distinct from new.removed_at)
  execute function private.follow_endpoints();
create trigger forget_health after update of is_active on public.mcp_servers
  for each row when (old.is_active is distinct from new.is_active)
  execute function private.forget_health();
create trigger check_soon after insert on public.mcp_server_credentials
  for each row when (new.user_id is null) execute function private.check_soon();
create trigger check_soon_without after delete on public.mcp_server_credentials
  for each row when (old.user_id is null) execute function private.check_soon();

create function private.show_health() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_server uuid := coalesce(new.server_id, old.server_id);
begin
  update public.mcp_servers s
  set health = seen.health, checked_at = seen.checked_at, latency_ms = seen.latency_ms, health_error = seen.last_error
  from (
    -- One that nobody has looked at yet says nothing against the others.
    select case
        when bool_and(e.status = 'online') filter (where e.status <> 'unknown') then 'online'
        when bool_and(e.status = 'offline') filter (where e.status <> 'unknown') then 'offline'
        when bool_and(e.status = 'unknown') then 'unknown'
        else 'degraded' end as health,
      max(e.checked_at) as checked_at, min(e.latency_ms) as latency_ms,
      (array_agg(e.last_error order by e.checked_at desc nulls last) filter (where e.last_error is not null))[1] as last_error
    from public.mcp_endpoints e where e.server_id = v_server having count(*) > 0
  ) seen
  where s.id = v_server and s.removed_at is null
    and (s.health, s.checked_at, s.latency_ms, s.health_error)
      is distinct from (seen.health, seen.checked_at, seen.latency_ms, seen.last_error);
  return null;
end;
$$;
comment on function private.show_health() is 'A server is as well as its endpoints: one that fails among several makes it degraded.';
revoke execute on function private.show_health() from public;
create trigger show_health
  after insert or delete or update of status, checked_at, latency_ms, last_error on public.mcp_endpoints
  for each row execute function private.show_health();

create function private.take_endpoint(p_server_id uuid, p_execution_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_all text[];
  v_tried text;
begin
  -- Few servers have several: only then is anyone counted as busy. What is not well comes last, until a check says otherwise.
  select array_agg(e.url order by (e.status in ('degraded', 'offline')), busy.calls, random()) into v_all
  from public.mcp_endpoints e
  cross join lateral (
    select count(*) as calls from public.mcp_tool_executions x
    where x.server_id = e.server_id and x.endpoint = e.url and x.completed_at is null and x.status = 'running'
  ) busy
  where e.server_id = p_server_id and e.rests_until is null;
  if v_all is not null then
    return jsonb_build_object('endpoints', to_jsonb(v_all));
  end if;
  -- Half open: this call tries one out and everyone else goes on waiting. While another endpoint is well, no
  -- call does that: a check will.
  select e.url into v_tried from public.mcp_endpoints e
  where e.server_id = p_server_id and e.rests_until <= now()
  order by e.rests_until limit 1 for update skip locked;
  if found then
    update public.mcp_endpoints e set tried_by = p_execution_id, rests_until = now() + interval '15 seconds'
    where e.server_id = p_server_id and e.url = v_tried;
    return jsonb_build_object('endpoints', jsonb_build_array(v_tried));
  end if;
  return (
    select case when count(*) = 0 then jsonb_build_object('endpoints', '[]'::jsonb)
      else jsonb_build_object('rests_for', greatest(1, ceil(extract(epoch from min(e.rests_until) - now())))::integer) end
    from public.mcp_endpoints e where e.server_id = p_server_id
  );
end;
$$;
comment on function private.take_endpoint(uuid, uuid) is
  'Where this execution goes: endpoints that do not rest, least loaded first; or `rests_for` seconds until one may be tried.';

create function private.give_try_back(p_server_id uuid, p_execution_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.mcp_endpoints where server_id = p_server_id and tried_by = p_execution_id;
  if not found then
    return;
  end if;
  perform 1 from public.mcp_servers where id = p_server_id for no key update;
  update public.mcp_endpoints set tried_by = null, rests_until = now()
  where server_id = p_server_id and tried_by = p_execution_id;
end;
$$;
comment on function private.give_try_back(uuid, uuid) is
  'A call that tried an endpoint out and learned nothing of it leaves the try to the next one.';

create function private.wait_gives_try_back() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform private.give_try_back(new.server_id, new.id);
  return null;
end;
$$;
comment on function private.wait_gives_try_back() is 'People take their time: nobody waits for a try whose call waits for one.';
revoke execute on function private.wait_gives_try_back() from public;
create trigger wait_gives_try_back after update of asked on public.mcp_tool_executions
  for each row when (old.status = 'running' and new.asked is not null)
  execute function private.wait_gives_try_back();

create function private.check_now(p_server_id uuid, p_url text) returns void
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.mcp_endpoints where server_id = p_server_id and url = p_url and check_at > now();
  if not found then
    return;
  end if;
  perform 1 from public.mcp_servers where id = p_server_id for no key update;
  update public.mcp_endpoints set check_at = least(check_at, now()) where server_id = p_server_id and url = p_url;
end;
$$;
comment on function private.check_now(uuid, text) is 'Makes an endpoint''s check due: a call gave reason for one and no proof.';

create function public.note_endpoint(
  p_server_id uuid, p_url text, p_error text default null, p_latency_ms integer default null,
  p_checked boolean default false, p_answered boolean default false
) returns void
language plpgsql set search_path = '' as $$
declare
  v_now public.mcp_endpoints;
  v_well boolean := p_error is null or p_answered;
begin
  -- What goes well is written when it is news.
  perform 1 from public.mcp_endpoints
  where server_id = p_server_id and url = p_url and (
    not v_well or p_checked or failures > 0 or rests_until is not null or status in ('offline', 'unknown')
  );
  if not found then
    return;
  end if;
  perform 1 from public.mcp_servers where id = p_server_id for no key update;
  select * into v_now from public.mcp_endpoints where server_id = p_server_id and url = p_url for update;
  if v_well then
    v_now.failures := 0;
    v_now.rests := 0;
    v_now.rests_until := null;
    v_now.status := case when p_error is not null or p_latency_ms > 2000 then 'degraded' else 'online' end;
  else
    v_now.failures := v_now.failures + 1;
    v_now.status := case when v_now.failures >= 5 then 'offline' else 'degraded' end;
    -- Calls that were on their way when it began to rest do not make the rest longer: a try does, or a check.
    if v_now.failures >= 5 and (v_now.rests = 0 or v_now.tried_by is not null or p_checked and v_now.rests_until <= now()) then
      v_now.rests := v_now.rests + 1;
      v_now.rests_until := now() + least(30 * 2 ^ least(v_now.rests - 1, 4), 300) * interval '1 second';
    end if;
  end if;
  update public.mcp_endpoints
  set failures = v_now.failures, rests = v_now.rests, rests_until = v_now.rests_until,
    tried_by = case when not v_well and v_now.rests = rests then v_now.tried_by end, status = v_now.status, last_error = p_error,
    latency_ms = coalesce(p_latency_ms, latency_ms), checked_at = case when p_checked then now() else checked_at end,
    -- What begins to fail is looked at again soon.
    check_at = case when v_well or v_now.failures >= 5 then check_at else least(check_at, now() + interval '15 seconds') end
  where server_id = p_server_id and url = p_url;
end;
$$;
comment on function public.note_endpoint(uuid, text, text, integer, boolean, boolean) is
  'How reaching an endpoint went. The fifth failure in a row opens its breaker for 30 seconds, each failed try of it for longer, up to five minutes; one success closes it. `p_answered`: it was reached, and the error is what is wrong with it all the same.';

create function public.due_checks(p_limit integer) returns table (
  team_id uuid, server_id uuid, url text, server_type text, config jsonb, protocol jsonb,
  encrypted_value text, key_version integer
)
language sql set search_path = '' as $$
  -- Every team's first before anyone's second: a team with many endpoints keeps nobody else waiting.
  with ranked as (
    select e.server_id, e.url, row_number() over (partition by e.team_id order by e.check_at) as place
    from public.mcp_endpoints e
    join public.mcp_servers s on s.id = e.server_id and s.is_active and s.removed_at is null
    where e.check_at <= now()
  ), due as (
    select e.server_id, e.url from ranked r
    join public.mcp_endpoints e on e.server_id = r.server_id and e.url = r.url
    where e.check_at <= now()
    order by r.place, e.check_at limit p_limit
    for update of e skip locked
  ), claimed as (
    update public.mcp_endpoints e set check_at = now() + interval '60 seconds'
    from due where e.server_id = due.server_id and e.url = due.url
    returning e.team_id, e.server_id, e.url
  )
  select c.team_id, c.server_id, c.url, s.server_type, s.config, s.protocol, k.encrypted_value, k.key_version
  from claimed c
  join public.mcp_servers s on s.id = c.server_id
  left join public.mcp_server_credentials k
    on k.server_id = c.server_id and k.user_id is null and s.account = 'team'
$$;
comment on function public.due_checks(integer) is 'Endpoints whose check is due, claimed for a minute by whoever asks first, with what it takes to reach them. Where people use accounts of their own, no credential.';

revoke execute on function
  private.take_endpoint(uuid, uuid), private.give_try_back(uuid, uuid), private.check_now(uuid, text),
  public.note_endpoint(uuid, text, text, integer, boolean, boolean), public.due_checks(integer)
from public, anon, authenticated;
grant execute on function
  private.take_endpoint(uuid, uuid), private.give_try_back(uuid, uuid), private.check_now(uuid, text),
  public.note_endpoint(uuid, text, text, integer, boolean, boolean), public.due_checks(integer)
to service_role;
