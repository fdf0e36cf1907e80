-- Tools, as their servers define them.
--
-- Never true: a tool runs under a definition other than the stored one; a definition that changed keeps
-- a standing permission to run unasked, or to pass for harmless; a policy changes without an entry that says who changed it.

create table public.mcp_tools (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  server_id uuid not null,
  tool_name text not null,
  title text,
  description text,
  input_schema json not null,
  output_schema json,
  annotations json,
  definition json not null,
  definition_hash text not null,
  is_enabled boolean not null default true,
  policy text not null default 'ask',
  requires_confirmation boolean generated always as (policy <> 'allow') stored,
  timeout_seconds integer not null default 30,
  longest_seconds integer not null generated always as (least(timeout_seconds * 4, 300)) stored,
  account text,
  allows_always boolean not null default false,
  is_idempotent boolean not null default false,
  cache_seconds integer,
  rate_limit integer,
  sends_out boolean not null default true,
  created_at timestamptz not null default now(),
  synced_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint unique_tool_per_server unique (server_id, tool_name),
  constraint mcp_tools_team_key unique (team_id, id),
  constraint tool_of_the_same_team foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint tool_name_is_short check (char_length(tool_name) between 1 and 256),
  constraint policy_is_known check (policy in ('allow', 'ask', 'ask_admin', 'deny')),
  constraint timeout_is_sane check (timeout_seconds between 1 and 300),
  constraint cache_is_sane check (cache_seconds between 1 and 86400),
  constraint rate_limit_is_sane check (rate_limit between 1 and 1000000),
  constraint account_is_known check (account in ('team', 'person'))
);
comment on table public.mcp_tools is 'A tool of a server. `definition` is the object the server sent, whole; the other columns are read out of it.';
comment on column public.mcp_tools.definition is 'json, not jsonb: the order in which a server names its parameters is the order people and models read them in.';
comment on column public.mcp_tools.definition_hash is 'SHA-256 over the canonical JSON of `definition`.';
comment on column public.mcp_tools.policy is 'allow: runs at once. ask: needs a person who saw the exact arguments. ask_admin: needs an admin who did. deny: never runs. Set by admins, never from annotations.';
comment on column public.mcp_tools.allows_always is 'Whether people may answer an approval of it with "always for me".';
comment on column public.mcp_tools.is_idempotent is 'An admin''s word that calling it twice does no more than calling it once: it may be tried again after it was sent.';
comment on column public.mcp_tools.cache_seconds is 'An admin''s word that equal arguments give equal results for this long: they are answered from the last one. Null: never.';
comment on column public.mcp_tools.rate_limit is 'Calls by the whole team in one window of its limits; null: no limit of its own.';
comment on column public.mcp_tools.sends_out is 'It can carry data out of the team: once a model has read something from outside, calls it makes of this tool need a person. False is an admin''s word.';
comment on column public.mcp_tools.longest_seconds is 'Progress may stretch a call to four times its timeout, and never beyond five minutes.';
comment on column public.mcp_tools.account is 'Whose account at the server it uses; null follows the server.';
comment on column public.mcp_tools.annotations is 'The server''s own claims. Hints for people, no reason to allow anything.';
create index mcp_tools_server_id on public.mcp_tools (team_id, server_id);

alter table public.mcp_tools enable row level security;
create policy "Members see their team's tools" on public.mcp_tools
  for select to authenticated using (team_id in (select private.my_team_ids()));
create policy "Admins judge their team's tools" on public.mcp_tools
  for update to authenticated
  using (team_id in (select private.my_administered_team_ids()))
  with check (team_id in (select private.my_administered_team_ids()));

grant select on public.mcp_tools to authenticated;
grant update (
  is_enabled, policy, timeout_seconds, account, allows_always, is_idempotent, cache_seconds, rate_limit,
  sends_out
) on public.mcp_tools to authenticated;
grant select, insert, update, delete on public.mcp_tools to service_role;

create function public.record_sync(
  p_team_id uuid, p_server_id uuid, p_tools json, p_protocol jsonb, p_instructions text,
  p_fresh_seconds integer default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_added text[];
  v_changed text[];
  v_removed text[];
begin
  -- One sync of a server at a time; a server removed meanwhile stays removed.
  perform 1 from public.mcp_servers
  where id = p_server_id and team_id = p_team_id and removed_at is null
  -- Not `for update`: calls that begin meanwhile only refer to the server and need not wait.
  for no key update;
  if not found then
    return null;
  end if;

  with incoming as (
    select * from json_to_recordset(p_tools) as t (
      tool_name text, title text, description text, input_schema json, output_schema json,
      annotations json, definition json, definition_hash text
    )
  ), before as (
    select tool_name, definition_hash, removed_at from public.mcp_tools where server_id = p_server_id
  ), written as (
    insert into public.mcp_tools as kept (
      team_id, server_id, tool_name, title, description, input_schema, output_schema, annotations,
      definition, definition_hash
    )
    select p_team_id, p_server_id, tool_name, title, description, input_schema, output_schema,
      annotations, definition, definition_hash
    from incoming
    on conflict (server_id, tool_name) do update set
      title = excluded.title, description = excluded.description,
      input_schema = excluded.input_schema, output_schema = excluded.output_schema,
      annotations = excluded.annotations, definition = excluded.definition,
      definition_hash = excluded.definition_hash, synced_at = now(), removed_at = null,
      -- What was allowed was another definition.
      policy = case
        when kept.policy = 'allow'
          and (kept.definition_hash <> excluded.definition_hash or kept.removed_at is not null)
        then 'ask' else kept.policy end,
      -- An admin's word was about another definition.
      is_idempotent = kept.is_idempotent and kept.removed_at is null and kept.definition_hash = excluded.definition_hash,
      cache_seconds = case when kept.removed_at is null and kept.definition_hash = excluded.definition_hash then kept.cache_seconds end,
      sends_out = kept.sends_out or kept.removed_at is not null or kept.definition_hash <> excluded.definition_hash
    returning tool_name
  ), gone as (
    update public.mcp_tools set removed_at = now()
    where server_id = p_server_id and removed_at is null
      and tool_name not in (select tool_name from incoming)
    returning tool_name
  )
  select
    (select coalesce(array_agg(i.tool_name order by i.tool_name), '{}') from incoming i
      left join before b using (tool_name) where b.tool_name is null or b.removed_at is not null),
    (select coalesce(array_agg(i.tool_name order by i.tool_name), '{}') from incoming i
      join before b using (tool_name)
      where b.removed_at is null and b.definition_hash <> i.definition_hash),
    (select coalesce(array_agg(tool_name order by tool_name), '{}') from gone)
  into v_added, v_changed, v_removed;

  update public.mcp_servers
  set connection_status = 'connected', last_connected_at = now(), last_error = null,
      protocol = p_protocol, instructions = p_instructions,
      tools_stale_at = now() + p_fresh_seconds * interval '1 second'
  where id = p_server_id;

  return jsonb_build_object(
    'tools_synced', json_array_length(p_tools),
    'added', to_jsonb(v_added), 'changed', to_jsonb(v_changed), 'removed', to_jsonb(v_removed)
  );
end;
$$;
comment on function public.record_sync(uuid, uuid, json, jsonb, text, integer) is 'Keeps the tools a server listed, in one transaction; gives what was added, changed and removed, or null when the server is gone.';
revoke execute on function public.record_sync(uuid, uuid, json, jsonb, text, integer) from public, anon, authenticated;
grant execute on function public.record_sync(uuid, uuid, json, jsonb, text, integer) to service_role;
