-- The corridor's two round trips, and the reaper that closes what a dead worker left behind.
--
-- begin_execution decides and records in one transaction: whoever holds its `run` verdict holds a
-- committed row. Only the edge function may call these; a sealed credential leaves only through here.

create function public.begin_execution(
  p_user_id uuid,
  p_team_id uuid,
  p_server_id uuid,
  p_tool_name text,
  p_parameters jsonb,
  p_origin text,
  p_approved boolean,
  p_chat_id uuid default null,
  p_message_id uuid default null,
  p_idempotency_key text default null,
  p_request_hash text default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_team uuid;
  v_found record;
  v_refusal text;
  v_execution uuid;
  v_kept public.mcp_tool_executions;
begin
  -- 1. The team: named and held, or the only one held.
  if p_team_id is not null then
    select m.team_id into v_team from public.team_members m
    where m.user_id = p_user_id and m.team_id = p_team_id;
  else
    select case when count(*) = 1 then (array_agg(m.team_id))[1] end into v_team
    from public.team_members m where m.user_id = p_user_id;
  end if;
  if v_team is null then
    return jsonb_build_object('verdict', 'no_team', 'memberships', public.memberships_of(p_user_id));
  end if;

  -- 2. A request seen before gets its first answer, whatever has changed since.
  if p_idempotency_key is not null then
    select * into v_kept from public.mcp_tool_executions
    where team_id = v_team and idempotency_key = p_idempotency_key;
    if found then
      return private.answer_on_record(v_kept, p_request_hash);
    end if;
  end if;

  -- 3. Server, tool and credential, all of this team.
  select s.id as server_id, s.name as server_name, s.server_type, s.config, s.protocol, s.is_active,
    t.id as tool_id, t.definition, t.is_enabled, t.policy, t.timeout_seconds,
    -- Progress may stretch a call to four times its timeout, and never beyond five minutes.
    least(t.timeout_seconds * 4, 300) as longest_seconds,
    c.id as credential_id, c.encrypted_value, c.key_version
  into v_found
  from public.mcp_servers s
  join public.mcp_tools t
    on t.team_id = s.team_id and t.server_id = s.id and t.tool_name = p_tool_name and t.removed_at is null
  left join public.mcp_server_credentials c on c.server_id = s.id
  where s.team_id = v_team and s.id = p_server_id and s.removed_at is null;
  if not found then
    return jsonb_build_object('verdict', 'refused', 'reason', case when exists (
      select 1 from public.mcp_servers
      where team_id = v_team and id = p_server_id and removed_at is null and server_type = 'stdio'
    ) then 'stdio_host_needed' else 'not_found' end);
  end if;
  if p_chat_id is not null and not exists (
    select 1 from public.astra_chats where id = p_chat_id and team_id = v_team and user_id = p_user_id
  ) or p_message_id is not null and not exists (
    select 1 from public.astra_messages where id = p_message_id and team_id = v_team and chat_id = p_chat_id
  ) then
    return jsonb_build_object('verdict', 'refused', 'reason', 'chat_not_found');
  end if;

  -- 4. The verdict. Only a clear yes runs.
  v_refusal := case
    when not v_found.is_active then 'server_inactive'
    when not v_found.is_enabled then 'tool_disabled'
    when v_found.policy = 'deny' then 'denied'
    when v_found.policy = 'allow' or (v_found.policy = 'ask' and p_approved) then null
    else 'needs_approval'
  end;
  if v_refusal is not null and v_refusal <> 'denied' then
    return jsonb_build_object('verdict', 'refused', 'reason', v_refusal);
  end if;

  -- 5. The row, before anything else happens.
  insert into public.mcp_tool_executions (
    team_id, user_id, server_id, tool_id, origin, input_parameters, status, chat_id, message_id,
    idempotency_key, request_hash, lease_expires_at, completed_at, duration_ms, error_code, error_message
  )
  select v_team, p_user_id, v_found.server_id, v_found.tool_id, p_origin, p_parameters,
    case when v_refusal is null then 'running' else 'denied' end, p_chat_id, p_message_id,
    p_idempotency_key, p_request_hash,
    now() + (v_found.longest_seconds + 60) * interval '1 second',
    denial.at, denial.took, denial.code, denial.message
  from (select
    case when v_refusal is not null then now() end as at,
    case when v_refusal is not null then 0 end as took,
    case when v_refusal is not null then 'denied' end as code,
    case when v_refusal is not null then 'An admin has ruled that this tool never runs.' end as message
  ) denial
  on conflict (team_id, idempotency_key) where idempotency_key is not null do nothing
  returning * into v_kept;
  if not found then
    -- Two requests with one key at the same moment: the other one was first.
    select * into strict v_kept from public.mcp_tool_executions
    where team_id = v_team and idempotency_key = p_idempotency_key;
    return private.answer_on_record(v_kept, p_request_hash);
  end if;
  if v_refusal is not null then
    perform private.count_usage(v_kept);
    return private.answer_on_record(v_kept, p_request_hash);
  end if;

  return jsonb_build_object(
    'verdict', 'run',
    'execution_id', v_kept.id,
    'team_id', v_team,
    'server', jsonb_build_object(
      'id', v_found.server_id, 'name', v_found.server_name, 'server_type', v_found.server_type,
      'config', v_found.config, 'protocol', v_found.protocol
    ),
    'tool', jsonb_build_object(
      'definition', v_found.definition, 'timeout_seconds', v_found.timeout_seconds,
      'longest_seconds', v_found.longest_seconds
    ),
    'credential', case when v_found.credential_id is not null then jsonb_build_object(
      'id', v_found.credential_id, 'encrypted_value', v_found.encrypted_value,
      'key_version', v_found.key_version
    ) end
  );
end;
$$;
comment on function public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text) is
  'Admits or refuses one call and records it. Verdicts: run, ended (with its answer), refused (reason), no_team.';

