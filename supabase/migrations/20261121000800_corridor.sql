-- The corridor's two round trips.
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
  p_request_hash text default null,
  p_mode text default 'sync',
  p_arguments_hash text default null,
  p_after_outside boolean default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_id uuid := gen_random_uuid();
  v_team uuid;
  v_found private.calls;
  v_verdict record;
  v_limit jsonb;
  v_status text := 'running';
  v_place jsonb := '{}';
  v_cache_key text;
  v_cached public.mcp_tool_executions;
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
  if p_chat_id is not null and not private.takes_part(p_chat_id, v_team, p_user_id)
  or p_message_id is not null and not exists (
    select 1 from public.astra_messages m where m.id = p_message_id and m.team_id = v_team and m.chat_id = p_chat_id
      -- An answer that someone stops begins no further call.
      and (p_origin <> 'chat' or m.stop_requested_at is null)
  ) then
    return jsonb_build_object('verdict', 'refused', 'reason', 'chat_not_found');
  end if;

  -- 4. The verdict of policy, of the limits, of what is known already, and of the breaker.
  select * into v_verdict from private.verdict_on(
    v_found, coalesce(p_approved, false), private.may_follow_outside(p_origin, p_chat_id, p_after_outside)
  );
  if v_verdict.refusal in ('server_inactive', 'tool_disabled') then
    return jsonb_build_object('verdict', 'refused', 'reason', v_verdict.refusal);
  end if;
  v_limit := private.count_call(v_team, p_user_id, v_found.tool_id, v_found.rate_limit);
  if v_limit is not null then
    return jsonb_build_object('verdict', 'refused', 'reason', 'rate_limited') || v_limit;
  end if;
  if v_verdict.refusal = 'denied' then
    v_status := 'denied';
  elsif v_verdict.refusal = 'needs_approval' then
    v_status := 'pending';
  end if;
  if v_found.cache_seconds is not null and p_arguments_hash is not null then
    v_cache_key := private.cache_key(v_found, p_arguments_hash);
  end if;
  if v_status = 'running' and v_cache_key is not null then
    select * into v_cached from public.mcp_tool_executions
    where team_id = v_team and cache_key = v_cache_key and cached_at is null and status = 'success'
      and completed_at > now() - v_found.cache_seconds * interval '1 second'
    order by completed_at desc limit 1;
    if found then
      v_status := 'success';
    end if;
  end if;
  if v_status = 'running' then
    v_place := private.take_endpoint(v_found.server_id, v_id);
    if v_place ? 'rests_for' then
      return jsonb_build_object('verdict', 'refused', 'reason', 'server_rests', 'retry_after_seconds', v_place -> 'rests_for');
    end if;
  end if;

  -- 5. The row, before anything else happens.
  insert into public.mcp_tool_executions (
    id, team_id, user_id, server_id, tool_id, origin, mode, input_parameters, approval, status, chat_id, message_id,
    idempotency_key, request_hash, endpoint, cache_key, cached_at, output_result, completed_at, duration_ms,
    error_code, error_message, running_since
  )
  values (
    v_id, v_team, p_user_id, v_found.server_id, v_found.tool_id, p_origin, p_mode, p_parameters, v_verdict.approval,
    v_status, p_chat_id, p_message_id, p_idempotency_key, p_request_hash,
    case when jsonb_array_length(v_place -> 'endpoints') > 1 then v_place -> 'endpoints' ->> 0 end,
    v_cache_key, v_cached.completed_at, v_cached.output_result,
    case when v_status in ('denied', 'success') then now() end,
    case when v_status in ('denied', 'success') then 0 end,
    case when v_status = 'denied' then 'denied' end,
    case when v_status = 'denied' then 'An admin has ruled that this tool never runs.' end,
    case when v_status = 'running' then now() end
  )
  on conflict (team_id, idempotency_key) where idempotency_key is not null do nothing
  returning * into v_kept;
  if not found then
    -- Two requests with one key at the same moment: the other one was first.
    perform private.give_try_back(v_found.server_id, v_id);
    select * into strict v_kept from public.mcp_tool_executions
    where team_id = v_team and idempotency_key = p_idempotency_key;
    return private.answer_on_record(v_kept, p_request_hash);
  end if;
  if v_kept.completed_at is not null then
    perform private.count_usage(v_kept);
    perform private.announce(v_kept);
    return private.answer_on_record(v_kept, p_request_hash);
  end if;
  return v_found.call || v_place || jsonb_build_object(
    'verdict', case v_status when 'pending' then 'ask' else 'run' end,
    'execution_id', v_kept.id, 'chat_id', p_chat_id, 'mode', p_mode,
    'needs', case v_found.policy when 'ask_admin' then 'admin' else 'self' end, 'reason', v_verdict.reason,
    'allows_always', v_found.allows_always and v_verdict.reason = 'policy'
  );
