-- Pushes: what a device is to be told of a call, on its way to the device’s push service.
--
-- Never true: a device is told of a call that its person may not decide on or see; a question that was
-- answered is still sent; two workers send the same push at the same time; one is tried for ever.
-- One row for each device and call: what it was told last, so that the next word replaces it there.

create table public.pushes (
  id uuid primary key default gen_random_uuid(),
  device_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  execution_id uuid not null,
  kind text not null,
  edition integer not null default 1,
  follows boolean not null default false,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  sent_at timestamptz,
  constraint push_to_its_persons_device foreign key (user_id, device_id)
    references public.devices (user_id, id) on delete cascade,
  constraint push_to_a_member foreign key (team_id, user_id)
    references public.team_members (team_id, user_id) on delete cascade,
  constraint push_of_the_teams_execution foreign key (team_id, execution_id)
    references public.mcp_tool_executions (team_id, id) on delete cascade,
  constraint one_push_per_call unique (device_id, execution_id)
);
comment on table public.pushes is 'What one device is told of one call. Its words are made when it is sent, from the call as it is then.';
comment on column public.pushes.kind is 'As in notifications, or settled: what was asked there is over.';
comment on column public.pushes.edition is 'Counts what there was to say of the call: how an older word fared says nothing about the newest.';
comment on column public.pushes.follows is 'Its person decided on the call from this device, which is told how it ends.';
create index pushes_due on public.pushes (next_at) where sent_at is null;
create index pushes_execution on public.pushes (team_id, execution_id);
create index pushes_member on public.pushes (team_id, user_id);
create index pushes_device on public.pushes (user_id, device_id);
create index pushes_expire on public.pushes (expires_at);

alter table public.pushes enable row level security;
-- NOTE: no policy and no client grant: what is on its way is for the edge function alone.
grant select, insert, update, delete on public.pushes to service_role;

create function private.tell_devices(about public.mcp_tool_executions, p_kind text, p_whom text) returns void
language plpgsql set search_path = '' as $$
begin
  -- Locked, so that no one leaves between being found and being told, as for notices.
  insert into public.pushes as kept (device_id, team_id, user_id, execution_id, kind, expires_at)
  select d.id, m.team_id, m.user_id, about.id, p_kind,
    -- A question is worth telling while it can be answered.
    case when about.asked is null then now() + interval '1 day' else least(about.lease_expires_at, now() + interval '1 day') end
  from public.team_members m join public.devices d on d.user_id = m.user_id
  where m.team_id = about.team_id
    and case p_whom when 'admins' then m.role in ('owner', 'admin') else m.user_id = about.user_id end
  order by m.user_id, d.id
  for key share of m, d
  on conflict (device_id, execution_id) do update set
    kind = excluded.kind, edition = kept.edition + 1, attempts = 0, next_at = now(), leased_until = null,
    created_at = now(), expires_at = excluded.expires_at, sent_at = null;
end;
$$;
comment on function private.tell_devices(public.mcp_tool_executions, text, text) is
  'Tells the devices of the person whose call it is, or those of the admins of its team.';

create function private.tell_followers(ended public.mcp_tool_executions) returns void
language plpgsql set search_path = '' as $$
begin
  -- Devices first, then what they are told: everyone who writes both takes them in this order.
  perform 1 from public.devices d join public.pushes p on p.user_id = d.user_id and p.device_id = d.id
  where p.team_id = ended.team_id and p.execution_id = ended.id
  order by d.id for key share of d;
  if not found then
    return;
  end if;
  update public.pushes
  set kind = 'execution_ended', edition = edition + 1, attempts = 0, next_at = now(), leased_until = null,
      created_at = now(), expires_at = now() + interval '1 day', sent_at = null
  where team_id = ended.team_id and execution_id = ended.id and follows;
end;
$$;
comment on function private.tell_followers(public.mcp_tool_executions) is
  'Tells the devices a call was decided on from how it ended.';

create function private.settle_pushes(p_team_id uuid, p_execution_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.devices d join public.pushes p on p.user_id = d.user_id and p.device_id = d.id
  where p.team_id = p_team_id and p.execution_id = p_execution_id
  order by d.id for key share of d;
  if not found then
    return;
  end if;
  -- What nobody has seen yet needs no taking back.
  delete from public.pushes
  where team_id = p_team_id and execution_id = p_execution_id and sent_at is null and edition = 1
    and attempts = 0 and kind in ('approval_needed', 'sign_in_needed', 'input_needed');
  update public.pushes
  set kind = 'settled', edition = edition + 1, attempts = 0, next_at = now(), leased_until = null,
      created_at = now(), expires_at = now() + interval '1 day', sent_at = null
  where team_id = p_team_id and execution_id = p_execution_id
    and kind in ('approval_needed', 'sign_in_needed', 'input_needed');
end;
$$;
comment on function private.settle_pushes(uuid, uuid) is
  'A question is over: where it was not shown yet it never is, elsewhere it is taken back.';

create function public.claim_pushes(p_limit integer) returns jsonb
language sql set search_path = '' as $$
  with due as (
    select p.id from public.pushes p
    join public.team_members m on m.team_id = p.team_id and m.user_id = p.user_id
    join public.mcp_tool_executions e on e.team_id = p.team_id and e.id = p.execution_id
    where p.sent_at is null and p.next_at <= now() and p.expires_at > now()
      and (p.leased_until is null or p.leased_until <= now())
      -- Whoever was an admin when it was asked and is none now reads nobody else's call.
      and (e.user_id = p.user_id or m.role in ('owner', 'admin'))
    order by p.next_at limit p_limit
    for update of p skip locked
  ), claimed as (
    update public.pushes p
    set attempts = p.attempts + 1, leased_until = now() + interval '60 seconds'
    from due where p.id = due.id
    returning p.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', p.id, 'edition', p.edition, 'attempt', p.attempts, 'kind', p.kind, 'team_id', p.team_id,
    'user_id', p.user_id, 'device_id', p.device_id, 'endpoint', d.endpoint, 'p256dh', d.p256dh, 'auth', d.auth,
    'execution_id', e.id, 'expires_at', p.expires_at,
    'call', jsonb_build_object(
      'server_name', s.name, 'tool_name', t.tool_name, 'status', e.status, 'error_code', e.error_code,
      'error_message', e.error_message, 'parameters', e.input_parameters, 'asked', e.asked, 'result', e.output_result,
      'chat_id', e.chat_id, 'theirs', e.user_id is not distinct from p.user_id, 'whose', coalesce(o.full_name, o.email),
      'role', m.role, 'arguments_hash', a.arguments_hash
    )
  )), '[]')
  from claimed p
  join public.devices d on d.id = p.device_id
  join public.team_members m on m.team_id = p.team_id and m.user_id = p.user_id
  join public.mcp_tool_executions e on e.team_id = p.team_id and e.id = p.execution_id
  join public.mcp_servers s on s.team_id = e.team_id and s.id = e.server_id
  join public.mcp_tools t on t.team_id = e.team_id and t.id = e.tool_id
  left join public.mcp_approvals a on a.team_id = e.team_id and a.execution_id = e.id and a.decision is null
  left join public.profiles o on o.id = e.user_id
