-- Chats and their messages: private to one member, or the team's.
--
-- Never true: someone else reads a private chat; a client writes a message (the chat door does, so that
-- history cannot be forged); a message that was edited or answered anew is gone.

create table public.astra_chats (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  title text not null default 'New chat',
  visibility text not null default 'private',
  archived_at timestamptz,
  read_outside_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint astra_chats_team_key unique (team_id, id),
  constraint title_is_short check (char_length(title) between 1 and 120),
  constraint chat_visibility_is_known check (visibility in ('private', 'team'))
);
comment on table public.astra_chats is 'A conversation of one member, or of their team. It outlives a removed membership: who comes back finds it again.';
comment on column public.astra_chats.user_id is 'Who began it: it is theirs to rename, share, archive and delete.';
comment on column public.astra_chats.visibility is 'private: only its person. team: every member reads and writes in it.';
comment on column public.astra_chats.read_outside_at is 'When a model first read something from outside in it: from then on a tool that can send data out asks a person.';
create index astra_chats_newest on public.astra_chats (team_id, user_id, updated_at desc);
create index astra_chats_of_the_team on public.astra_chats (team_id, updated_at desc) where visibility = 'team';
create index astra_chats_user_id on public.astra_chats (user_id);

create function private.message_words(parts jsonb) returns text
language sql immutable set search_path = '' as $$
  select coalesce(string_agg(left(part ->> 'text', 20000), ' '), '')
  from jsonb_array_elements(parts) part where part ->> 'type' = 'text'
$$;
comment on function private.message_words(jsonb) is 'What was written in a message, without its tool calls.';
grant execute on function private.message_words(jsonb) to authenticated, service_role;

create table public.astra_messages (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  chat_id uuid not null,
  user_id uuid references public.profiles (id) on delete set null,
  role text not null,
  parts jsonb not null default '[]',
  metadata jsonb not null default '{}',
  status text not null default 'done',
  answers uuid,
  continues uuid,
  waits boolean not null default false,
  stop_requested_at timestamptz,
  saved_at timestamptz not null default now(),
  superseded_at timestamptz,
  words tsvector generated always as (to_tsvector('simple', private.message_words(parts))) stored,
  created_at timestamptz not null default clock_timestamp(),
  constraint astra_messages_team_key unique (team_id, id),
  constraint message_of_the_same_team foreign key (team_id, chat_id)
    references public.astra_chats (team_id, id) on delete cascade,
  constraint answers_a_message foreign key (team_id, answers)
    references public.astra_messages (team_id, id) on delete cascade,
  constraint continues_a_message foreign key (team_id, continues)
    references public.astra_messages (team_id, id) on delete cascade,
  constraint continued_once unique (team_id, continues),
  constraint message_role_is_known check (role in ('user', 'assistant')),
  constraint message_status_is_known check (status in ('streaming', 'done', 'failed', 'stopped')),
  constraint parts_are_a_list check (jsonb_typeof(parts) = 'array')
);
comment on table public.astra_messages is 'A message; `parts` are the parts the screen draws.';
comment on column public.astra_messages.user_id is 'Who wrote it; for an answer, null.';
comment on column public.astra_messages.answers is 'The message of a person that this one answers: it is theirs to stop.';
comment on column public.astra_messages.continues is 'The answer that this one goes on from: a call of it had to wait for a person, or went on in the background.';
comment on column public.astra_messages.waits is 'A call of this answer had not ended when the answer did: the assistant goes on once it has.';
comment on column public.astra_messages.stop_requested_at is 'Its person wants the answer to end. Whoever writes it looks here.';
comment on column public.astra_messages.saved_at is 'When whoever writes this answer last kept it.';
comment on column public.astra_messages.superseded_at is 'When its person wrote it anew, or had it answered anew: kept, and shown no more.';
create index astra_messages_in_order on public.astra_messages (team_id, chat_id, created_at, id);
create index astra_messages_user_id on public.astra_messages (user_id);
create index astra_messages_answers on public.astra_messages (team_id, answers) where answers is not null;
create index astra_messages_words on public.astra_messages using gin (words);
create index astra_messages_open on public.astra_messages (saved_at) where status = 'streaming' or waits;

