-- Executions that wait for a person, executions that someone cancels, and the reaper that closes what a
-- dead worker left behind.
--
-- A call that needs a person leaves its worker, unless its server holds it open (sessions): then the
-- worker stays with it and looks here for the answer. Never true: a wait that goes on twice; one that
-- goes on for someone who has left the team, or under another definition than the one it began with.

create table public.mcp_execution_waits (
  execution_id uuid primary key,
  team_id uuid not null,
  encrypted_value text not null,
  key_version integer not null,
  definition_hash text not null,
  config jsonb not null,
  held boolean not null,
  answer jsonb,
  task_until timestamptz,
  since timestamptz not null default now(),
  constraint wait_of_the_teams_execution foreign key (team_id, execution_id)
    references public.mcp_tool_executions (team_id, id) on delete cascade
);
comment on table public.mcp_execution_waits is 'What a waiting execution needs to go on, sealed: its arguments, and where its server stopped. Gone when it has ended.';
comment on column public.mcp_execution_waits.config is 'Where the server was: answers are for it and do not follow it to another address.';
comment on column public.mcp_execution_waits.held is 'True while a worker holds the call open for its answer; false when any worker may go on with it.';
comment on column public.mcp_execution_waits.answer is 'A sealed answer on its way to the worker that holds the call, or that goes on with the task.';
comment on column public.mcp_execution_waits.task_until is 'Its server works on it as a task, and is asked after it until then at most. Null: no task.';
comment on column public.mcp_execution_waits.since is 'Since when a person is waited for, or was the last time.';
create index mcp_execution_waits_team on public.mcp_execution_waits (team_id, execution_id);

alter table public.mcp_execution_waits enable row level security;
-- NOTE: no policy and no client grant: what waits here is for the edge function alone.
grant select, insert, update, delete on public.mcp_execution_waits to service_role;

create function private.ran_ms(p_since timestamptz, p_until timestamptz default now()) returns integer
language sql stable set search_path = '' as $$
  select least(greatest(coalesce(extract(epoch from p_until - p_since), 0) * 1000, 0), 2147483647)::integer
$$;
comment on function private.ran_ms(timestamptz, timestamptz) is 'The duration of a call that no worker can tell: from `running_since`, which leaves out waiting for people.';