$$;
comment on function public.claim_pushes(integer) is
  'Pushes that are due, each leased for a minute to whoever asks first, with the call as it is now.';

create function public.note_push(
  p_id uuid, p_edition integer, p_attempt integer, p_outcome text, p_retry_seconds integer default 0
) returns void
language plpgsql set search_path = '' as $$
declare
  v_pauses interval[] := '{10 seconds,1 minute,5 minutes,30 minutes}';
  v_device uuid;
begin
  select device_id into v_device from public.pushes where id = p_id;
  if p_outcome = 'gone' then
    delete from public.devices where id = v_device;
  elsif p_outcome = 'taken' then
    update public.devices set reached_at = now(), failures = 0 where id = v_device;
    update public.pushes set sent_at = now(), leased_until = null where id = p_id and edition = p_edition;
  elsif p_outcome = 'refused' or p_attempt > cardinality(v_pauses) then
    update public.devices set failures = failures + 1 where id = v_device;
    delete from public.devices where id = v_device and failures >= 10;
    delete from public.pushes where id = p_id and edition = p_edition;
  else
    update public.pushes
    set leased_until = null,
        next_at = now() + greatest(
          v_pauses[p_attempt] * (0.8 + 0.4 * random()), least(p_retry_seconds, 3600) * interval '1 second'
        )
    where id = p_id and edition = p_edition and attempts = p_attempt;
  end if;
end;
$$;
comment on function public.note_push(uuid, integer, integer, text, integer) is
  'How one try went. taken: its push service has it; gone: the device is forgotten; refused: not tried again; later: tried again, five times at most.';

create function public.answer_from_device(
  p_device_id uuid, p_user_id uuid, p_team_id uuid, p_approval_id uuid, p_decision text
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_decided jsonb;
begin
  perform 1 from public.devices where id = p_device_id and user_id = p_user_id for key share;
  if not found then
    return jsonb_build_object('verdict', 'refused', 'reason', 'not_found');
  end if;
  v_decided := public.decide_approval(p_approval_id, p_user_id, p_team_id, p_decision, p_via => 'notification');
  if v_decided ->> 'verdict' <> 'refused' then
    -- This device is answered itself; the others are told that it is settled.
    insert into public.pushes (device_id, team_id, user_id, execution_id, kind, follows, expires_at, sent_at)
    select p_device_id, a.team_id, p_user_id, a.execution_id, 'settled', v_decided ->> 'verdict' = 'run',
      now() + interval '1 day', now()
    from public.mcp_approvals a where a.id = p_approval_id
    on conflict (device_id, execution_id) do update set
      kind = excluded.kind, follows = excluded.follows, expires_at = excluded.expires_at, sent_at = now(), leased_until = null;
  end if;
  return v_decided;
end;
$$;
comment on function public.answer_from_device(uuid, uuid, uuid, uuid, text) is
  'decide_approval from a notification: for a device that is its person''s still.';

create function private.trim_pushes() returns void
language sql set search_path = '' as $$
  delete from public.pushes where id in (
    select id from public.pushes where expires_at < now() limit 1000
  )
$$;
comment on function private.trim_pushes() is 'Forgets what is no longer worth telling, a thousand at a time.';

revoke execute on function
  private.tell_devices(public.mcp_tool_executions, text, text), private.tell_followers(public.mcp_tool_executions),
  private.settle_pushes(uuid, uuid), private.trim_pushes(), public.claim_pushes(integer),
  public.note_push(uuid, integer, integer, text, integer), public.answer_from_device(uuid, uuid, uuid, uuid, text)
from public, anon, authenticated;
grant execute on function
  private.tell_devices(public.mcp_tool_executions, text, text), private.tell_followers(public.mcp_tool_executions),
  private.settle_pushes(uuid, uuid), private.trim_pushes(), public.claim_pushes(integer),
  public.note_push(uuid, integer, integer, text, integer), public.answer_from_device(uuid, uuid, uuid, uuid, text)
to service_role;
