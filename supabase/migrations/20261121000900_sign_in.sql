-- Signing in at servers: the clients Astra is there, sign-ins under way, and renewing a token once.
--
-- Never true: a sign-in is finished twice, late, or for someone who has left or lost the right to it; a
-- token, a client or a person's own credential follows a server to another host; two workers renew one
-- token at the same time; a client role reads any of this.

create table public.mcp_oauth_clients (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  server_id uuid not null,
  issuer text not null,
  is_given boolean not null,
  encrypted_value text not null,
  key_version integer not null,
  created_at timestamptz not null default now(),
  constraint one_client_per_issuer unique (server_id, issuer),
  constraint only_given_clients_wait_for_an_issuer check (issuer <> '' or is_given),
  constraint client_of_the_same_team foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade
);
comment on table public.mcp_oauth_clients is 'What Astra is at a server''s authorization server: a sealed client id, perhaps with a secret. No client role has any grant.';
comment on column public.mcp_oauth_clients.issuer is 'The authorization server it belongs to, and no other. Empty until a given client is used first.';
comment on column public.mcp_oauth_clients.is_given is 'True when an admin registered it by hand. Then no other client is used at this server.';
create index mcp_oauth_clients_server on public.mcp_oauth_clients (team_id, server_id);

create table public.mcp_oauth_flows (
  state_hash text primary key,
  team_id uuid not null,
  server_id uuid not null,
  user_id uuid not null,
  account text not null,
  return_to text not null,
  encrypted_value text not null,
  key_version integer not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  constraint account_is_known check (account in ('team', 'person')),
  constraint flow_of_the_same_team foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint flow_of_a_member foreign key (team_id, user_id)
    references public.team_members (team_id, user_id) on delete cascade
);
comment on table public.mcp_oauth_flows is 'A sign-in while its person is away at the authorization server. Taken once, by the callback. No client role has any grant.';
comment on column public.mcp_oauth_flows.state_hash is 'SHA-256 of the state: reading this table finishes no sign-in.';
comment on column public.mcp_oauth_flows.user_id is 'Who began it. Leaving the team ends it.';
create index mcp_oauth_flows_server on public.mcp_oauth_flows (team_id, server_id);
create index mcp_oauth_flows_member on public.mcp_oauth_flows (team_id, user_id);
create index mcp_oauth_flows_expiry on public.mcp_oauth_flows (expires_at);

alter table public.mcp_oauth_clients enable row level security;
alter table public.mcp_oauth_flows enable row level security;
-- NOTE: no policy and no client grant: only the edge function signs in.
grant select, insert, update, delete on public.mcp_oauth_clients, public.mcp_oauth_flows to service_role;

create function private.hosts_of(p_config jsonb) returns text[]
language sql immutable set search_path = '' as $$
  select array_agg(lower(substring(a.url from '^[A-Za-z]+://[^/?#\\]+'))) from private.addresses_of(p_config) a
$$;
comment on function private.hosts_of(jsonb) is 'Scheme, host and port of each address as written; null for what is written in no usual way. Equal texts are equal hosts, not the other way round.';

create function private.forget_sign_ins() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Null is contained in nothing: what is written in no usual way counts as another host.
  if new.removed_at is null and private.hosts_of(new.config) <@ private.hosts_of(old.config) then
    return null;
  end if;
  delete from public.mcp_oauth_clients where team_id = new.team_id and server_id = new.id;
  delete from public.mcp_oauth_flows where team_id = new.team_id and server_id = new.id;
  delete from public.mcp_server_credentials
  where team_id = new.team_id and server_id = new.id and user_id is not null;
  return null;
end;
$$;
comment on function private.forget_sign_ins() is 'A further host, or no server any more: people''s own credentials, clients and sign-ins were for the old ones.';
revoke execute on function private.hosts_of(jsonb), private.forget_sign_ins() from public;
create trigger forget_sign_ins after update of config, removed_at on public.mcp_servers
  for each row when (old.config is distinct from new.config or new.removed_at is not null)
  execute function private.forget_sign_ins();

create function public.keep_client(
  p_team_id uuid, p_server_id uuid, p_issuer text, p_is_given boolean, p_client jsonb
) returns void
language plpgsql set search_path = '' as $$
begin
  if p_is_given then
    delete from public.mcp_oauth_clients where team_id = p_team_id and server_id = p_server_id;
  end if;
  insert into public.mcp_oauth_clients as kept
    (team_id, server_id, issuer, is_given, encrypted_value, key_version)
  select p_team_id, p_server_id, p_issuer, p_is_given, p_client ->> 'encrypted_value',
    (p_client ->> 'key_version')::integer
  where p_client is not null
  on conflict (server_id, issuer) do update set
    encrypted_value = excluded.encrypted_value, key_version = excluded.key_version, created_at = now()
  where not kept.is_given;
end;
$$;
comment on function public.keep_client(uuid, uuid, text, boolean, jsonb) is
  'Keeps a client: one that an admin gives (null: none) replaces all others, one that registered itself replaces its predecessor at the same issuer.';

