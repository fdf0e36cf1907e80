-- The schema of the mission's backend document, as written there, for comparison only: it lives in a
-- database of its own. Added to the document, because without it the document's own function cannot
-- write: policies for inserting and updating executions and counting tool statistics; grants.

create table public.teams (id uuid primary key default gen_random_uuid(), name text not null);
create table public.users (
  id uuid primary key references auth.users (id) on delete cascade,
  team_id uuid not null references public.teams (id)
);

create table public.mcp_servers (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  name text not null,
  description text,
  server_type text not null check (server_type in ('stdio', 'sse', 'http')),
  config jsonb not null,
  is_active boolean default true,
  last_connected_at timestamptz,
  connection_status text default 'pending'
    check (connection_status in ('pending', 'connected', 'error', 'disconnected')),
  last_error text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  created_by uuid references auth.users (id),
  constraint unique_server_name_per_team unique (team_id, name)
);
create index idx_mcp_servers_team_id on public.mcp_servers (team_id);
create index idx_mcp_servers_is_active on public.mcp_servers (is_active);

create table public.mcp_tools (
  id uuid primary key default gen_random_uuid(),
  server_id uuid not null references public.mcp_servers (id) on delete cascade,
  tool_name text not null,
  description text,
  input_schema jsonb not null,
  is_enabled boolean default true,
  requires_confirmation boolean default false,
  timeout_seconds integer default 30,
  execution_count integer default 0,
  success_count integer default 0,
  error_count integer default 0,
  avg_duration_ms integer,
  last_executed_at timestamptz,
  synced_at timestamptz default now(),
  constraint unique_tool_per_server unique (server_id, tool_name)
);
create index idx_mcp_tools_server_id on public.mcp_tools (server_id);
create index idx_mcp_tools_is_enabled on public.mcp_tools (is_enabled);

create table public.mcp_tool_executions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id),
  team_id uuid not null references public.teams (id),
  tool_id uuid not null references public.mcp_tools (id),
  server_id uuid not null references public.mcp_servers (id),
  input_parameters jsonb not null,
  output_result jsonb,
  error_message text,
  status text not null default 'pending' check (status in ('pending', 'success', 'error', 'timeout')),
  started_at timestamptz default now(),
  completed_at timestamptz,
  duration_ms integer,
  executed_at timestamptz default now()
);
create index idx_mcp_executions_user_id on public.mcp_tool_executions (user_id);
create index idx_mcp_executions_team_id on public.mcp_tool_executions (team_id);
create index idx_mcp_executions_tool_id on public.mcp_tool_executions (tool_id);
create index idx_mcp_executions_executed_at on public.mcp_tool_executions (executed_at);
create index idx_mcp_executions_status on public.mcp_tool_executions (status);

alter table public.users enable row level security;
alter table public.mcp_servers enable row level security;
alter table public.mcp_tools enable row level security;
alter table public.mcp_tool_executions enable row level security;
create policy "Users see themselves" on public.users for select to authenticated
  using (id = auth.uid());
create policy "Team members can view their team's MCP servers" on public.mcp_servers
  for select to authenticated
  using (team_id in (select team_id from public.users where id = auth.uid()));
create policy "Team members can view tools from their team's servers" on public.mcp_tools
  for select to authenticated
  using (server_id in (
    select id from public.mcp_servers
    where team_id in (select team_id from public.users where id = auth.uid())
  ));
create policy "Team members can view their team's executions" on public.mcp_tool_executions
  for select to authenticated
  using (team_id in (select team_id from public.users where id = auth.uid()));
create policy "Users can view their own executions" on public.mcp_tool_executions
  for select to authenticated
  using (user_id = auth.uid());

-- Added: see above.
create policy "Statistics are counted" on public.mcp_tools for update to authenticated
  using (server_id in (
    select id from public.mcp_servers
    where team_id in (select team_id from public.users where id = auth.uid())
  ));
create policy "Users log their executions" on public.mcp_tool_executions for insert to authenticated
  with check (user_id = auth.uid());
create policy "Users end their executions" on public.mcp_tool_executions for update to authenticated
  using (user_id = auth.uid());
grant all on all tables in schema public to authenticated, service_role;

create function public.increment_tool_stats(p_tool_id uuid, p_success boolean, p_duration_ms integer)
returns void language plpgsql as $$
begin
  update mcp_tools
  set
    execution_count = execution_count + 1,
    success_count = success_count + case when p_success then 1 else 0 end,
    error_count = error_count + case when not p_success then 1 else 0 end,
    avg_duration_ms = coalesce(
      (avg_duration_ms * execution_count + p_duration_ms) / (execution_count + 1),
      p_duration_ms
    ),
    last_executed_at = now()
  where id = p_tool_id;
end;
$$;