end;
$$;
comment on function public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text, text, text, boolean) is
  'Admits or refuses one call and records it. Verdicts: run, ask (its row is pending until someone is asked), ended (with its answer, or what it waits for), refused (reason), no_team.';

create function private.answer_on_record(kept public.mcp_tool_executions, p_request_hash text) returns jsonb
language sql immutable set search_path = '' as $$
  select case
    when kept.request_hash is distinct from p_request_hash then
      jsonb_build_object('verdict', 'refused', 'reason', 'idempotency_mismatch', 'execution_id', kept.id)
    -- Whoever asked not to wait has their answer already: it is under way.
    when kept.completed_at is null and kept.asked is null and (kept.mode = 'sync' or kept.status = 'pending') then
      jsonb_build_object('verdict', 'refused', 'reason', 'in_progress', 'execution_id', kept.id)
    else jsonb_build_object(
      'verdict', 'ended', 'execution_id', kept.id, 'status', kept.status, 'result', kept.output_result,
      'asked', kept.asked, 'cached_at', kept.cached_at, 'error_code', kept.error_code, 'error_message', kept.error_message, 'duration_ms', kept.duration_ms
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
  p_protocol jsonb default null,
  p_attempts jsonb default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_ended public.mcp_tool_executions;
begin
  update public.mcp_tool_executions
  set status = p_status, asked = null, completed_at = now(), duration_ms = p_duration_ms, attempts = p_attempts,
      output_result = p_output, error_code = p_error_code, error_message = p_error_message
  where id = p_execution_id and completed_at is null
  returning * into v_ended;
  if not found then
    return false;
  end if;
  perform private.count_usage(v_ended);
  delete from public.mcp_execution_waits where execution_id = v_ended.id;
  perform private.settle_approval(v_ended.id, 'withdrawn');
  perform private.note_attempts(v_ended);
  perform private.announce(v_ended);

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
comment on function public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb, jsonb) is
  'Ends an execution once; false when it had ended already.';

create function private.note_attempts(ended public.mcp_tool_executions) returns void
language plpgsql set search_path = '' as $$
declare
  v_last record;
begin
  -- However often a call was tried, to each endpoint it is one call: its last try there is how that went.
  for v_last in
    select distinct on (one ->> 'endpoint')
      one ->> 'endpoint' as url, one ->> 'error_code' as code, one ->> 'error_message' as message,
      coalesce((one ->> 'sent')::boolean, false) as sent
    from jsonb_array_elements(coalesce(ended.attempts, '[]')) with ordinality as tried (one, at)
    order by one ->> 'endpoint', at desc
  loop
    -- Slow is the tool that was sent to, for all that is known: one person's slow calls close nobody's server.
    if v_last.code = 'timeout' and v_last.sent then
      perform private.check_now(ended.server_id, v_last.url);
    elsif v_last.code in ('upstream_unreachable', 'timeout') then
      perform public.note_endpoint(ended.server_id, v_last.url, v_last.message);
    end if;
  end loop;
  -- What the server itself answered, even a refusal, says that it can be reached. That an account is refused
  -- may be known without asking it.
  if ended.status = 'success'
    or ended.error_code in ('tool_failed', 'upstream_protocol', 'upstream_too_large')
    or ended.error_code = 'upstream_unauthorized' and ended.attempts -> -1 ->> 'error_code' = 'upstream_unauthorized'
  then
    perform public.note_endpoint(ended.server_id, coalesce(
      ended.attempts -> -1 ->> 'endpoint', ended.endpoint,
      (select min(e.url) from public.mcp_endpoints e where e.server_id = ended.server_id having count(*) = 1)
    ));
  end if;
  perform private.give_try_back(ended.server_id, ended.id);
end;
$$;
comment on function private.note_attempts(public.mcp_tool_executions) is 'What a call taught about the endpoints it went to.';

revoke execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text, text, text, boolean),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb, jsonb), private.note_attempts(public.mcp_tool_executions)
from public, anon, authenticated;
grant execute on function
  public.begin_execution(uuid, uuid, uuid, text, jsonb, text, boolean, uuid, uuid, text, text, text, text, boolean),
  private.answer_on_record(public.mcp_tool_executions, text),
  public.finish_execution(uuid, text, integer, jsonb, text, text, jsonb, jsonb), private.note_attempts(public.mcp_tool_executions)
to service_role;
