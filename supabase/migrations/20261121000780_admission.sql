-- Admission: what decides whether a call may run, read together and judged in one place.
--
-- Never true: a tool runs on less of a yes than its policy asks for; a tool that can send data out runs for a
-- model that was shown words from outside, without a person; two calls that could have different
-- results share a cache key.

create view private.calls with (security_invoker = on) as
  select m.team_id, m.user_id, m.role in ('owner', 'admin') as administers, s.id as server_id, t.id as tool_id,
    t.tool_name, s.config, s.is_active, t.is_enabled, t.policy, t.allows_always, t.sends_out, t.definition_hash,
    t.cache_seconds, t.rate_limit, c.id as credential_id,
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
        'timeout_seconds', t.timeout_seconds, 'longest_seconds', t.longest_seconds,
        'is_idempotent', t.is_idempotent
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

create function private.verdict_on(
  found private.calls, p_approved boolean, p_after_outside boolean,
  out refusal text, out approval text, out reason text
)
language plpgsql stable set search_path = '' as $$
begin
  -- What is not known counts as read.
  reason := case when found.sends_out and not p_approved and coalesce(p_after_outside, true)
    then 'outside' else 'policy' end;
  refusal := case
    when not found.is_active then 'server_inactive'
    when not found.is_enabled then 'tool_disabled'
    when found.policy = 'deny' then 'denied'
  end;
  if refusal is not null or found.policy = 'allow' and reason = 'policy' then
    return;
  end if;
  approval := case
    when p_approved then case when found.administers then 'admin' else 'self' end
    -- A standing yes was to what its person asks for, not to what a stranger's words may.
    when reason = 'policy' and found.policy = 'ask' and found.allows_always and exists (
      select from public.mcp_standing_approvals a
      where a.tool_id = found.tool_id and a.user_id = found.user_id and a.definition_hash = found.definition_hash
    ) then 'always'
  end;
  -- Only a clear yes runs.
  if reason = 'outside' or not private.suffices(approval, found.policy) then
    refusal := 'needs_approval';
  end if;
end;
$$;
comment on function private.verdict_on(private.calls, boolean, boolean) is
  'What policy says of a call: a refusal (or needs_approval, and for which reason), or whose yes it runs on. A yes given now is its person''s own.';

create function private.may_follow_outside(p_origin text, p_chat_id uuid, p_after_outside boolean) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return p_origin = 'chat' and (coalesce(p_after_outside, true) or exists (
    select from public.astra_chats c where c.id = p_chat_id and c.read_outside_at is not null
  ));
end;
$$;
comment on function private.may_follow_outside(text, uuid, boolean) is
  'Whether a model that proposes this call may be following words from outside: it was shown some, its chat has some, or nobody says that it was not.';

create function private.suffices(p_approval text, p_policy text) returns boolean
language sql immutable set search_path = '' as $$
  select case p_policy
    when 'allow' then true
    when 'ask' then p_approval is not null
    when 'ask_admin' then coalesce(p_approval = 'admin', false)
    else false end
$$;
comment on function private.suffices(text, text) is 'Whether this yes is what the policy asks for.';

create function private.cache_key(found private.calls, p_arguments_hash text) returns text
language sql immutable set search_path = '' as $$
  select case when found.call ->> 'account' = 'team' or found.credential_id is not null then
    encode(sha256(convert_to(concat_ws('|',
      found.tool_id, found.definition_hash, found.config::text, found.credential_id, p_arguments_hash), 'UTF8')), 'hex')
  end
$$;
comment on function private.cache_key(private.calls, text) is
  'Names what decides a result: the tool as defined, where it is, whose credential, and the exact arguments.';

revoke execute on function
  private.verdict_on(private.calls, boolean, boolean), private.may_follow_outside(text, uuid, boolean), private.suffices(text, text), private.cache_key(private.calls, text)
from public;
grant execute on function
  private.verdict_on(private.calls, boolean, boolean), private.may_follow_outside(text, uuid, boolean), private.suffices(text, text), private.cache_key(private.calls, text)
to service_role;
