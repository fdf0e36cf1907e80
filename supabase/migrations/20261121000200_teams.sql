-- Teams, the people in them, and invitations.
--
-- Never true: a user reaches a team without a row in team_members; a role or team comes from user
-- metadata (anyone may edit their own); a team is left without an owner.

-- Profiles ---------------------------------------------------------------------------------------

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text,
  full_name text,
  constraint full_name_is_short check (char_length(full_name) <= 120)
);
comment on table public.profiles is 'What team mates may see of a user. Copied from auth.users by trigger.';

create table public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  rate_window_seconds integer not null default 60,
  rate_per_person integer default 600,
  rate_per_team integer default 6000,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint team_name_is_short check (char_length(name) between 1 and 80),
  constraint rate_window_is_sane check (rate_window_seconds between 1 and 86400),
  constraint rate_per_person_is_sane check (rate_per_person between 1 and 1000000),
  constraint rate_per_team_is_sane check (rate_per_team between 1 and 1000000)
);
comment on table public.teams is 'A team: the boundary that no row, credential or answer crosses.';
comment on column public.teams.rate_window_seconds is 'How long one window of its limits lasts; a window begins with the first call in it.';
comment on column public.teams.rate_per_person is 'Calls of one person in a window; null: no limit.';
comment on column public.teams.rate_per_team is 'Calls of everyone together in a window; null: no limit.';

create table public.team_members (
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  role text not null default 'member',
  created_at timestamptz not null default now(),
  primary key (team_id, user_id),
  constraint role_is_known check (role in ('owner', 'admin', 'member', 'analyst'))
);
comment on table public.team_members is 'Who belongs to which team, and as what.';
create index team_members_user_id on public.team_members (user_id, team_id);

create table public.team_invitations (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  email text not null,
  role text not null default 'member',
  invited_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '14 days',
  constraint invitation_role_is_known check (role in ('admin', 'member', 'analyst')),
  constraint invitation_email_is_plain check (email = lower(email) and email like '%_@_%' and char_length(email) <= 320)
);
comment on table public.team_invitations is 'An open invitation; it disappears when it is accepted or withdrawn.';
create unique index team_invitations_once on public.team_invitations (team_id, email);
create index team_invitations_email on public.team_invitations (email);
create index team_invitations_invited_by on public.team_invitations (invited_by);

-- Membership, asked once per query ---------------------------------------------------------------

create function private.my_team_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select team_id from public.team_members where user_id = (select auth.uid())
$$;
comment on function private.my_team_ids() is 'Teams of the current user. Use as: team_id in (select private.my_team_ids()).';

create function private.my_administered_team_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select team_id from public.team_members
  where user_id = (select auth.uid()) and role in ('owner', 'admin')
$$;
comment on function private.my_administered_team_ids() is 'Teams the current user may configure.';

create function private.my_analysed_team_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select team_id from public.team_members
  where user_id = (select auth.uid()) and role in ('owner', 'admin', 'analyst')
$$;
comment on function private.my_analysed_team_ids() is 'Teams whose whole usage the current user may read.';

create function private.my_owned_team_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select team_id from public.team_members
  where user_id = (select auth.uid()) and role = 'owner'
$$;
comment on function private.my_owned_team_ids() is 'Teams the current user owns.';

create function private.my_team_mate_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select mate.user_id from public.team_members mate
  where mate.team_id in (select private.my_team_ids())
$$;
comment on function private.my_team_mate_ids() is 'Users who share a team with the current user, the user included.';

revoke execute on all functions in schema private from public, anon;
grant execute on function
  private.my_team_ids(), private.my_administered_team_ids(), private.my_analysed_team_ids(),
  private.my_owned_team_ids(), private.my_team_mate_ids()
to authenticated;

-- Row level security -----------------------------------------------------------------------------

alter table public.profiles enable row level security;
alter table public.teams enable row level security;
alter table public.team_members enable row level security;
alter table public.team_invitations enable row level security;

create policy "People see themselves and their team mates" on public.profiles
  for select to authenticated
  using (id = (select auth.uid()) or id in (select private.my_team_mate_ids()));
create policy "People rename themselves" on public.profiles
  for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));

create policy "Members see their teams" on public.teams
  for select to authenticated using (id in (select private.my_team_ids()));
create policy "Admins rename their team and set its limits" on public.teams
  for update to authenticated
  using (id in (select private.my_administered_team_ids()))
  with check (id in (select private.my_administered_team_ids()));

create policy "Members see who is in their teams" on public.team_members
  for select to authenticated using (team_id in (select private.my_team_ids()));
create policy "Owners change any role, admins those below them" on public.team_members
  for update to authenticated
  using (
    team_id in (select private.my_owned_team_ids())
    or (team_id in (select private.my_administered_team_ids()) and role in ('member', 'analyst'))
  )
  with check (
    team_id in (select private.my_owned_team_ids())
    or (team_id in (select private.my_administered_team_ids()) and role in ('member', 'analyst'))
  );
create policy "People leave, owners remove anyone, admins those below them" on public.team_members
  for delete to authenticated
  using (
    user_id = (select auth.uid())
    or team_id in (select private.my_owned_team_ids())
    or (team_id in (select private.my_administered_team_ids()) and role in ('member', 'analyst'))
  );

create policy "Admins see their team's invitations" on public.team_invitations
  for select to authenticated using (team_id in (select private.my_administered_team_ids()));
create policy "Admins withdraw invitations" on public.team_invitations
  for delete to authenticated using (team_id in (select private.my_administered_team_ids()));

