-- Approvals: a person is shown the exact arguments of a call and says yes or no, once.
--
-- Never true: an approval is answered twice, by someone it is not for, or for other arguments than were
-- shown; a call runs on an answer that came after its time or after its tool changed.

create table public.mcp_approvals (
  id uuid primary key,
  team_id uuid not null,
  execution_id uuid not null,
  tool_id uuid not null,
  user_id uuid,
  needs text not null,
  arguments_hash text not null,
  asked_at timestamptz not null default now(),
  expires_at timestamptz not null,
  decision text,
  decided_by uuid references public.profiles (id) on delete set null,
  decided_at timestamptz,
  edited boolean not null default false,
  via text not null default 'app',
  constraint approval_of_the_teams_execution foreign key (team_id, execution_id)
    references public.mcp_tool_executions (team_id, id) on delete cascade,
  constraint approval_of_the_teams_tool foreign key (team_id, tool_id)
    references public.mcp_tools (team_id, id) on delete cascade,
  constraint one_approval_per_execution unique (execution_id),
  constraint needs_is_known check (needs in ('self', 'admin')),
  constraint decision_is_known check (decision in ('approved', 'rejected', 'expired', 'withdrawn')),
  constraint via_is_known check (via in ('app', 'notification')),
  constraint decisions_have_a_time check ((decision is null) = (decided_at is null))
);
comment on table public.mcp_approvals is 'One question to a person about one call, and the one decision on it. This is its audit entry.';
comment on column public.mcp_approvals.needs is 'self: the person whose call it is. admin: any admin of the team.';
comment on column public.mcp_approvals.arguments_hash is 'SHA-256 of the exact arguments that were shown; after an edit, of those that were approved. The arguments themselves wait sealed.';
comment on column public.mcp_approvals.via is 'Where it was answered: in the app, or from a notification that showed the whole question.';
comment on column public.mcp_approvals.decision is 'expired: nobody answered in time. withdrawn: the call ended before anyone did.';
create index mcp_approvals_execution on public.mcp_approvals (team_id, execution_id);
create index mcp_approvals_tool on public.mcp_approvals (team_id, tool_id);
create index mcp_approvals_decided_by on public.mcp_approvals (decided_by);
create index mcp_approvals_open on public.mcp_approvals (team_id, asked_at) where decision is null;

create function private.decided_once() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_kept public.mcp_approvals := old;
begin
  if new.decided_by is null then v_kept.decided_by := null; end if;
  if new is distinct from v_kept then
    raise exception 'An approval is decided once' using errcode = 'check_violation';
  end if;
  return new;
end;
$$;
comment on function private.decided_once() is 'The last line of defence behind decide_approval.';
revoke execute on function private.decided_once() from public;
create trigger decided_once before update on public.mcp_approvals
  for each row when (old.decision is not null) execute function private.decided_once();

