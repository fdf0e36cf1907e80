-- Notices: what people are told, in the app, of calls that nobody waits for.
--
-- Never true: someone is told of a call that is neither theirs nor theirs to decide on; a notice outlives
-- its person's membership; one thing about one call is told twice.
-- Whoever writes notices locks their people first: two orders would block each other.

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  user_id uuid not null,
  kind text not null,
  execution_id uuid not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint notification_of_a_member foreign key (team_id, user_id)
    references public.team_members (team_id, user_id) on delete cascade,
  constraint notification_of_the_teams_execution foreign key (team_id, execution_id)
    references public.mcp_tool_executions (team_id, id) on delete cascade,
  constraint told_once unique (team_id, execution_id, user_id, kind),
  constraint notification_kind_is_known check (kind in (
    'execution_ended', 'approval_needed', 'approval_decided', 'sign_in_needed', 'input_needed'
  ))
);
comment on table public.notifications is 'What a person is told of a call: that it ended, waits for them, or was decided on by someone else. The rest is in the call''s own row.';
comment on column public.notifications.created_at is 'When it was news last: a further question of the same call makes its notice new again.';
comment on column public.notifications.read_at is 'Set by its person, and by the database once the question is over.';
create index notifications_newest on public.notifications (team_id, user_id, created_at desc);
create index notifications_unread on public.notifications (team_id, user_id) where read_at is null;
create index notifications_created on public.notifications (created_at);
create index notifications_read on public.notifications (read_at) where read_at is not null;