create function public.begin_sign_in(p_flow jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_flow public.mcp_oauth_flows := jsonb_populate_record(null::public.mcp_oauth_flows, p_flow);
begin
  delete from public.mcp_oauth_flows where expires_at < now();
  -- A client that starts sign-ins without end loses the oldest of its own.
  delete from public.mcp_oauth_flows where state_hash in (
    select state_hash from public.mcp_oauth_flows
    where team_id = v_flow.team_id and user_id = v_flow.user_id
    order by created_at desc offset 99
  );
  insert into public.mcp_oauth_flows
    (state_hash, team_id, server_id, user_id, account, return_to, encrypted_value, key_version)
  values (v_flow.state_hash, v_flow.team_id, v_flow.server_id, v_flow.user_id, v_flow.account,
    v_flow.return_to, v_flow.encrypted_value, v_flow.key_version);
end;
$$;
comment on function public.begin_sign_in(jsonb) is 'Remembers a sign-in for ten minutes.';

create function public.take_sign_in(p_state_hash text) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_flow public.mcp_oauth_flows;
begin
  delete from public.mcp_oauth_flows where state_hash = p_state_hash returning * into v_flow;
  if not found or v_flow.expires_at < now() then
    return null;
  end if;
  return to_jsonb(v_flow);
end;
$$;
comment on function public.take_sign_in(text) is 'Takes a sign-in to finish it, once; null when there is none or it is too late.';

create function public.keep_account(
  p_team_id uuid, p_server_id uuid, p_user_id uuid, p_asker uuid, p_config jsonb, p_credential jsonb
) returns boolean
language plpgsql set search_path = '' as $$
begin
  -- Held until the end: the server is neither moved nor removed while a secret for it is put away.
  perform 1 from public.mcp_servers
  where id = p_server_id and team_id = p_team_id and removed_at is null and config = p_config
  for no key update;
  if not found then
    return false;
  end if;
  perform 1 from public.team_members
  where team_id = p_team_id and user_id = p_asker
    and (p_user_id = p_asker or p_user_id is null and role in ('owner', 'admin'))
  for share;
  if not found then
    return false;
  end if;
  perform public.keep_credential(p_team_id, p_server_id, p_user_id, p_credential);
  return true;
end;
$$;
comment on function public.keep_account(uuid, uuid, uuid, uuid, jsonb, jsonb) is
  'Keeps (null: removes) an account''s credential, if the server is still where it was and whoever asks may: admins the team''s, people their own.';

create function public.claim_renewal(
  p_team_id uuid, p_server_id uuid, p_user_id uuid, p_held text, p_seconds integer
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_kept public.mcp_server_credentials;
begin
  select * into v_kept from public.mcp_server_credentials
  where team_id = p_team_id and server_id = p_server_id and user_id is not distinct from p_user_id
  for update;
  if not found then
    return jsonb_build_object('claim', 'gone');
  end if;
  if v_kept.encrypted_value <> p_held then
    return jsonb_build_object(
      'claim', 'changed', 'encrypted_value', v_kept.encrypted_value, 'key_version', v_kept.key_version
    );
  end if;
  -- Not now(): whoever waited for the row was here before the lease it finds.
  if v_kept.renewing_until > clock_timestamp() then
    return jsonb_build_object('claim', 'taken');
  end if;
  update public.mcp_server_credentials
  set renewing_until = clock_timestamp() + p_seconds * interval '1 second'
  where id = v_kept.id
  returning * into v_kept;
  return jsonb_build_object('claim', 'yours', 'until', v_kept.renewing_until);
end;
$$;
comment on function public.claim_renewal(uuid, uuid, uuid, text, integer) is
  'The right to renew a token, for one worker at a time: yours (until then), taken, changed (with what is stored now), gone.';

create function public.end_renewal(
  p_team_id uuid, p_server_id uuid, p_user_id uuid, p_held text, p_until timestamptz, p_outcome text,
  p_credential jsonb default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
begin
  select id into v_id from public.mcp_server_credentials
  where team_id = p_team_id and server_id = p_server_id and user_id is not distinct from p_user_id
    and encrypted_value = p_held
  for update;
  if not found then
    return false;
  end if;
  case p_outcome
    when 'renewed' then
      update public.mcp_server_credentials
      set encrypted_value = p_credential ->> 'encrypted_value',
          key_version = (p_credential ->> 'key_version')::integer, renewing_until = null
      where id = v_id;
    -- A worker that is past its lease has no say: whoever renews by now may have got a new token.
    when 'over' then
      delete from public.mcp_server_credentials where id = v_id and renewing_until = p_until;
    when 'kept' then
      update public.mcp_server_credentials set renewing_until = null
      where id = v_id and renewing_until = p_until;
  end case;
  return found;
end;
$$;
comment on function public.end_renewal(uuid, uuid, uuid, text, timestamptz, text, jsonb) is
  'Ends a claim: the token was renewed, is over for good, or is kept as it was. False when it is not the stored one any more, or the claim is not the last one.';

revoke execute on function
  public.keep_client(uuid, uuid, text, boolean, jsonb), public.begin_sign_in(jsonb),
  public.take_sign_in(text), public.keep_account(uuid, uuid, uuid, uuid, jsonb, jsonb),
  public.claim_renewal(uuid, uuid, uuid, text, integer),
  public.end_renewal(uuid, uuid, uuid, text, timestamptz, text, jsonb)
from public, anon, authenticated;
grant execute on function
  public.keep_client(uuid, uuid, text, boolean, jsonb), public.begin_sign_in(jsonb),
  public.take_sign_in(text), public.keep_account(uuid, uuid, uuid, uuid, jsonb, jsonb),
  public.claim_renewal(uuid, uuid, uuid, text, integer),
  public.end_renewal(uuid, uuid, uuid, text, timestamptz, text, jsonb)
to service_role;