create function private.answer_on_record(kept public.mcp_tool_executions, p_request_hash text) returns jsonb
language sql immutable set search_path = '' as $$
  select case
    when kept.request_hash is distinct from p_request_hash then
      jsonb_build_object('verdict', 'refused', 'reason', 'idempotency_mismatch', 'execution_id', kept.id)
    when kept.completed_at is null then
      jsonb_build_object('verdict', 'refused', 'reason', 'in_progress', 'execution_id', kept.id)
    else jsonb_build_object(
      'verdict', 'ended', 'execution_id', kept.id, 'status', kept.status, 'result', kept.output_result,
      'error_code', kept.error_code, 'error_message', kept.error_message, 'duration_ms', kept.duration_ms
    )
  end
$$;
comment on function private.answer_on_record(public.mcp_tool_executions, text) is 'What is answered from the row alone: a repeated idempotency key, and a denied call, which ends as it begins.';

create function public.finish_execution(
  p_execution_id uuid,
  p_status text,
  p_duration_ms integer,
  p_output jsonb default null,
  p_error_code text default null,
  p_error_message text default null,
  p_protocol jsonb default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_ended public.mcp_tool_executions;
begin
  update public.mcp_tool_executions
  set status = p_status, completed_at = now(), duration_ms = p_duration_ms, output_result = p_output,
      error_code = p_error_code, error_message = p_error_message
  where id = p_execution_id and completed_at is null
  returning * into v_ended;
  if not found then
    return false;
  end if;
  perform private.count_usage(v_ended);

  -- The server's row is written when there is something to say, not on every call.
  if p_protocol is not null then
    update public.mcp_servers set protocol = p_protocol where id = v_ended.server_id and removed_at is null;
  end if;
  if p_error_code in ('upstream_unreachable', 'upstream_unauthorized', 'upstream_protocol', 'address_refused') then
    update public.mcp_servers set connection_status = 'error', last_error = p_error_message
    where id = v_ended.server_id and removed_at is null
      and (connection_status, last_error) is distinct from ('error', p_error_message);
  elsif p_status = 'success' then
    update public.mcp_servers set connection_status = 'connected', last_error = null, last_connected_at = now()
    where id = v_ended.server_id and removed_at is null
      and (connection_status <> 'connected' or last_connected_at < now() - interval '1 minute');
    update public.mcp_server_credentials set last_used_at = now()
    where server_id = v_ended.server_id
      and (last_used_at is null or last_used_at < now() - interval '1 minute');
  end if;
  return true;
end;
$$;
comment on function public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb) is
  'Ends an execution once; false when it had ended already.';

create function public.reap_executions() returns integer
language plpgsql set search_path = '' as $$
declare
  v_ended public.mcp_tool_executions;
  v_count integer := 0;
begin
  for v_ended in
    update public.mcp_tool_executions
    set status = 'unknown', completed_at = now(), error_code = 'lost',
        duration_ms = least(extract(epoch from now() - started_at) * 1000, 2147483647)::integer,
        error_message = 'Astra lost sight of this call before it ended. The tool may have run.'
    where id in (
      select id from public.mcp_tool_executions
      where status in ('pending', 'running') and lease_expires_at < now()
      order by lease_expires_at limit 1000 for update skip locked
    )
    returning *
  loop
    perform private.count_usage(v_ended);
    v_count := v_count + 1;
  end loop;
  update public.astra_messages set status = 'failed'
  where status = 'streaming' and created_at < now() - interval '15 minutes';
  return v_count;
end;
$$;
comment on function public.reap_executions() is
  'Closes executions whose lease ran out as unknown, never retries them; gives how many. Called every half minute.';
create index astra_messages_streaming on public.astra_messages (created_at) where status = 'streaming';

revoke execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb), public.reap_executions()
from public, anon, authenticated;
grant execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb), public.reap_executions()
to service_role;
