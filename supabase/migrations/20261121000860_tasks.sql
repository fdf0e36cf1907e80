-- Executions whose server works on them as a task: nobody has to wait for those, and any process may ask
-- how they are.
--
-- Never true: a task is asked after at another address, or under another definition, than it began with;
-- one that its person gave up goes on being asked after.

create function public.keep_task(p_execution_id uuid, p_wait jsonb, p_poll_ms integer, p_seconds integer) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_team uuid;
  v_until timestamptz := now() + p_seconds * interval '1 second';
begin
  update public.mcp_tool_executions
  set poll_at = now() + (p_poll_ms + 20000) * interval '1 millisecond',
      -- The task outlives its worker: what ends the wait for it is that the server forgets it.
      lease_expires_at = case when poll_at is null then v_until else lease_expires_at end
  where id = p_execution_id and status = 'running' and cancel_requested_at is null
  returning team_id into v_team;
  if not found then
    return false;
  end if;
  insert into public.mcp_execution_waits as w
    (execution_id, team_id, encrypted_value, key_version, definition_hash, config, held, task_until)
  values (
    p_execution_id, v_team, p_wait ->> 'encrypted_value', (p_wait ->> 'key_version')::integer,
    p_wait ->> 'definition_hash', p_wait -> 'config', false, v_until
  )
  on conflict (execution_id) do update set
    encrypted_value = excluded.encrypted_value, key_version = excluded.key_version,
    definition_hash = excluded.definition_hash, config = excluded.config, held = false, answer = null,
    task_until = coalesce(w.task_until, v_until);
  return true;
end;
$$;
comment on function public.keep_task(uuid, jsonb, integer, integer) is
  'Keeps, sealed, what it takes to ask after a task; false when its execution has ended or someone wants it cancelled.';

create function public.claim_tasks(p_limit integer, p_execution_id uuid default null) returns setof jsonb
language plpgsql set search_path = '' as $$
declare
  v_due record;
  v_found private.calls;
begin
  for v_due in
    -- No team's tasks come twice before every other one's came once.
    with due as (
      select e.id, row_number() over (partition by e.team_id order by e.poll_at) as place
      from public.mcp_tool_executions e
      where e.completed_at is null and e.status = 'running' and e.poll_at is not null
        and case when p_execution_id is null
          then e.poll_at <= now() or e.cancel_requested_at is not null else e.id = p_execution_id end
    )
    select e.id, e.team_id, e.user_id, e.server_id, e.tool_id, e.chat_id, e.mode, w.encrypted_value, w.key_version, w.answer,
      w.definition_hash, w.config, e.cancel_requested_at is not null as cancelled, private.ran_ms(e.running_since) as ran_ms
    from due
    join public.mcp_tool_executions e on e.id = due.id
    join public.mcp_execution_waits w on w.execution_id = e.id
    where e.completed_at is null and e.status = 'running' and e.poll_at is not null
      and case when p_execution_id is null
        then e.poll_at <= now() or e.cancel_requested_at is not null else e.id = p_execution_id end
    order by due.place, e.poll_at limit p_limit
    for update of e skip locked
  loop
    select * into v_found from private.calls c
    where c.user_id = v_due.user_id and c.team_id = v_due.team_id and c.server_id = v_due.server_id
      and c.tool_id = v_due.tool_id and c.is_active and c.is_enabled and c.definition_hash = v_due.definition_hash and c.config = v_due.config;
    if not found then
      perform public.finish_execution(
        v_due.id, 'unknown', v_due.ran_ms, null, 'lost',
        'The tool, its server or its person''s membership changed while the server worked on this call. It may have run.'
      );
      continue;
    end if;
    update public.mcp_tool_executions set poll_at = now() + interval '60 seconds' where id = v_due.id;
    return next v_found.call || jsonb_build_object(
      'execution_id', v_due.id, 'chat_id', v_due.chat_id, 'mode', v_due.mode, 'cancelled', v_due.cancelled,
      'ran_ms', v_due.ran_ms, 'answer', v_due.answer,
      'wait', jsonb_build_object('encrypted_value', v_due.encrypted_value, 'key_version', v_due.key_version)
    );
  end loop;
end;
$$;
comment on function public.claim_tasks(integer, uuid) is
  'Tasks that are due to be asked after, or one of them now, each for whoever claims it first, with all it takes.';

revoke execute on function
  public.keep_task(uuid, jsonb, integer, integer), public.claim_tasks(integer, uuid)
from public, anon, authenticated;
grant execute on function
  public.keep_task(uuid, jsonb, integer, integer), public.claim_tasks(integer, uuid)
to service_role;
