-- The corridor's two round trips.
--
-- begin_execution decides and records in one transaction: whoever holds its `run` verdict holds a
-- committed row. Only the edge function may call these; a sealed credential leaves only through here.

create view private.calls with (security_invoker = on) as
  select m.team_id, m.user_id, s.id as server_id, t.id as tool_id, t.tool_name, s.config, s.is_active,
    t.is_enabled, t.policy, t.definition_hash, t.longest_seconds,
    jsonb_build_object(
      'verdict', 'run',
      'team_id', m.team_id,
      'user_id', m.user_id,
      'administers', m.role in ('owner', 'admin'),
      'server', jsonb_build_object(
        'id', s.id, 'name', s.name, 'server_type', s.server_type, 'config', s.config, 'protocol', s.protocol
      ),
      'tool', jsonb_build_object(
        'name', t.tool_name, 'definition', t.definition, 'definition_hash', t.definition_hash,
        'timeout_seconds', t.timeout_seconds, 'longest_seconds', t.longest_seconds
      ),
      'account', coalesce(t.account, s.account),
      'credential', case when c.id is not null then jsonb_build_object(
        'id', c.id, 'encrypted_value', c.encrypted_value, 'key_version', c.key_version
      ) end
    ) as call
  from public.team_members m
  join public.mcp_servers s on s.team_id = m.team_id and s.removed_at is null
  join public.mcp_tools t on t.team_id = s.team_id and t.server_id = s.id and t.removed_at is null
  -- Two conditions that an index answers each, rather than one that reads every member's credential.
  left join public.mcp_server_credentials c on c.server_id = s.id and (
    c.user_id = m.user_id and coalesce(t.account, s.account) = 'person'
    or c.user_id is null and coalesce(t.account, s.account) = 'team'
  );
comment on view private.calls is 'Every tool a member could call: what decides whether they may, and what a worker needs then, read together. The one place where a sealed credential leaves.';
grant select on private.calls to service_role;

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

  -- 3. Server, tool and account, all of this team, read once: what is judged is what runs.
  select * into v_found from private.calls
  where user_id = p_user_id and team_id = v_team and server_id = p_server_id and tool_name = p_tool_name;
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
    team_id, user_id, server_id, tool_id, origin, input_parameters, approved, status, chat_id, message_id,
    idempotency_key, request_hash, lease_expires_at, completed_at, duration_ms, error_code, error_message
  )
  select v_team, p_user_id, v_found.server_id, v_found.tool_id, p_origin, p_parameters,
    coalesce(p_approved, false), case when v_refusal is null then 'running' else 'denied' end, p_chat_id, p_message_id,
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

  return v_found.call || jsonb_build_object('execution_id', v_kept.id, 'chat_id', p_chat_id);
end;
$$;
comment on function public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text) is
  'Admits or refuses one call and records it. Verdicts: run, ended (with its answer, or what it waits for), refused (reason), no_team.';

create function private.answer_on_record(kept public.mcp_tool_executions, p_request_hash text) returns jsonb
language sql immutable set search_path = '' as $$
  select case
    when kept.request_hash is distinct from p_request_hash then
      jsonb_build_object('verdict', 'refused', 'reason', 'idempotency_mismatch', 'execution_id', kept.id)
    when kept.completed_at is null and kept.asked is null then
      jsonb_build_object('verdict', 'refused', 'reason', 'in_progress', 'execution_id', kept.id)
    else jsonb_build_object(
      'verdict', 'ended', 'execution_id', kept.id, 'status', kept.status, 'result', kept.output_result,
      'asked', kept.asked, 'error_code', kept.error_code, 'error_message', kept.error_message, 'duration_ms', kept.duration_ms
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
  set status = p_status, asked = null, completed_at = now(), duration_ms = p_duration_ms,
      output_result = p_output, error_code = p_error_code, error_message = p_error_message
  where id = p_execution_id and completed_at is null
  returning * into v_ended;
  if not found then
    return false;
  end if;
  perform private.count_usage(v_ended);
  delete from public.mcp_execution_waits where execution_id = v_ended.id;

  -- The server's row is written when there is something to say, not on every call.
  if p_protocol is not null then
    update public.mcp_servers set protocol = p_protocol where id = v_ended.server_id and removed_at is null;
  end if;
  if p_error_code in ('upstream_unreachable', 'upstream_unauthorized', 'upstream_protocol', 'address_refused') then
    update public.mcp_servers s set connection_status = 'error', last_error = p_error_message
    where id = v_ended.server_id and removed_at is null
      -- One person's own account that is refused says nothing about the server.
      and not (p_error_code = 'upstream_unauthorized' and exists (
        select 1 from public.mcp_tools t where t.id = v_ended.tool_id and coalesce(t.account, s.account) = 'person'
      ))
      and (connection_status, last_error) is distinct from ('error', p_error_message);
  elsif p_status = 'success' then
    update public.mcp_servers set connection_status = 'connected', last_error = null, last_connected_at = now()
    where id = v_ended.server_id and removed_at is null
      and (connection_status <> 'connected' or last_connected_at < now() - interval '1 minute');
    update public.mcp_server_credentials c set last_used_at = now()
    from public.mcp_tools t join public.mcp_servers s on s.id = t.server_id
    where t.id = v_ended.tool_id and c.server_id = v_ended.server_id and (
        c.user_id = v_ended.user_id and coalesce(t.account, s.account) = 'person'
        or c.user_id is null and coalesce(t.account, s.account) = 'team'
      )
      and (last_used_at is null or last_used_at < now() - interval '1 minute');
  end if;
  return true;
end;
$$;
comment on function public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb) is
  'Ends an execution once; false when it had ended already.';

revoke execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb)
from public, anon, authenticated;
grant execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb)
to service_role;
