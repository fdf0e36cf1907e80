-- Chats and their messages: private to one member, or the team's.
--
-- Never true: someone else reads a private chat; someone makes a chat theirs that is not; a client writes a
-- message (the chat door does, so that history cannot be forged); a message that was edited or answered
-- anew is gone; what a team said is gone with one account.

create table public.astra_chats (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid references public.profiles (id) on delete set null,
  title text not null default 'New chat',
  visibility text not null default 'private',
  archived_at timestamptz,
  read_outside_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint astra_chats_team_key unique (team_id, id),
  constraint title_is_short check (char_length(title) between 1 and 120),
  constraint chat_visibility_is_known check (visibility in ('private', 'team')),
  constraint private_chat_has_a_person check (visibility = 'team' or user_id is not null)
);
comment on table public.astra_chats is 'A conversation of one member, or of their team. It outlives a removed membership: who comes back finds it again.';
comment on column public.astra_chats.user_id is 'Who began it: it is theirs to rename, share, archive and delete. Null, for a team’s, once that account is deleted.';
comment on column public.astra_chats.visibility is 'private: only its person. team: every member reads and writes in it.';
comment on column public.astra_chats.updated_at is 'When something was last said in it. A new name, sharing and archiving do not count.';
comment on column public.astra_chats.read_outside_at is 'When a model first read something from outside in it: from then on a tool that can send data out asks a person.';
create index astra_chats_newest on public.astra_chats (team_id, user_id, updated_at desc);
create index astra_chats_of_the_team on public.astra_chats (team_id, updated_at desc) where visibility = 'team';
create index astra_chats_user_id on public.astra_chats (user_id);

create function private.message_text(parts jsonb) returns text
language sql immutable set search_path = '' as $$
  select coalesce(left(string_agg(left(part ->> 'text', 20000), ' '), 60000), '')
  from jsonb_array_elements(parts) part where part ->> 'type' = 'text'
$$;
comment on function private.message_text(jsonb) is
  'What was written in a message, without its tool calls, as far as it is searched: a tsvector that grew too large would refuse the message.';

create function private.as_words(p_text text) returns tsvector
language sql immutable set search_path = '' as $$
  -- Punctuation parts words, so that a name, an address and a path are found by each of theirs. Scripts
  -- that put no space between words are taken sign by sign.
  select to_tsvector('simple', regexp_replace(
    translate(p_text, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])', ' \1 ', 'g'
  ))
$$;
comment on function private.as_words(text) is 'The words of a text, for what is searched and for what is asked alike.';

revoke execute on function private.message_text(jsonb), private.as_words(text) from public, anon;
grant execute on function private.message_text(jsonb), private.as_words(text) to authenticated, service_role;

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
  words tsvector generated always as (private.as_words(private.message_text(parts))) stored,
  created_at timestamptz not null default clock_timestamp(),
  constraint astra_messages_team_key unique (team_id, id),
  constraint astra_messages_chat_key unique (team_id, chat_id, id),
  constraint message_of_the_same_team foreign key (team_id, chat_id)
    references public.astra_chats (team_id, id) on delete cascade,
  constraint answers_a_message_of_its_chat foreign key (team_id, chat_id, answers)
    references public.astra_messages (team_id, chat_id, id) on delete cascade,
  constraint continues_a_message_of_its_chat foreign key (team_id, chat_id, continues)
    references public.astra_messages (team_id, chat_id, id) on delete cascade,
  constraint continued_once unique (team_id, chat_id, continues),
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
create index astra_messages_answers on public.astra_messages (team_id, chat_id, answers) where answers is not null;
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
  constraint attachment_of_its_message foreign key (team_id, chat_id, message_id)
    references public.astra_messages (team_id, chat_id, id) on delete cascade,
  constraint attachment_name_is_short check (char_length(name) between 1 and 200),
  constraint attachment_is_bounded check (char_length(content) <= 4000000)
);
comment on table public.astra_attachments is 'A picture or a text file that came with a message.';
comment on column public.astra_attachments.content is 'Its bytes in base64.';
create index astra_attachments_message on public.astra_attachments (team_id, chat_id, message_id);

create trigger touch before update on public.astra_chats
  for each row when (
    new.title = old.title and new.visibility = old.visibility
    and new.archived_at is not distinct from old.archived_at
  ) execute function private.touch_updated_at();

create function private.forget_private_chats() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.astra_chats where user_id = old.id and visibility = 'private';
  return old;
end;
$$;
comment on function private.forget_private_chats() is 'A deleted account takes its private chats along, and leaves the team’s to the team.';
create trigger forget_private_chats before delete on public.profiles
  for each row execute function private.forget_private_chats();

revoke execute on function private.forget_private_chats() from public;

create function private.my_chat_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select id from public.astra_chats
  where user_id = (select auth.uid()) and team_id in (select private.my_team_ids())
  union all
  select id from public.astra_chats
  where visibility = 'team' and user_id is distinct from (select auth.uid())
    and team_id in (select private.my_team_ids())
$$;
comment on function private.my_chat_ids() is 'Chats the current user takes part in: their own and the shared ones of the teams they are in.';
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
  using (
    team_id in (select private.my_team_ids()) and chat_id in (select private.my_chat_ids())
    -- What was taken back before a chat was shared, or in it, is not shown to the others after all.
    and (superseded_at is null or user_id = (select auth.uid()))
  );
create policy "People read what came with messages they read" on public.astra_attachments
  for select to authenticated
  using (
    team_id in (select private.my_team_ids()) and chat_id in (select private.my_chat_ids())
    and exists (
      select from public.astra_messages m
      where m.team_id = astra_attachments.team_id and m.chat_id = astra_attachments.chat_id and m.id = message_id
    )
  );

grant select, delete on public.astra_chats to authenticated;
grant update (title, visibility, archived_at) on public.astra_chats to authenticated;
grant select on public.astra_messages, public.astra_attachments to authenticated;
grant select, insert, update, delete on public.astra_chats, public.astra_messages, public.astra_attachments
  to service_role;