-- NOTE: no insert grant on teams, team_members or team_invitations: create_team, invite_member and
-- accept_invitations are the only doors.
grant select on public.profiles, public.teams, public.team_members, public.team_invitations to authenticated;
grant update (full_name) on public.profiles to authenticated;
grant update (name, rate_window_seconds, rate_per_person, rate_per_team) on public.teams to authenticated;
grant update (role) on public.team_members to authenticated;
grant delete on public.team_members, public.team_invitations to authenticated;
grant select, insert, update, delete on
  public.profiles, public.teams, public.team_members, public.team_invitations to service_role;

-- A team always has an owner ---------------------------------------------------------------------

create function private.keep_an_owner() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if old.role <> 'owner' or (tg_op = 'UPDATE' and new.role = 'owner') then
    return coalesce(new, old);
  end if;
  -- The lock makes two owners who demote each other at once take turns. The team row is already gone
  -- when the whole team is being deleted; then there is nothing to protect.
  perform 1 from public.teams where id = old.team_id for update;
  if found and not exists (
    select 1 from public.team_members
    where team_id = old.team_id and role = 'owner' and user_id <> old.user_id
  ) then
    -- PTxyz is the Data API's way to choose the status of a refusal.
    raise exception 'A team keeps at least one owner' using errcode = 'PT409';
  end if;
  return coalesce(new, old);
end;
$$;
comment on function private.keep_an_owner() is 'Refuses to remove or demote the last owner of a team.';
create trigger keep_an_owner before update of role or delete on public.team_members
  for each row execute function private.keep_an_owner();

create trigger touch before update on public.teams
  for each row execute function private.touch_updated_at();

-- Profiles follow auth.users ---------------------------------------------------------------------

create function private.copy_profile() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.profiles (id, email, full_name)
  values (new.id, lower(new.email), left(nullif(new.raw_user_meta_data ->> 'full_name', ''), 120))
  on conflict (id) do update set email = excluded.email;
  return new;
end;
$$;
comment on function private.copy_profile() is 'Copies a new or re-addressed user into profiles.';
create trigger copy_profile after insert or update of email on auth.users
  for each row execute function private.copy_profile();
insert into public.profiles (id, email, full_name)
  select id, lower(email), left(nullif(raw_user_meta_data ->> 'full_name', ''), 120) from auth.users
  on conflict (id) do nothing;

-- Doors ------------------------------------------------------------------------------------------

create function private.found_team(p_name text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_team uuid;
begin
  if v_user is null then
    raise exception 'Sign in first' using errcode = 'insufficient_privilege';
  end if;
  if char_length(btrim(coalesce(p_name, ''))) not between 1 and 80 then
    raise exception 'A team''s name has 1 to 80 characters' using errcode = 'PT400';
  end if;
  insert into public.teams (name) values (btrim(p_name)) returning id into v_team;
  insert into public.team_members (team_id, user_id, role) values (v_team, v_user, 'owner');
  return v_team;
end;
$$;
comment on function private.found_team(text) is 'What create_team may not do as the caller: insert a team and its first owner.';
create function public.create_team(p_name text) returns uuid
language sql set search_path = '' as $$ select private.found_team(p_name) $$;
comment on function public.create_team(text) is 'Creates a team owned by the caller; gives its id.';

create function private.invite(p_team_id uuid, p_email text, p_role text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  if p_team_id not in (select private.my_administered_team_ids()) then
    raise exception 'Only admins invite' using errcode = 'insufficient_privilege';
  end if;
  if coalesce(lower(btrim(p_email)), '') not like '%_@_%' or char_length(p_email) > 320 then
    raise exception 'That is not an e-mail address' using errcode = 'PT400';
  end if;
  if coalesce(p_role, '') not in ('admin', 'member', 'analyst') then
    raise exception 'People are invited as admin, member or analyst' using errcode = 'PT400';
  end if;
  insert into public.team_invitations (team_id, email, role, invited_by)
  values (p_team_id, lower(btrim(p_email)), p_role, auth.uid())
  on conflict (team_id, email) do update
    set role = excluded.role, invited_by = excluded.invited_by, expires_at = excluded.expires_at
  returning id into v_id;
  return v_id;
end;
$$;
comment on function private.invite(uuid, text, text) is 'What invite_member may not do as the caller, for admins of the team only.';
create function public.invite_member(p_team_id uuid, p_email text, p_role text default 'member') returns uuid
language sql set search_path = '' as $$ select private.invite(p_team_id, p_email, p_role) $$;
comment on function public.invite_member(uuid, text, text) is 'Invites an e-mail address to a team; admins only. Inviting again renews.';

create function private.accept_my_invitations() returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_user uuid := auth.uid();
  v_email text;
  v_count integer;
begin
  -- The address counts only once its owner has confirmed it, else anyone could sign up as a colleague.
  select lower(email) into v_email from auth.users
  where id = v_user and email_confirmed_at is not null;
  if v_email is null then
    return 0;
  end if;
  with taken as (
    delete from public.team_invitations where email = v_email returning team_id, role, expires_at
  )
  insert into public.team_members (team_id, user_id, role)
  select team_id, v_user, role from taken where expires_at > now()
  on conflict (team_id, user_id) do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
comment on function private.accept_my_invitations() is 'What accept_invitations may not do as the caller: turn invitations into memberships.';
create function public.accept_invitations() returns integer
language sql set search_path = '' as $$ select private.accept_my_invitations() $$;
comment on function public.accept_invitations() is 'Joins every team that invited the caller''s confirmed address; gives how many.';

revoke execute on function
  private.found_team(text), private.invite(uuid, text, text), private.accept_my_invitations(),
  private.keep_an_owner(), private.copy_profile(),
  public.create_team(text), public.invite_member(uuid, text, text), public.accept_invitations()
from public, anon;
grant execute on function
  private.found_team(text), private.invite(uuid, text, text), private.accept_my_invitations(),
  public.create_team(text), public.invite_member(uuid, text, text), public.accept_invitations()
to authenticated;
