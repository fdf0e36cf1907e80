-- MCP servers and their sealed credentials.
--
-- Never true: a client role reads a credential row; a server's team changes; a secret sits in `config`.

create table public.mcp_servers (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  name text not null,
  description text,
  server_type text not null,
  config jsonb not null,
  is_active boolean not null default true,
  connection_status text not null default 'pending',
  last_connected_at timestamptz,
  last_error text,
  health text not null default 'unknown',
  checked_at timestamptz,
  latency_ms integer,
  health_error text,
  credential_type text,
  credential_expires_at timestamptz,
  account text not null default 'team',
  protocol jsonb,
  protocol_version text generated always as (protocol ->> 'protocol_version') stored,
  transport text generated always as (protocol ->> 'transport') stored,
  instructions text,
  tools_stale_at timestamptz,
  created_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint mcp_servers_team_key unique (team_id, id),
  constraint server_name_is_short check (char_length(name) between 1 and 80),
  constraint server_type_is_known check (server_type in ('stdio', 'sse', 'http')),
  constraint connection_status_is_known
    check (connection_status in ('pending', 'connected', 'error', 'disconnected')),
  constraint health_is_known check (health in ('online', 'degraded', 'offline', 'unknown')),
  constraint account_is_known check (account in ('team', 'person')),
  constraint config_is_an_object check (jsonb_typeof(config) = 'object')
);
comment on table public.mcp_servers is 'An MCP server a team added. Removing one keeps the row, so that past executions stay readable.';
comment on column public.mcp_servers.config is 'http, sse: { url, replicas? }. stdio: { command, args, env }. Never a secret.';
comment on column public.mcp_servers.health is 'How its endpoints are doing, by their checks and calls. Kept by trigger, as are the time, latency and error of the last check.';
comment on column public.mcp_servers.credential_type is 'Kind of the team''s sealed credential, null when there is none. Kept by trigger, as is its expiry.';
comment on column public.mcp_servers.account is 'Whose account its tools use: the team''s, or each person''s own. A tool may say otherwise.';
comment on column public.mcp_servers.tools_stale_at is 'From this moment the tools are read again when someone looks at them: a caching hint ran out, or the server said that they changed.';
comment on column public.mcp_servers.protocol is 'Verdict of the last negotiation with the current address and credential; null asks for a new one.';
create unique index unique_server_name_per_team on public.mcp_servers (team_id, name) where removed_at is null;
create index mcp_servers_team_id on public.mcp_servers (team_id);
create index mcp_servers_created_by on public.mcp_servers (created_by);

create table public.mcp_server_credentials (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  server_id uuid not null,
  user_id uuid,
  credential_type text not null,
  encrypted_value text not null,
  key_version integer not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  renewing_until timestamptz,
  constraint one_credential_per_account unique nulls not distinct (server_id, user_id),
  constraint credential_of_the_same_team foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint credential_of_a_member foreign key (team_id, user_id)
    references public.team_members (team_id, user_id) on delete cascade,
  constraint credential_type_is_known check (credential_type in (
    'api_key', 'query_key', 'oauth_token', 'basic_auth', 'custom', 'client_credentials', 'oauth'
  ))
);
comment on table public.mcp_server_credentials is 'Secrets, sealed by the edge function (AES-256-GCM bound to team, server, field and key version). No client role has any grant.';
comment on column public.mcp_server_credentials.user_id is 'Whose own account this is; null for the team''s. Leaving the team deletes it.';
comment on column public.mcp_server_credentials.encrypted_value is 'base64(iv ‖ ciphertext ‖ tag). The key never enters the database.';
comment on column public.mcp_server_credentials.expires_at is 'When it stops working unless someone acts. A token that renews itself has none.';
comment on column public.mcp_server_credentials.renewing_until is 'Until this moment one worker holds the right to renew the token; the others wait for what it stores.';
create index mcp_server_credentials_team on public.mcp_server_credentials (team_id, server_id);
create index mcp_server_credentials_member on public.mcp_server_credentials (team_id, user_id) where user_id is not null;

create function private.show_credential_type() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(new.user_id, old.user_id) is not null then
    return null;
  end if;
  -- Another credential may speak another protocol: the negotiated verdict goes with the old one, and so
  -- does what was known of how the server is doing. A renewed token is the same credential.
  update public.mcp_servers
  set credential_type = case when tg_op = 'DELETE' then null else new.credential_type end,
      credential_expires_at = case when tg_op = 'DELETE' then null else new.expires_at end,
      protocol = case when tg_op = 'UPDATE' then protocol end,
      connection_status = case
        when tg_op = 'UPDATE' or removed_at is not null then connection_status else 'pending'
      end,
      last_error = case when tg_op = 'UPDATE' then last_error end
  where id = coalesce(new.server_id, old.server_id);
  return null;
end;
$$;
comment on function private.show_credential_type() is 'Mirrors kind and expiry of the team''s credential onto its server, so that clients need no access to the secret''s row.';
revoke execute on function private.show_credential_type() from public;
create trigger show_credential_type
  after insert or delete or update of credential_type, expires_at on public.mcp_server_credentials
  for each row execute function private.show_credential_type();

create function private.addresses_of(p_config jsonb) returns table (url text, at smallint)
language sql immutable set search_path = '' as $$
  select p_config ->> 'url', 0::smallint where p_config ->> 'url' is not null
  union all
  select r.replica, r.nth::smallint
  from jsonb_array_elements_text(coalesce(p_config -> 'replicas', '[]')) with ordinality as r (replica, nth)
$$;
comment on function private.addresses_of(jsonb) is 'Everywhere a server is reached, its main address first.';
revoke execute on function private.addresses_of(jsonb) from public;