create function public.suspend_execution(
  p_execution_id uuid, p_status text, p_asked jsonb, p_wait jsonb, p_seconds integer
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_team uuid;
begin
  update public.mcp_tool_executions
  set status = p_status, asked = p_asked, poll_at = null, lease_expires_at = now() + p_seconds * interval '1 second',
      -- What a person answers, or whose account they connect, is in no cache key: its result is nobody else's.
      cache_key = case when p_status = 'awaiting_approval' then cache_key end
  where id = p_execution_id and cancel_requested_at is null
    and status = case p_status when 'awaiting_approval' then 'pending' else 'running' end
  returning team_id into v_team;
  if not found then
    return false;
  end if;
  if p_status = 'awaiting_approval' then
    insert into public.mcp_approvals (id, team_id, execution_id, tool_id, user_id, needs, arguments_hash, expires_at)
    select (p_asked ->> 'approval_id')::uuid, e.team_id, e.id, e.tool_id, e.user_id, p_asked ->> 'needs',
      p_wait ->> 'arguments_hash', e.lease_expires_at
    from public.mcp_tool_executions e where e.id = p_execution_id;
  end if;
  insert into public.mcp_execution_waits
    (execution_id, team_id, encrypted_value, key_version, definition_hash, config, held)
  values (
    p_execution_id, v_team, p_wait ->> 'encrypted_value', (p_wait ->> 'key_version')::integer,
    p_wait ->> 'definition_hash', p_wait -> 'config', (p_wait ->> 'held')::boolean
  )
  on conflict (execution_id) do update set
    encrypted_value = excluded.encrypted_value, key_version = excluded.key_version,
    definition_hash = excluded.definition_hash, config = excluded.config, held = excluded.held, answer = null, since = now();
  perform private.announce_wait(p_execution_id);
  return true;
end;
$$;
comment on function public.suspend_execution(uuid, text, jsonb, jsonb, integer) is
  'Lets an execution wait for a person: a running one, or a pending one for its approval; false when it has ended or someone wants it cancelled.';

create function public.resume_execution(
  p_execution_id uuid, p_user_id uuid, p_status text, p_answer jsonb default null,
  p_question_id text default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_kept public.mcp_tool_executions;
  v_wait public.mcp_execution_waits;
  v_found private.calls;
  v_place jsonb := '{}';
begin
  select e.* into v_kept from public.mcp_tool_executions e
  join public.team_members m on m.team_id = e.team_id and m.user_id = e.user_id
  where e.id = p_execution_id and e.user_id = coalesce(p_user_id, e.user_id)
  for update of e;
  if not found then
    return jsonb_build_object('verdict', 'refused', 'reason', 'not_found');
  end if;
  select * into v_wait from public.mcp_execution_waits where execution_id = p_execution_id;
  if v_kept.status is distinct from p_status or v_kept.cancel_requested_at is not null
    or v_kept.lease_expires_at < now() or v_wait.execution_id is null or v_wait.answer is not null
    or v_wait.held and p_answer is null
    -- An answer is for the question it was judged by, not for the one that came after it.
    or p_question_id is not null and p_question_id is distinct from v_kept.asked ->> 'id'
  then
    return jsonb_build_object('verdict', 'refused', 'reason', 'not_waiting', 'execution_id', v_kept.id);
  end if;

  -- What was admitted then must still be admitted now, and be the same tool in the same place.
  select * into v_found from private.calls
  where user_id = v_kept.user_id and team_id = v_kept.team_id and server_id = v_kept.server_id
    and tool_id = v_kept.tool_id and is_active and is_enabled
    and private.suffices(v_kept.approval, policy)
    and definition_hash = v_wait.definition_hash and config = v_wait.config;
  if not v_wait.held and v_found.call is null then
    perform public.finish_execution(
      p_execution_id, 'denied', 0, null, 'denied',
      'The tool or its server was changed or switched off while this call waited.'
    );
    select * into v_kept from public.mcp_tool_executions where id = p_execution_id;
    return private.answer_on_record(v_kept, v_kept.request_hash);
  end if;

  -- A task is asked after where it is: that tries no endpoint out, and none is chosen.
  if not v_wait.held and v_wait.task_until is null then
    v_place := private.take_endpoint(v_kept.server_id, v_kept.id);
    -- A sign-in that has just succeeded comes once: nobody would let the call go on later.
    if v_place ? 'rests_for' and p_status = 'awaiting_auth' then
      select jsonb_build_object('endpoints', jsonb_agg(e.url order by e.position)) into v_place
      from public.mcp_endpoints e where e.server_id = v_kept.server_id;
    end if;
    if v_place ? 'rests_for' then
      return jsonb_build_object('verdict', 'refused', 'reason', 'server_rests', 'retry_after_seconds', v_place -> 'rests_for');
    end if;
  end if;

  update public.mcp_tool_executions e
  set status = 'running', asked = null, running_since = running_since + (now() - v_wait.since),
      lease_expires_at = greatest(v_wait.task_until, now() + interval '60 seconds'),
      -- Should this worker die at once, others go on with the task.
      poll_at = case when v_wait.task_until is not null then now() + interval '20 seconds' end,
      endpoint = case when v_wait.held or v_wait.task_until is not null then endpoint
        when jsonb_array_length(v_place -> 'endpoints') > 1 then v_place -> 'endpoints' ->> 0 end
  where e.id = p_execution_id;
  if v_wait.held or v_wait.task_until is not null then
    update public.mcp_execution_waits set answer = p_answer where execution_id = p_execution_id;
  else
    delete from public.mcp_execution_waits where execution_id = p_execution_id;
  end if;
  if v_wait.held then
    return jsonb_build_object('verdict', 'held', 'execution_id', p_execution_id);
  end if;
  return v_found.call || v_place || jsonb_build_object(
    'execution_id', p_execution_id, 'chat_id', v_kept.chat_id, 'mode', v_kept.mode,
    'wait', jsonb_build_object('encrypted_value', v_wait.encrypted_value, 'key_version', v_wait.key_version)
  );
end;
$$;
comment on function public.resume_execution(uuid, uuid, text, jsonb, text) is
  'Lets a waiting execution go on, once, if it still may: for its own person, or for whoever it is (null) after a sign-in. Verdicts: run (with what waited), held (a worker gets the answer), ended, refused.';

create function public.waiting_for_account(p_team_id uuid, p_server_id uuid, p_user_id uuid) returns setof uuid
language sql stable set search_path = '' as $$
  select e.id from public.mcp_tool_executions e
  where e.team_id = p_team_id and e.server_id = p_server_id and e.status = 'awaiting_auth'
    and e.completed_at is null
    and e.asked ->> 'account' = case when p_user_id is null then 'team' else 'person' end
    and (p_user_id is null or e.user_id = p_user_id)
  order by e.started_at
$$;
comment on function public.waiting_for_account(uuid, uuid, uuid) is 'Executions that wait for this account (no user: the team''s) to be connected.';

create function public.watch_execution(
  p_execution_id uuid, p_progress jsonb default null, p_poll_ms integer default null
) returns jsonb
language plpgsql set search_path = '' as $$
begin
  -- A worker stays with a task: nobody else asks after it for a while.
  update public.mcp_tool_executions set poll_at = now() + (p_poll_ms + 20000) * interval '1 millisecond'
  where id = p_execution_id and status = 'running' and p_poll_ms is not null;
  -- Nor while a poll of its own takes long.
  update public.mcp_tool_executions set poll_at = now() + interval '20 seconds'
  where id = p_execution_id and status = 'running' and p_poll_ms is null and poll_at < now() + interval '10 seconds';
  -- Its worker lives: that is what a lease says. Written when it is half over, or when there is news.
  update public.mcp_tool_executions
  set lease_expires_at = case when poll_at is null then now() + interval '60 seconds' else lease_expires_at end,
      progress = coalesce(p_progress, progress)
  where id = p_execution_id and status = 'running'
    -- A task's lease is how long its server keeps it, whoever looks.
    and (poll_at is null and lease_expires_at < now() + interval '30 seconds' or p_progress is distinct from progress and p_progress is not null);
  return (
    select jsonb_build_object(
      'over', e.completed_at is not null or e.cancel_requested_at is not null, 'unheard', e.mode = 'async', 'answer', w.answer
    )
    from public.mcp_tool_executions e
    left join public.mcp_execution_waits w on w.execution_id = e.id
    where e.id = p_execution_id
  );
end;
$$;
comment on function public.watch_execution(uuid, jsonb, integer) is
  'A sign of life from the worker that runs an execution, with the newest progress; tells what it should know: it is over, or an answer came.';

create function public.cancel_execution(p_execution_id uuid, p_user_id uuid) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_kept public.mcp_tool_executions;
begin
  select e.* into v_kept from public.mcp_tool_executions e
  join public.team_members m on m.team_id = e.team_id and m.user_id = e.user_id
  where e.id = p_execution_id and e.user_id = p_user_id
  for update of e;
  if not found then
    return null;
  end if;
  if v_kept.completed_at is null then
    if v_kept.asked is not null and not exists (
      select 1 from public.mcp_execution_waits where execution_id = p_execution_id and held
    ) then
      perform public.finish_execution(p_execution_id, 'cancelled', 0, null, 'cancelled', 'The call was cancelled');
    else
      update public.mcp_tool_executions set cancel_requested_at = coalesce(cancel_requested_at, now())
      where id = p_execution_id;
    end if;
  end if;
  return true;
end;
$$;
comment on function public.cancel_execution(uuid, uuid) is
  'Ends a waiting execution of this person; of a running one its worker is told. Null when there is none.';

create function public.reap_executions() returns integer
language plpgsql set search_path = '' as $$
declare
  v_ended public.mcp_tool_executions;
  v_count integer := 0;
begin
  for v_ended in
    with late as (
      select e.id, e.status = 'pending' as unasked, e.status <> 'pending' and (e.asked is null or coalesce(w.held, false)) as may_have_run,
        private.ran_ms(e.running_since, case when e.asked is null then now() else w.since end) as ran_ms
      from public.mcp_tool_executions e
      left join public.mcp_execution_waits w on w.execution_id = e.id
      where e.completed_at is null and e.lease_expires_at < now()
      order by e.lease_expires_at limit 1000 for update of e skip locked
    )
    update public.mcp_tool_executions e
    set status = case when late.may_have_run then 'unknown' when late.unasked then 'error' else 'timeout' end,
        asked = null, completed_at = now(),
        error_code = case when late.may_have_run or late.unasked then 'lost' else 'timeout' end,
        duration_ms = case when late.may_have_run then late.ran_ms else 0 end,
        error_message = case when late.may_have_run
          then 'Astra lost sight of this call before it ended. The tool may have run.'
          when late.unasked then 'Astra lost sight of this call before anyone was asked. The tool did not run.'
          else 'Nobody answered in time, so the call did not go on.' end
    from late where e.id = late.id
    returning e.*
  loop
    perform private.count_usage(v_ended);
    delete from public.mcp_execution_waits where execution_id = v_ended.id;
    perform private.settle_approval(v_ended.id, 'expired');
    perform private.announce(v_ended);
    v_count := v_count + 1;
  end loop;
  perform private.reap_turns(), private.trim_notices(), private.trim_deliveries(), private.trim_pushes();
  return v_count;
end;
$$;
comment on function public.reap_executions() is
  'Closes executions whose lease ran out: unknown when the tool may have run, timeout when a person was waited for. Never retries; gives how many. Called every half minute.';

revoke execute on function
  private.ran_ms(timestamptz, timestamptz), public.suspend_execution(uuid, text, jsonb, jsonb, integer),
  public.resume_execution(uuid, uuid, text, jsonb, text), public.waiting_for_account(uuid, uuid, uuid),
  public.watch_execution(uuid, jsonb, integer), public.cancel_execution(uuid, uuid), public.reap_executions()
from public, anon, authenticated;
grant execute on function
  private.ran_ms(timestamptz, timestamptz), public.suspend_execution(uuid, text, jsonb, jsonb, integer),
  public.resume_execution(uuid, uuid, text, jsonb, text), public.waiting_for_account(uuid, uuid, uuid),
  public.watch_execution(uuid, jsonb, integer), public.cancel_execution(uuid, uuid), public.reap_executions()
to service_role;
