-- Executions: every call of a tool, from the moment it is admitted.
--
-- Never true: an upstream call without its row; a terminal row that changes; a row that stays open
-- after its lease; two terminal writes.

create table public.mcp_tool_executions (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid references public.profiles (id) on delete set null,
  server_id uuid not null,
  tool_id uuid not null,
  origin text not null default 'direct',
  input_parameters jsonb not null,
  mode text not null default 'sync',
  approval text,
  output_result jsonb,
  error_code text,
  error_message text,
  status text not null default 'pending',
  asked jsonb,
  progress jsonb,
  attempts jsonb,
  endpoint text,
  cache_key text,
  cached_at timestamptz,
  poll_at timestamptz,
  started_at timestamptz not null default now(),
  running_since timestamptz,
  completed_at timestamptz,
  duration_ms integer,
  lease_expires_at timestamptz not null default now() + interval '60 seconds',
  cancel_requested_at timestamptz,
  idempotency_key text,
  request_hash text,
  chat_id uuid,
  message_id uuid,
  executed_at timestamptz not null default now(),
  constraint mcp_tool_executions_team_key unique (team_id, id),
  constraint execution_of_the_teams_server foreign key (team_id, server_id)
    references public.mcp_servers (team_id, id) on delete cascade,
  constraint execution_of_the_teams_tool foreign key (team_id, tool_id)
    references public.mcp_tools (team_id, id) on delete cascade,
  constraint execution_in_the_teams_chat foreign key (team_id, chat_id)
    references public.astra_chats (team_id, id) on delete set null (chat_id),
  constraint execution_in_the_teams_message foreign key (team_id, message_id)
    references public.astra_messages (team_id, id) on delete set null (message_id),
  constraint origin_is_known check (origin in ('direct', 'chat')),
  constraint mode_is_known check (mode in ('sync', 'async')),
  constraint approval_is_known check (approval in ('self', 'always', 'admin')),
  constraint status_is_known check (status in (
    'pending', 'awaiting_approval', 'awaiting_input', 'awaiting_auth', 'running',
    'success', 'error', 'timeout', 'cancelled', 'denied', 'unknown'
  )),
  constraint terminal_rows_have_an_end check (
    (status in ('success', 'error', 'timeout', 'cancelled', 'denied', 'unknown')) = (completed_at is not null)
  ),
  constraint waiting_rows_say_for_what
    check ((status in ('awaiting_approval', 'awaiting_input', 'awaiting_auth')) = (asked is not null)),
  constraint keyed_rows_have_a_hash check ((idempotency_key is null) = (request_hash is null))
);
comment on table public.mcp_tool_executions is 'One call of a tool. Inserted before the upstream is asked, closed exactly once.';
comment on column public.mcp_tool_executions.lease_expires_at is 'After this moment an open row belongs to a dead worker; the reaper closes it as unknown.';
comment on column public.mcp_tool_executions.approval is 'Whose yes it runs on. self: its person saw exactly these arguments. always: a standing yes of theirs. admin: an admin saw them. Null: the policy needs none.';
comment on column public.mcp_tool_executions.mode is 'async: whoever called does not wait for the end; they are notified of it.';
comment on column public.mcp_tool_executions.running_since is 'Since when it runs, as if it had never waited for a person: every wait moves it on. Null: it never ran.';
comment on column public.mcp_tool_executions.progress is 'The newest that its server told of it.';
comment on column public.mcp_tool_executions.attempts is 'Every try of a call that was tried more than once, failed, or had several endpoints to go to: which one, when, how long, what went wrong.';
comment on column public.mcp_tool_executions.endpoint is 'Which of several endpoints of its server it was given; null where there is only one.';
comment on column public.mcp_tool_executions.cache_key is 'With a deterministic tool: names arguments, definition, place and account together. Equal keys have equal results.';
comment on column public.mcp_tool_executions.cached_at is 'It was not called: this is the result of a call that ended then.';
comment on column public.mcp_tool_executions.poll_at is 'Its server works on it as a task, and is asked again from this moment on. Null: no task.';
comment on column public.mcp_tool_executions.asked is 'What a waiting execution waits for, as people are shown it: the question, or whose account. Never the answer.';
comment on column public.mcp_tool_executions.cancel_requested_at is 'Someone wants it to end; the worker that runs it looks here.';
comment on column public.mcp_tool_executions.user_id is 'Who asked; null once that user is deleted.';

create unique index execution_once_per_key on public.mcp_tool_executions (team_id, idempotency_key)
  where idempotency_key is not null;
create index mcp_executions_team_newest on public.mcp_tool_executions (team_id, executed_at desc, id desc);
create index mcp_executions_user_newest on public.mcp_tool_executions (user_id, team_id, executed_at desc);
create index mcp_executions_tool on public.mcp_tool_executions (team_id, tool_id, executed_at desc);
create index mcp_executions_server on public.mcp_tool_executions (team_id, server_id);
create index mcp_executions_chat on public.mcp_tool_executions (team_id, chat_id) where chat_id is not null;
create index mcp_executions_message on public.mcp_tool_executions (team_id, message_id) where message_id is not null;
create index mcp_executions_failed on public.mcp_tool_executions (team_id, executed_at desc)
  where status in ('error', 'timeout');
create index mcp_executions_cached on public.mcp_tool_executions (team_id, cache_key, completed_at desc)
  where cache_key is not null and cached_at is null and status = 'success';
create index mcp_executions_busy on public.mcp_tool_executions (server_id, endpoint)
  where completed_at is null and endpoint is not null;
create index mcp_executions_tasks on public.mcp_tool_executions (poll_at) where completed_at is null and poll_at is not null;
create index mcp_executions_open on public.mcp_tool_executions (lease_expires_at) where completed_at is null;

create function private.only_forward() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_kept public.mcp_tool_executions := old;
begin
  -- A deleted person, chat or message is forgotten here too.
  if new.user_id is null then v_kept.user_id := null; end if;
  if new.chat_id is null then v_kept.chat_id := null; end if;
  if new.message_id is null then v_kept.message_id := null; end if;
  if new is distinct from v_kept then
    raise exception 'An execution that has ended does not change' using errcode = 'check_violation';
  end if;
  return new;
end;
$$;
comment on function private.only_forward() is 'The last line of defence behind finish_execution: the first terminal write wins.';
revoke execute on function private.only_forward() from public;
create trigger only_forward before update on public.mcp_tool_executions
  for each row when (old.completed_at is not null) execute function private.only_forward();

alter table public.mcp_tool_executions enable row level security;
create policy "People see their own executions and those of chats they take part in, analysts the team's" on public.mcp_tool_executions
  for select to authenticated
  using (
    team_id in (select private.my_analysed_team_ids())
    or (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
    or (chat_id in (select private.my_chat_ids()) and team_id in (select private.my_team_ids()))
  );

-- NOTE: no client writes an execution; begin_execution and finish_execution do.
-- By column: a plain hash of arguments tells whoever guesses them what was redacted.
grant select (
  id, team_id, user_id, server_id, tool_id, origin, input_parameters, mode, approval, output_result, error_code,
  error_message, status, asked, progress, attempts, endpoint, cached_at, poll_at, started_at, completed_at,
  duration_ms, lease_expires_at, cancel_requested_at, idempotency_key, chat_id, message_id, executed_at
) on public.mcp_tool_executions to authenticated;
grant select, insert, update, delete on public.mcp_tool_executions to service_role;