create table public.astra_attachments (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  chat_id uuid not null,
  message_id uuid not null,
  position smallint not null,
  name text not null,
  media_type text not null,
  content text not null,
  created_at timestamptz not null default now(),
  constraint attachment_of_the_same_team foreign key (team_id, message_id)
    references public.astra_messages (team_id, id) on delete cascade,
  constraint attachment_name_is_short check (char_length(name) between 1 and 200),
  constraint attachment_is_bounded check (char_length(content) <= 4000000)
);
comment on table public.astra_attachments is 'A picture or a text file that came with a message.';
comment on column public.astra_attachments.content is 'Its bytes in base64.';
create index astra_attachments_message on public.astra_attachments (team_id, message_id);

create trigger touch before update on public.astra_chats
  for each row execute function private.touch_updated_at();

create function private.my_chat_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select id from public.astra_chats where user_id = (select auth.uid())
  union all
  select c.id from public.astra_chats c
  join public.team_members m on m.team_id = c.team_id and m.user_id = (select auth.uid())
  where c.visibility = 'team' and c.user_id <> (select auth.uid())
$$;
comment on function private.my_chat_ids() is 'Chats the current user takes part in: their own, and those of their teams.';
revoke execute on function private.my_chat_ids() from public, anon;
grant execute on function private.my_chat_ids() to authenticated;

alter table public.astra_chats enable row level security;
alter table public.astra_messages enable row level security;
alter table public.astra_attachments enable row level security;

create policy "People see their own chats and their team's" on public.astra_chats
  for select to authenticated
  using ((user_id = (select auth.uid()) or visibility = 'team') and team_id in (select private.my_team_ids()));
create policy "People rename, share and archive their own chats" on public.astra_chats
  for update to authenticated
  using (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()))
  with check (user_id = (select auth.uid()) and team_id in (select private.my_team_ids()));
create policy "Admins rename and archive their team's chats" on public.astra_chats
  for update to authenticated
  using (visibility = 'team' and team_id in (select private.my_administered_team_ids()))
  with check (visibility = 'team' and team_id in (select private.my_administered_team_ids()));
create policy "People delete their own chats, admins their team's" on public.astra_chats
  for delete to authenticated
  using (
    user_id = (select auth.uid()) and team_id in (select private.my_team_ids())
    or visibility = 'team' and team_id in (select private.my_administered_team_ids())
  );
create policy "People read the messages of chats they take part in" on public.astra_messages
  for select to authenticated
  using (team_id in (select private.my_team_ids()) and chat_id in (select private.my_chat_ids()));
create policy "People read what came with messages they read" on public.astra_attachments
  for select to authenticated
  using (team_id in (select private.my_team_ids()) and chat_id in (select private.my_chat_ids()));

grant select, delete on public.astra_chats to authenticated;
grant update (title, visibility, archived_at) on public.astra_chats to authenticated;
grant select on public.astra_messages, public.astra_attachments to authenticated;
grant select, insert, update, delete on public.astra_chats, public.astra_messages, public.astra_attachments
  to service_role;

create function public.search_chats(p_team_id uuid, p_query text)
returns table (chat_id uuid, message_id uuid, title text, visibility text, archived_at timestamptz, excerpt text, found_at timestamptz)
language sql stable set search_path = '' as $$
  with asked as (
    select to_tsquery('simple', string_agg(quote_literal(word) || ':*', ' & ')) as q, count(*) as words
    from (
      select lexeme as word from unnest(to_tsvector('simple', left(p_query, 200))) limit 12
    ) found
  ), hits as (
    select c.id, null::uuid as message_id, null::text as said, c.updated_at as at
    from public.astra_chats c, asked
    where c.team_id = p_team_id and to_tsvector('simple', c.title) @@ asked.q
    union all
    select m.chat_id, m.id, private.message_words(m.parts), m.created_at
    from public.astra_messages m, asked
    where m.team_id = p_team_id and m.superseded_at is null and m.words @@ asked.q
  ), best as (
    select distinct on (h.id) h.* from hits h order by h.id, h.message_id is not null, h.at desc
  )
  select c.id, b.message_id, c.title, c.visibility, c.archived_at,
    case when b.said is null then null
      else ts_headline('simple', b.said, asked.q, 'StartSel="", StopSel="", MaxWords=18, MinWords=8, MaxFragments=1') end,
    b.at
  from best b join public.astra_chats c on c.team_id = p_team_id and c.id = b.id, asked
  where asked.words > 0
  order by b.at desc limit 50
$$;
comment on function public.search_chats(uuid, text) is
  'Chats of a team that the current user takes part in and whose title or messages hold every word asked for, or begin with it; newest first.';
revoke execute on function public.search_chats(uuid, text) from public, anon;
grant execute on function public.search_chats(uuid, text) to authenticated;
