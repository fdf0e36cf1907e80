-- Policy: what admins rule of a tool, who ruled it, and the standing yes of people to tools that allow one.
--
-- Never true: a policy changes without its entry; an entry changes; a standing yes outlives the definition
-- it was given for, the place it was given for, or the rule that allowed it.

create table public.mcp_policy_changes (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  tool_id uuid not null,
  changed_by uuid references public.profiles (id) on delete set null,
  policy_before text not null,
  policy text not null,
  allows_always_before boolean not null,
  allows_always boolean not null,
  sends_out_before boolean not null,
  sends_out boolean not null,
  changed_at timestamptz not null default now(),
  constraint policy_change_of_the_teams_tool foreign key (team_id, tool_id)
    references public.mcp_tools (team_id, id) on delete cascade
);
comment on table public.mcp_policy_changes is 'One entry for every change of a tool''s policy, or of what it can carry out.';
comment on column public.mcp_policy_changes.changed_by is 'The admin; null when Astra took an allowance back because the definition changed.';
create index mcp_policy_changes_tool on public.mcp_policy_changes (team_id, tool_id, changed_at desc);
create index mcp_policy_changes_changed_by on public.mcp_policy_changes (changed_by);

create function private.record_policy_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.mcp_policy_changes
    (team_id, tool_id, changed_by, policy_before, policy, allows_always_before, allows_always, sends_out_before, sends_out)
  values (
    new.team_id, new.id, (select p.id from public.profiles p where p.id = auth.uid()),
    old.policy, new.policy, old.allows_always, new.allows_always, old.sends_out, new.sends_out
  );
  -- One that an admin ended does not come back when they change their mind.
  if new.policy <> 'ask' or not new.allows_always then
    delete from public.mcp_standing_approvals where tool_id = new.id;
  end if;
  return null;
end;
$$;
comment on function private.record_policy_change() is 'Writes the entry, whichever way the policy was changed.';
revoke execute on function private.record_policy_change() from public;
create trigger record_policy_change after update of policy, allows_always, sends_out on public.mcp_tools
  for each row when ((old.policy, old.allows_always, old.sends_out) is distinct from (new.policy, new.allows_always, new.sends_out))
  execute function private.record_policy_change();

create table public.mcp_standing_approvals (
  team_id uuid not null,
  tool_id uuid not null,
  user_id uuid not null,
  definition_hash text not null,
  created_at timestamptz not null default now(),
  primary key (tool_id, user_id),
  constraint standing_approval_of_the_teams_tool foreign key (team_id, tool_id)
    references public.mcp_tools (team_id, id) on delete cascade,
  constraint standing_approval_of_a_member foreign key (team_id, user_id)
    references public.team_members (team_id, user_id) on delete cascade
);
comment on table public.mcp_standing_approvals is '"Always for me": a member''s yes to a tool as it was defined then, for as long as the admin allows such.';
create index mcp_standing_approvals_tool on public.mcp_standing_approvals (team_id, tool_id);
create index mcp_standing_approvals_member on public.mcp_standing_approvals (team_id, user_id);

create function private.end_standing_approvals() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.mcp_standing_approvals a using public.mcp_tools t
  where t.id = a.tool_id and new.id in (t.id, t.server_id);
  return null;
end;
$$;
comment on function private.end_standing_approvals() is 'A yes was to this tool in this place: it does not wait for the tool to come back, nor follow it elsewhere.';
revoke execute on function private.end_standing_approvals() from public;
create trigger end_standing_approvals after update of removed_at on public.mcp_tools
  for each row when (old.removed_at is null and new.removed_at is not null)
  execute function private.end_standing_approvals();
create trigger end_standing_approvals after update of config, removed_at on public.mcp_servers
  for each row when (old.config is distinct from new.config or old.removed_at is distinct from new.removed_at)
  execute function private.end_standing_approvals();

alter table public.mcp_policy_changes enable row level security;
alter table public.mcp_standing_approvals enable row level security;
create policy "Analysts see how their team's policy came about" on public.mcp_policy_changes
  for select to authenticated using (team_id in (select private.my_analysed_team_ids()));
create policy "People see what they always approve" on public.mcp_standing_approvals
  for select to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "People take a standing yes back" on public.mcp_standing_approvals
  for delete to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));

-- NOTE: no client writes an entry, and a standing yes is given only with an approval (decide_approval).
grant select on public.mcp_policy_changes to authenticated;
grant select, delete on public.mcp_standing_approvals to authenticated;
grant select, insert on public.mcp_policy_changes to service_role;
grant select, insert, update, delete on public.mcp_standing_approvals to service_role;

create function public.set_tool_policy(
  p_team_id uuid, p_server_id uuid, p_tool_names text[], p_policy text, p_allows_always boolean default null,
  p_sends_out boolean default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_missing text[];
  v_ruled integer;
begin
  select array_agg(asked.name order by asked.name) into v_missing
  from unnest(p_tool_names) as asked (name)
  where not exists (
    select 1 from public.mcp_tools t
    where t.team_id = p_team_id and t.server_id = p_server_id and t.tool_name = asked.name and t.removed_at is null
  );
  if v_missing is not null then
    return jsonb_build_object('missing', to_jsonb(v_missing));
  end if;
  update public.mcp_tools
  set policy = p_policy, allows_always = coalesce(p_allows_always, allows_always),
      sends_out = coalesce(p_sends_out, sends_out)
  where team_id = p_team_id and server_id = p_server_id and tool_name = any (p_tool_names) and removed_at is null;
  get diagnostics v_ruled = row_count;
  if v_ruled = 0 then
    raise exception 'Only admins of the team rule on its tools' using errcode = 'insufficient_privilege';
  end if;
  return jsonb_build_object('missing', '[]'::jsonb);
end;
$$;
comment on function public.set_tool_policy(uuid, uuid, text[], text, boolean, boolean) is
  'Rules on several tools of one server at once, as the admin who asks, under row level security; all of them or, when one is missing, none.';
revoke execute on function public.set_tool_policy(uuid, uuid, text[], text, boolean, boolean) from public, anon;
grant execute on function public.set_tool_policy(uuid, uuid, text[], text, boolean, boolean) to authenticated;