create function private.forget_protocol() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.protocol := null;
  new.connection_status := 'pending';
  new.last_error := null;
  return new;
end;
$$;
comment on function private.forget_protocol() is 'A new address is a stranger: what was negotiated with the old one does not hold.';
revoke execute on function private.forget_protocol() from public;
create trigger forget_protocol before update of config on public.mcp_servers
  for each row when (old.config is distinct from new.config)
  execute function private.forget_protocol();

-- What is learnt of a server is no change of it.
create trigger touch before update of name, description, config, is_active, account, removed_at on public.mcp_servers
  for each row execute function private.touch_updated_at();

alter table public.mcp_servers enable row level security;
alter table public.mcp_server_credentials enable row level security;

create policy "Members see their team's servers" on public.mcp_servers
  for select to authenticated using (team_id in (select private.my_team_ids()));

-- NOTE: clients have no insert, update or delete here: a new address is judged and a secret sealed by
-- the edge function first. mcp_server_credentials has no policy and no client grant at all.
grant select on public.mcp_servers to authenticated;
grant select, insert, update, delete on public.mcp_servers, public.mcp_server_credentials to service_role;

create function public.keep_credential(
  p_team_id uuid, p_server_id uuid, p_user_id uuid, p_credential jsonb
) returns void
language plpgsql set search_path = '' as $$
begin
  -- One at a time, and none for a server that is just being removed.
  perform 1 from public.mcp_servers
  where id = p_server_id and team_id = p_team_id and removed_at is null
  for no key update;
  if not found then
    raise exception 'No such server in this team' using errcode = 'foreign_key_violation';
  end if;
  delete from public.mcp_server_credentials
  where team_id = p_team_id and server_id = p_server_id and user_id is not distinct from p_user_id;
  insert into public.mcp_server_credentials
    (team_id, server_id, user_id, credential_type, encrypted_value, key_version, expires_at)
  select p_team_id, p_server_id, p_user_id, p_credential ->> 'credential_type',
    p_credential ->> 'encrypted_value', (p_credential ->> 'key_version')::integer,
    (p_credential ->> 'expires_at')::timestamptz
  where p_credential is not null;
end;
$$;
comment on function public.keep_credential(uuid, uuid, uuid, jsonb) is
  'Puts a sealed credential in the place of the team''s (no user) or a person''s; null only removes it.';

create function public.add_server(p_team_id uuid, p_user_id uuid, p_server jsonb, p_credential jsonb)
returns setof public.mcp_servers
language plpgsql set search_path = '' as $$
declare
  v_id uuid := (p_server ->> 'id')::uuid;
begin
  insert into public.mcp_servers (id, team_id, name, description, server_type, config, account, created_by)
  values (
    v_id, p_team_id, p_server ->> 'name', p_server ->> 'description', p_server ->> 'server_type',
    p_server -> 'config', coalesce(p_server ->> 'account', 'team'), p_user_id
  );
  perform public.keep_credential(p_team_id, v_id, null, p_credential);
  return query select * from public.mcp_servers where id = v_id;
end;
$$;
comment on function public.add_server(uuid, uuid, jsonb, jsonb) is 'Adds a server and its sealed credential, both or neither.';

create function private.accounts_of_mine(p_team_id uuid)
returns table (server_id uuid, credential_type text, expires_at timestamptz, connected_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select c.server_id, c.credential_type, c.expires_at, c.created_at
  from public.mcp_server_credentials c
  where c.team_id = p_team_id and c.user_id = (select auth.uid())
    and p_team_id in (select private.my_team_ids())
$$;
comment on function private.accounts_of_mine(uuid) is 'What my_accounts may not read as the caller. Never the secret.';
create function public.my_accounts(p_team_id uuid)
returns table (server_id uuid, credential_type text, expires_at timestamptz, connected_at timestamptz)
language sql stable set search_path = '' as $$ select * from private.accounts_of_mine(p_team_id) $$;
comment on function public.my_accounts(uuid) is 'Where the caller has an account of their own in this team. Never the secret.';
revoke execute on function private.accounts_of_mine(uuid), public.my_accounts(uuid) from public, anon;
grant execute on function private.accounts_of_mine(uuid), public.my_accounts(uuid) to authenticated;

create function public.remove_server(p_team_id uuid, p_server_id uuid) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.mcp_servers
  set removed_at = now(), is_active = false, connection_status = 'disconnected', last_error = null
  where id = p_server_id and team_id = p_team_id and removed_at is null;
  if not found then
    return false;
  end if;
  delete from public.mcp_server_credentials where server_id = p_server_id;
  update public.mcp_tools set removed_at = now() where server_id = p_server_id and removed_at is null;
  return true;
end;
$$;
comment on function public.remove_server(uuid, uuid) is 'Takes a server out of use for good and deletes its secret; its executions stay readable.';

create function public.memberships_of(p_user_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(
    jsonb_agg(jsonb_build_object('team_id', t.id, 'team_name', t.name, 'role', m.role) order by t.name, t.id),
    '[]'
  )
  from public.team_members m join public.teams t on t.id = m.team_id
  where m.user_id = p_user_id
$$;
comment on function public.memberships_of(uuid) is 'Every team of a user with the role held there.';

revoke execute on function
  public.keep_credential(uuid, uuid, uuid, jsonb),
  public.add_server(uuid, uuid, jsonb, jsonb), public.remove_server(uuid, uuid), public.memberships_of(uuid)
from public, anon, authenticated;
grant execute on function
  public.keep_credential(uuid, uuid, uuid, jsonb),
  public.add_server(uuid, uuid, jsonb, jsonb), public.remove_server(uuid, uuid), public.memberships_of(uuid)
to service_role;