alter table public.notifications enable row level security;
create policy "People see their own notices" on public.notifications
  for select to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "People mark their own notices as read" on public.notifications
  for update to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
  with check (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
-- NOTE: no client makes or removes one: the functions below do.
grant select on public.notifications to authenticated;
grant update (read_at) on public.notifications to authenticated;
grant select, insert, update, delete on public.notifications to service_role;

create function private.notify(about public.mcp_tool_executions, p_kind text, p_whom text) returns void
language plpgsql set search_path = '' as $$
begin
  -- Locked, so that no one leaves between being found and being told: that would undo the call's end.
  insert into public.notifications (team_id, user_id, kind, execution_id)
  select m.team_id, m.user_id, p_kind, about.id from public.team_members m
  where m.team_id = about.team_id
    and case p_whom when 'admins' then m.role in ('owner', 'admin') else m.user_id = about.user_id end
  for key share
  on conflict (team_id, execution_id, user_id, kind) do update set created_at = now(), read_at = null;
  perform private.tell_devices(about, p_kind, p_whom);
end;
$$;
comment on function private.notify(public.mcp_tool_executions, text, text) is
  'Tells the person whose call it is, or the admins of its team, if they are still in the team: in the app, and on their devices.';

create function private.announce(ended public.mcp_tool_executions) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.tell_followers(ended);
  -- Whoever called was answered that its parameters are refused: there is nothing to tell them.
  if ended.error_code is not distinct from 'invalid_parameters' then
    return;
  end if;
  if ended.mode = 'async' then
    perform private.post_event(ended);
  end if;
  -- Of a call that someone else rejected its person was told by the decision; their own they know of.
  if ended.error_code is not distinct from 'rejected' then
    return;
  end if;
  -- Nobody waits for a call that had to wait for an admin either.
  if ended.mode = 'async' or (ended.approval = 'admin' or ended.status in ('timeout', 'denied')) and exists (
    select from public.mcp_approvals a
    where a.execution_id = ended.id and a.needs = 'admin' and a.decided_by is distinct from ended.user_id
  ) then
    perform private.notify(ended, 'execution_ended', 'person');
  end if;
end;
$$;
comment on function private.announce(public.mcp_tool_executions) is
  'Tells of an execution that has just ended and that nobody waits for: its person in the app, its team''s webhook. Part of the transaction that ends it.';

create function private.announce_wait(p_execution_id uuid) returns void
language plpgsql set search_path = '' as $$
declare
  v_waiting public.mcp_tool_executions;
  v_kind text;
  v_whom text := 'person';
begin
  select * into v_waiting from public.mcp_tool_executions where id = p_execution_id;
  v_kind := case v_waiting.status
    when 'awaiting_approval' then 'approval_needed'
    when 'awaiting_auth' then 'sign_in_needed'
    else 'input_needed' end;
  -- What only an admin can do is for the admins, unless its person is one of them.
  if (v_waiting.asked ->> 'needs' = 'admin' or v_waiting.asked ->> 'account' = 'team') and not exists (
    select from public.team_members m
    where m.team_id = v_waiting.team_id and m.user_id = v_waiting.user_id and m.role in ('owner', 'admin')
  ) then
    v_whom := 'admins';
  elsif v_waiting.mode = 'sync' then
    -- Whoever waits is asked where they wait; with the app out of sight, that is their device.
    perform private.tell_devices(v_waiting, v_kind, v_whom);
    return;
  end if;
  -- One sign-in lets all calls go on that wait for it: it is asked for once.
  if v_kind = 'sign_in_needed' and exists (
    select from public.notifications n
    join public.mcp_tool_executions e on e.team_id = n.team_id and e.id = n.execution_id
    where n.team_id = v_waiting.team_id and n.kind = v_kind and n.read_at is null
      and e.id <> v_waiting.id and e.server_id = v_waiting.server_id and e.asked = v_waiting.asked
      and (v_whom = 'admins' or n.user_id = v_waiting.user_id)
  ) then
    return;
  end if;
  perform private.notify(v_waiting, v_kind, v_whom);
end;
$$;
comment on function private.announce_wait(uuid) is
  'Tells whoever can let a waiting execution go on: its own person, if they have left, or the admins.';

create function private.question_is_over() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- People first, then what they are told: whoever leaves the team takes them in this order too.
  perform 1 from public.team_members m
  where m.team_id = new.team_id and m.user_id in (
    select n.user_id from public.notifications n where n.team_id = new.team_id and n.execution_id = new.id
    union select new.user_id
  )
  for key share;
  update public.notifications set read_at = now()
  where team_id = new.team_id and execution_id = new.id and read_at is null
    and kind in ('approval_needed', 'sign_in_needed', 'input_needed');
  perform private.settle_pushes(new.team_id, new.id);
  return null;
end;
$$;
comment on function private.question_is_over() is 'A question that was answered, by whomever, or is moot calls for nobody any more.';
create trigger question_is_over after update of asked on public.mcp_tool_executions
  for each row when (old.asked is not null and new.asked is null)
  execute function private.question_is_over();

create function private.tell_decision() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_about public.mcp_tool_executions;
begin
  select * into v_about from public.mcp_tool_executions where id = new.execution_id;
  perform private.notify(v_about, 'approval_decided', 'person');
  return null;
end;
$$;
comment on function private.tell_decision() is 'Tells a person that someone else decided on their call.';
create trigger tell_decision after update of decision on public.mcp_approvals
  for each row when (
    old.decision is null and new.decision in ('approved', 'rejected') and new.decided_by is distinct from new.user_id
  )
  execute function private.tell_decision();

create function private.trim_notices() returns void
language sql set search_path = '' as $$
  delete from public.notifications where id in (
    select id from public.notifications
    where created_at < now() - interval '30 days' or read_at < now() - interval '7 days'
    limit 1000
  )
$$;
comment on function private.trim_notices() is 'Forgets what was read a week ago and whatever is a month old, a thousand at a time.';

revoke execute on function
  private.notify(public.mcp_tool_executions, text, text), private.announce(public.mcp_tool_executions),
  private.announce_wait(uuid), private.question_is_over(), private.tell_decision(), private.trim_notices()
from public, anon, authenticated;
grant execute on function
  private.notify(public.mcp_tool_executions, text, text), private.announce(public.mcp_tool_executions),
  private.announce_wait(uuid), private.trim_notices()
to service_role;
