-- Turns: a person's message and its answer, from the moment they are on record to the answer's end.
--
-- Never true: a message that was sent before is answered again; someone takes back what others have
-- answered to since; an answer ends twice, or goes on for someone who has left.
-- Whoever writes in a chat locks the chat first, then its messages: two orders would block each other.

create function private.takes_part(p_chat_id uuid, p_team_id uuid, p_user_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (
    select from public.astra_chats c
    join public.team_members m on m.team_id = c.team_id and m.user_id = p_user_id
    where c.id = p_chat_id and c.team_id = p_team_id and (c.user_id = p_user_id or c.visibility = 'team')
  )
$$;
comment on function private.takes_part(uuid, uuid, uuid) is 'Whether a person may write in a chat: it is theirs or their team''s, and they are in the team.';

create function private.name_of(p_user_id uuid) returns text
language sql stable set search_path = '' as $$
  select coalesce(nullif(btrim(p.full_name), ''), split_part(p.email, '@', 1), 'Someone')
  from public.profiles p where p.id = p_user_id
$$;
comment on function private.name_of(uuid) is 'What a model calls a person where several people write.';

create function private.supersede(p_chat public.astra_chats, p_from public.astra_messages) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_gone uuid[];
begin
  with gone as (
    update public.astra_messages
    set superseded_at = now(), waits = false,
        stop_requested_at = case when status = 'streaming' then coalesce(stop_requested_at, now()) end
    where team_id = p_chat.team_id and chat_id = p_chat.id and superseded_at is null
      and (created_at, id) >= (p_from.created_at, p_from.id)
    returning id
  )
  select array_agg(id) into v_gone from gone;
  -- What nobody is shown any more asks nobody any more, and does not run on.
  perform public.cancel_execution(e.id, e.user_id) from public.mcp_tool_executions e
  where e.team_id = p_chat.team_id and e.message_id = any (v_gone) and e.completed_at is null;
  return to_jsonb(v_gone);
end;
$$;
comment on function private.supersede(public.astra_chats, public.astra_messages) is
  'Takes back a message and all that came after it: kept, shown no more, and stopped. Gives their ids.';

create function public.open_turn(
  p_user_id uuid, p_team_id uuid, p_chat jsonb, p_message jsonb, p_answer_id uuid, p_replaces uuid default null
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_chat_id uuid := (p_chat ->> 'id')::uuid;
  v_message_id uuid := (p_message ->> 'id')::uuid;
  v_chat public.astra_chats;
  v_replaced public.astra_messages;
  v_gone jsonb := '[]';
  v_at timestamptz;
begin
  if not exists (select from public.team_members where team_id = p_team_id and user_id = p_user_id) then
    return jsonb_build_object('verdict', 'not_found');
  end if;
  if not exists (select from public.astra_chats where id = v_chat_id)
    and not exists (select from public.astra_messages where id = v_message_id) and p_replaces is null
  then
    insert into public.astra_chats (id, team_id, user_id, title, visibility)
    values (v_chat_id, p_team_id, p_user_id, p_chat ->> 'title', p_chat ->> 'visibility')
    on conflict (id) do nothing;
  end if;
  -- One turn of a chat opens after the other: order is what history is.
  select * into v_chat from public.astra_chats where id = v_chat_id for no key update;
  if found and not private.takes_part(v_chat_id, p_team_id, p_user_id) then
    return jsonb_build_object('verdict', 'not_found');
  end if;
  if exists (select from public.astra_messages where id = v_message_id) then
    return jsonb_build_object('verdict', 'sent_before');
  end if;
  if v_chat.id is null then
    return jsonb_build_object('verdict', 'not_found');
  end if;
  if p_replaces is not null then
    select * into v_replaced from public.astra_messages
    where team_id = p_team_id and chat_id = v_chat_id and id = p_replaces
      and role = 'user' and user_id = p_user_id and superseded_at is null;
    if not found then
      return jsonb_build_object('verdict', 'nothing_to_replace');
    end if;
    if exists (
      select from public.astra_messages m
      where m.team_id = p_team_id and m.chat_id = v_chat_id and m.superseded_at is null
        and m.role = 'user' and m.user_id is distinct from p_user_id
        and (m.created_at, m.id) > (v_replaced.created_at, v_replaced.id)
    ) then
      return jsonb_build_object('verdict', 'others_wrote');
    end if;
    v_gone := private.supersede(v_chat, v_replaced);
  end if;

  select greatest(clock_timestamp(), max(m.created_at) + interval '1 millisecond') into v_at
  from public.astra_messages m where m.team_id = p_team_id and m.chat_id = v_chat_id;
  insert into public.astra_messages (id, team_id, chat_id, user_id, role, parts, status, created_at)
  values (v_message_id, p_team_id, v_chat_id, p_user_id, 'user', p_message -> 'parts', 'done', v_at);
  insert into public.astra_attachments (id, team_id, chat_id, message_id, position, name, media_type, content)
  select file.id, p_team_id, v_chat_id, v_message_id, file.position, file.name, file.media_type, file.content
  from jsonb_to_recordset(p_message -> 'files')
    as file (id uuid, position smallint, name text, media_type text, content text);
  insert into public.astra_messages (id, team_id, chat_id, role, status, answers, created_at)
  values (p_answer_id, p_team_id, v_chat_id, 'assistant', 'streaming', v_message_id, v_at + interval '1 millisecond');
  update public.astra_chats
  set archived_at = null,
      read_outside_at = case when (p_message ->> 'reads_outside')::boolean then coalesce(read_outside_at, now()) else read_outside_at end
  where id = v_chat_id
  returning * into v_chat;
  return jsonb_build_object(
    'verdict', 'open', 'visibility', v_chat.visibility, 'read_outside', v_chat.read_outside_at is not null,
    'name', private.name_of(p_user_id), 'superseded', v_gone
  );
end;
$$;
comment on function public.open_turn(uuid, uuid, jsonb, jsonb, uuid, uuid) is
  'Puts a person''s message and the row of its answer on record, once, before anything runs. Verdicts: open, not_found, sent_before, nothing_to_replace, others_wrote.';

create function public.save_turn(
  p_message_id uuid, p_team_id uuid, p_user_id uuid, p_parts jsonb, p_read_outside boolean
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_chat_id uuid;
begin
  select m.chat_id into v_chat_id from public.astra_messages m
  where m.team_id = p_team_id and m.id = p_message_id and m.status = 'streaming'
    and m.stop_requested_at is null and m.superseded_at is null;
  if not found or not private.takes_part(v_chat_id, p_team_id, p_user_id) then
    return false;
  end if;
  if p_read_outside then
    update public.astra_chats set read_outside_at = now()
    where team_id = p_team_id and id = v_chat_id and read_outside_at is null;
  end if;
  -- Without news it is only looked at; that somebody still writes it is told now and then.
  update public.astra_messages set parts = coalesce(p_parts, parts), saved_at = now()
  where team_id = p_team_id and id = p_message_id and status = 'streaming'
    and (p_parts is not null or saved_at < now() - interval '20 seconds');
  return true;
end;
$$;
comment on function public.save_turn(uuid, uuid, uuid, jsonb, boolean) is
  'Keeps an answer as far as it has come (null: no news). False when it is to end: its person wants that or has left, or it is over.';

create function public.stop_turn(p_message_id uuid, p_team_id uuid, p_user_id uuid) returns boolean
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.astra_messages m
  join public.astra_messages asked on asked.team_id = m.team_id and asked.id = m.answers
  join public.astra_chats c on c.team_id = m.team_id and c.id = m.chat_id
  join public.team_members me on me.team_id = m.team_id and me.user_id = p_user_id
  where m.team_id = p_team_id and m.id = p_message_id and private.takes_part(c.id, p_team_id, p_user_id)
    and (asked.user_id = p_user_id or me.role in ('owner', 'admin'));
  if not found then
    return null;
  end if;
  update public.astra_messages set stop_requested_at = coalesce(stop_requested_at, now())
  where team_id = p_team_id and id = p_message_id and status = 'streaming';
  return found;
end;
$$;
comment on function public.stop_turn(uuid, uuid, uuid) is
  'Asks whoever writes an answer to end it: for the person it answers, and in a team''s chat for admins. False when it has ended; null when there is none of theirs.';

create function public.close_turn(
  p_message_id uuid, p_team_id uuid, p_status text, p_parts jsonb, p_metadata jsonb, p_goes_on boolean, p_read_outside boolean
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_waits boolean := p_goes_on and exists (select from private.waited_for(p_parts));
begin
  update public.astra_chats c
  set updated_at = now(),
      read_outside_at = case when p_read_outside then coalesce(c.read_outside_at, now()) else c.read_outside_at end
  where c.team_id = p_team_id and c.id = (
    select m.chat_id from public.astra_messages m where m.team_id = p_team_id and m.id = p_message_id
  );
  update public.astra_messages
  set status = p_status, parts = p_parts, metadata = p_metadata, saved_at = now(),
      -- Its person’s Stop may not have been heard before it ended.
      waits = v_waits and superseded_at is null and stop_requested_at is null
  where team_id = p_team_id and id = p_message_id and status = 'streaming'
  returning waits into v_waits;
  return case when found then v_waits end;
end;
$$;
comment on function public.close_turn(uuid, uuid, text, jsonb, jsonb, boolean, boolean) is
  'Ends an answer, once: the first terminal write wins. True when it waits for calls that had not ended; null when it had ended before.';

create function private.waited_for(p_parts jsonb) returns setof uuid
language sql immutable set search_path = '' as $$
  select (part -> 'output' ->> 'execution_id')::uuid from jsonb_array_elements(p_parts) part
  where part ->> 'type' = 'dynamic-tool' and part -> 'output' ->> 'kind' = 'answered'
    and part -> 'output' ->> 'status' in ('pending', 'running', 'awaiting_approval', 'awaiting_input', 'awaiting_auth')
$$;
comment on function private.waited_for(jsonb) is 'The calls of an answer that had not ended when it was told of them.';

create function private.reap_turns() returns void
language sql set search_path = '' as $$
  update public.astra_messages
  set status = 'failed', metadata = metadata || '{"error": "The answer broke off."}'
  where status = 'streaming' and saved_at < now() - interval '90 seconds'
$$;
comment on function private.reap_turns() is 'Ends answers that nobody writes any more; what they said so far stays.';

revoke execute on function
  private.takes_part(uuid, uuid, uuid), private.name_of(uuid), private.waited_for(jsonb), private.reap_turns(),
  private.supersede(public.astra_chats, public.astra_messages),
  public.open_turn(uuid, uuid, jsonb, jsonb, uuid, uuid), public.save_turn(uuid, uuid, uuid, jsonb, boolean),
  public.stop_turn(uuid, uuid, uuid), public.close_turn(uuid, uuid, text, jsonb, jsonb, boolean, boolean)
from public, anon, authenticated;
grant execute on function
  private.takes_part(uuid, uuid, uuid), private.name_of(uuid), private.waited_for(jsonb), private.reap_turns(),
  private.supersede(public.astra_chats, public.astra_messages),
  public.open_turn(uuid, uuid, jsonb, jsonb, uuid, uuid), public.save_turn(uuid, uuid, uuid, jsonb, boolean),
  public.stop_turn(uuid, uuid, uuid), public.close_turn(uuid, uuid, text, jsonb, jsonb, boolean, boolean)
to service_role;
