-- Limits: how many calls a person, a tool and a team may begin in one window, and how much else that
-- reaches a server or a model.
--
-- Never true: more calls than a limit are admitted in its window, however many begin at once.

-- Unlogged: a crash begins every window anew, and no call pays for its count with a write to the log.
create unlogged table public.rate_windows (
  team_id uuid not null references public.teams (id) on delete cascade,
  scope text not null,
  subject_id uuid not null,
  started_at timestamptz not null,
  calls integer not null,
  primary key (team_id, scope, subject_id),
  constraint scope_is_known check (scope in ('person', 'tool', 'team'))
);
comment on table public.rate_windows is 'The present window of each limit that someone has come up against. Begins with the first call in it.';

alter table public.rate_windows enable row level security;
-- NOTE: no policy and no client grant: windows are the corridor's own.
grant select, insert, update, delete on public.rate_windows to service_role;

create function private.count_in(
  p_team_id uuid, p_scope text, p_subject_id uuid, p_limit integer, p_window interval
) returns boolean
language plpgsql set search_path = '' as $$
begin
  if p_limit is null then
    return true;
  end if;
  insert into public.rate_windows as kept (team_id, scope, subject_id, started_at, calls)
  values (p_team_id, p_scope, p_subject_id, now(), 1)
  on conflict (team_id, scope, subject_id) do update set
    started_at = case when kept.started_at + p_window <= now() then now() else kept.started_at end,
    calls = case when kept.started_at + p_window <= now() then 1 else kept.calls + 1 end
  where kept.started_at + p_window <= now() or kept.calls < p_limit;
  return found;
end;
$$;
comment on function private.count_in(uuid, text, uuid, integer, interval) is
  'Counts one call against one limit, in one statement; false when its window is full. No limit counts nothing.';

create function private.count_call(p_team_id uuid, p_user_id uuid, p_tool_id uuid, p_rate_limit integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_team public.teams;
  v_window interval;
  v_refused text;
  v_left numeric;
begin
  select * into v_team from public.teams where id = p_team_id;
  v_window := v_team.rate_window_seconds * interval '1 second';
  -- Always in this order, and each only if the one before admitted: whoever is refused as a person takes nothing
  -- from the team, and rows that are locked in one order never lock each other out.
  v_refused := case
    when not private.count_in(p_team_id, 'person', p_user_id, v_team.rate_per_person, v_window) then 'person'
    when not private.count_in(p_team_id, 'tool', p_tool_id, p_rate_limit, v_window) then 'tool'
    when not private.count_in(p_team_id, 'team', p_team_id, v_team.rate_per_team, v_window) then 'team'
  end;
  if v_refused is null then
    return null;
  end if;
  -- By the clock: a call that waited for its turn began before the window did.
  select extract(epoch from w.started_at + v_window - clock_timestamp()) into v_left
  from public.rate_windows w
  where w.team_id = p_team_id and w.scope = v_refused
    and w.subject_id = case v_refused when 'person' then p_user_id when 'tool' then p_tool_id else p_team_id end;
  return jsonb_build_object('limit', v_refused, 'retry_after_seconds', greatest(1, ceil(coalesce(v_left, 1)))::integer);
end;
$$;
comment on function private.count_call(uuid, uuid, uuid, integer) is
  'Counts one call against the limits of its person, tool and team; null when it is admitted, else which limit and when its window ends.';

create function public.count_request(p_user_id uuid, p_team_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
  return private.count_call(p_team_id, p_user_id, null, null);
end;
$$;
comment on function public.count_request(uuid, uuid) is
  'Counts what reaches a server or a model without calling a tool, against the limits of its person and team.';

revoke execute on function
  private.count_in(uuid, text, uuid, integer, interval), private.count_call(uuid, uuid, uuid, integer), public.count_request(uuid, uuid)
from public, anon, authenticated;
grant execute on function
  private.count_in(uuid, text, uuid, integer, interval), private.count_call(uuid, uuid, uuid, integer), public.count_request(uuid, uuid)
to service_role;