alter table public.mcp_approvals enable row level security;
create policy "People see what waits for their own calls, analysts the team's" on public.mcp_approvals
  for select to authenticated
  using (
    team_id in (select private.my_analysed_team_ids())
    or (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
  );
-- NOTE: no client writes here: suspend_execution asks, decide_approval and the reaper decide.
-- By column: a plain hash of arguments tells whoever guesses them what was redacted.
grant select (
  id, team_id, execution_id, tool_id, user_id, needs, asked_at, expires_at, decision, decided_by, decided_at, edited, via
) on public.mcp_approvals to authenticated;
grant select, insert, update, delete on public.mcp_approvals to service_role;

-- plpgsql, which plans once per connection: every call that ends comes by here.
create function private.settle_approval(p_execution_id uuid, p_decision text) returns void
language plpgsql set search_path = '' as $$
begin
  update public.mcp_approvals set decision = p_decision, decided_at = now()
  where execution_id = p_execution_id and decision is null;
end;
$$;
comment on function private.settle_approval(uuid, text) is 'Closes the question of a call that ended otherwise.';

create function private.asks_admins(p_tool_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from public.mcp_tools t where t.id = p_tool_id and t.policy = 'ask_admin');
end;
$$;
comment on function private.asks_admins(uuid) is 'Whether calls of this tool need an admin today.';

create function private.ask_admins_instead(p_execution_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  update public.mcp_tool_executions
  set asked = asked || '{"needs": "admin", "allows_always": false}'
  where id = p_execution_id and status = 'awaiting_approval';
  if not found then
    return;
  end if;
  update public.mcp_approvals set needs = 'admin' where execution_id = p_execution_id and decision is null;
  perform private.announce_wait(p_execution_id);
end;
$$;
comment on function private.ask_admins_instead(uuid) is 'Puts the open question of a call to the admins: its person''s yes is no longer enough.';

create function private.ask_admins_from_now_on() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform private.ask_admins_instead(a.execution_id)
  from public.mcp_approvals a where a.team_id = new.team_id and a.tool_id = new.id and a.needs = 'self' and a.decision is null;
  return null;
end;
$$;
comment on function private.ask_admins_from_now_on() is 'What waits for a person''s own yes waits for an admin''s once that is what the policy asks for.';
revoke execute on function private.ask_admins_from_now_on() from public;
create trigger ask_admins_from_now_on after update of policy on public.mcp_tools
  for each row when (old.policy <> 'ask_admin' and new.policy = 'ask_admin')
  execute function private.ask_admins_from_now_on();

create function public.decide_approval(
  p_approval_id uuid, p_user_id uuid, p_team_id uuid, p_decision text, p_always boolean default false, p_edit jsonb default null,
  p_via text default 'app'
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_approval public.mcp_approvals;
  v_role text;
  v_kept public.mcp_tool_executions;
  v_wait public.mcp_execution_waits;
  v_found private.calls;
  v_place jsonb;
  v_yes text;
begin
  -- The execution first, then its approval: everyone who ends one takes them in this order.
  select e.* into v_kept from public.mcp_tool_executions e
  join public.mcp_approvals a on a.execution_id = e.id
  where a.id = p_approval_id and a.team_id = p_team_id
  for update of e;
  select * into v_approval from public.mcp_approvals where id = p_approval_id and team_id = p_team_id for update;
  select m.role into v_role from public.team_members m where m.team_id = p_team_id and m.user_id = p_user_id;
  -- Asked for its person's yes when that was enough; by now it may be an admin's that is needed.
  if v_role is not null and v_approval.needs = 'self' and v_approval.decision is null and private.asks_admins(v_approval.tool_id) then
    perform private.ask_admins_instead(v_kept.id);
    v_approval.needs := 'admin';
  end if;
  if v_approval.id is null or v_role is null
    or v_approval.user_id is distinct from p_user_id and (v_approval.needs = 'self' or v_role not in ('owner', 'admin'))
  then
    return jsonb_build_object('verdict', 'refused', 'reason', 'not_found');
  end if;
  if v_approval.needs = 'admin' and v_role not in ('owner', 'admin') and p_decision = 'approved' then
    return jsonb_build_object('verdict', 'refused', 'reason', 'needs_admin');
  end if;
  if v_approval.decision is not null or v_kept.status <> 'awaiting_approval' or v_kept.lease_expires_at < now() then
    return jsonb_build_object(
      'verdict', 'refused', 'reason', 'already_decided', 'execution_id', v_kept.id, 'decision', v_approval.decision
    );
  end if;

  if p_decision = 'rejected' then
    update public.mcp_approvals set decision = p_decision, decided_by = p_user_id, decided_at = now(), via = p_via where id = p_approval_id;
    perform public.finish_execution(
      v_kept.id, 'denied', 0, null, 'rejected',
      case when p_user_id = v_kept.user_id then 'This call was not approved, so it did not run.'
        else 'An admin did not approve this call, so it did not run.' end
    );
    select * into v_kept from public.mcp_tool_executions where id = v_kept.id;
    return private.answer_on_record(v_kept, v_kept.request_hash);
  end if;

  -- What was asked about must still be the same tool in the same place, and this yes be enough today.
  v_yes := case when v_role in ('owner', 'admin') then 'admin' else 'self' end;
  select * into v_wait from public.mcp_execution_waits where execution_id = v_kept.id;
  select * into v_found from private.calls
  where user_id = v_kept.user_id and team_id = v_kept.team_id and server_id = v_kept.server_id and tool_id = v_kept.tool_id
    and is_active and is_enabled and definition_hash = v_wait.definition_hash and config = v_wait.config;
  if not found or v_found.policy = 'deny' then
    perform public.finish_execution(
      v_kept.id, 'denied', 0, null, 'denied',
      'The tool or its server was changed or switched off while this call waited.'
    );
    select * into v_kept from public.mcp_tool_executions where id = v_kept.id;
    return private.answer_on_record(v_kept, v_kept.request_hash);
  end if;
  if not private.suffices(v_yes, v_found.policy) then
    return jsonb_build_object('verdict', 'refused', 'reason', 'needs_admin');
  end if;
  -- An admin's arguments do not run on the account of somebody who never saw them.
  if p_edit is not null and p_user_id is distinct from v_kept.user_id and v_found.call ->> 'account' = 'person' then
    return jsonb_build_object('verdict', 'refused', 'reason', 'not_editable');
  end if;
  v_place := private.take_endpoint(v_kept.server_id, v_kept.id);
  if v_place ? 'rests_for' then
    return jsonb_build_object('verdict', 'refused', 'reason', 'server_rests', 'retry_after_seconds', v_place -> 'rests_for');
  end if;

  update public.mcp_approvals
  set decision = p_decision, decided_by = p_user_id, decided_at = now(), edited = p_edit is not null, via = p_via,
      arguments_hash = coalesce(p_edit ->> 'arguments_hash', arguments_hash)
  where id = p_approval_id;
  -- Only where the question offered it.
  if p_always and v_found.allows_always and v_found.policy = 'ask' and p_user_id = v_kept.user_id
    and coalesce((v_kept.asked ->> 'allows_always')::boolean, false)
  then
    insert into public.mcp_standing_approvals (team_id, tool_id, user_id, definition_hash)
    values (v_kept.team_id, v_kept.tool_id, p_user_id, v_found.definition_hash)
    on conflict (tool_id, user_id) do update set definition_hash = excluded.definition_hash, created_at = now();
  end if;
  update public.mcp_tool_executions
  set status = 'running', running_since = now(), asked = null, approval = v_yes, lease_expires_at = now() + interval '60 seconds',
      input_parameters = coalesce(p_edit -> 'input_parameters', input_parameters),
      cache_key = case when v_found.cache_seconds is not null
        then private.cache_key(v_found, coalesce(p_edit ->> 'arguments_hash', v_approval.arguments_hash)) end,
      endpoint = case when jsonb_array_length(v_place -> 'endpoints') > 1 then v_place -> 'endpoints' ->> 0 end
  where id = v_kept.id;
  delete from public.mcp_execution_waits where execution_id = v_kept.id;
  return v_found.call || v_place || jsonb_build_object(
    'execution_id', v_kept.id, 'chat_id', v_kept.chat_id, 'mode', v_kept.mode,
    'wait', coalesce(p_edit -> 'wait', jsonb_build_object('encrypted_value', v_wait.encrypted_value, 'key_version', v_wait.key_version))
  );
end;
$$;
comment on function public.decide_approval(uuid, uuid, uuid, text, boolean, jsonb, text) is
  'The one answer to an approval: by its own person or, where it needs an admin, by any of the team''s. Verdicts: run (with what waited, or what it was edited to), ended, refused.';

revoke execute on function
  private.settle_approval(uuid, text), private.asks_admins(uuid), private.ask_admins_instead(uuid),
  public.decide_approval(uuid, uuid, uuid, text, boolean, jsonb, text)
from public, anon, authenticated;
grant execute on function
  private.settle_approval(uuid, text), private.asks_admins(uuid), private.ask_admins_instead(uuid),
  public.decide_approval(uuid, uuid, uuid, text, boolean, jsonb, text)
to service_role;
