-- Chats and their messages.
--
-- Never true: someone else reads a private chat; a client writes a message (the chat door does, so that
-- history cannot be forged).

create table public.astra_chats (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  title text not null default 'New chat',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint astra_chats_team_key unique (team_id, id),
  constraint title_is_short check (char_length(title) between 1 and 120)
);
comment on table public.astra_chats is 'A conversation of one member. It outlives a removed membership: who comes back finds it again.';
create index astra_chats_newest on public.astra_chats (team_id, user_id, updated_at desc);
create index astra_chats_user_id on public.astra_chats (user_id);

create table public.astra_messages (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  chat_id uuid not null,
  user_id uuid references public.profiles (id) on delete set null,
  role text not null,
  parts jsonb not null default '[]',
  metadata jsonb not null default '{}',
  status text not null default 'done',
  created_at timestamptz not null default clock_timestamp(),
  constraint astra_messages_team_key unique (team_id, id),
  constraint message_of_the_same_team foreign key (team_id, chat_id)
    references public.astra_chats (team_id, id) on delete cascade,
  constraint message_role_is_known check (role in ('user', 'assistant')),
  constraint message_status_is_known check (status in ('streaming', 'done', 'failed', 'stopped')),
  constraint parts_are_a_list check (jsonb_typeof(parts) = 'array')
);
comment on table public.astra_messages is 'A message; `parts` are the parts the screen draws. user_id is null for the assistant.';
create index astra_messages_in_order on public.astra_messages (team_id, chat_id, created_at, id);
create index astra_messages_user_id on public.astra_messages (user_id);

create trigger touch before update on public.astra_chats
  for each row execute function private.touch_updated_at();

create function private.my_chat_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select id from public.astra_chats where user_id = (select auth.uid())
$$;
comment on function private.my_chat_ids() is 'Chats of the current user.';
revoke execute on function private.my_chat_ids() from public, anon;
grant execute on function private.my_chat_ids() to authenticated;

alter table public.astra_chats enable row level security;
alter table public.astra_messages enable row level security;

create policy "People see their own chats" on public.astra_chats
  for select to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "People rename their own chats" on public.astra_chats
  for update to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
  with check (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "People delete their own chats" on public.astra_chats
  for delete to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "People read the messages of their own chats" on public.astra_messages
  for select to authenticated
  using (team_id in (select private.my_team_ids()) and chat_id in (select private.my_chat_ids()));

grant select, delete on public.astra_chats to authenticated;
grant update (title) on public.astra_chats to authenticated;
grant select on public.astra_messages to authenticated;
grant select, insert, update, delete on public.astra_chats, public.astra_messages to service_role;
