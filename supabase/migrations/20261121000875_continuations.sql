-- Continuations: a call of an answer waited for a person or went on in the background; once it has ended,
-- the assistant goes on by itself.
--
-- Never true: an answer is gone on from twice, after its person has left or has written on, or for ever.

create function private.is_news(about public.mcp_tool_executions) returns boolean
language sql immutable set search_path = '' as $$
  -- Nobody came, so nothing happened: a wait that ran out has no duration.
  select about.status <> 'cancelled' and not (about.status = 'timeout' and about.duration_ms = 0)
$$;
comment on function private.is_news(public.mcp_tool_executions) is 'Whether the end of a call gives the assistant something to say: not when its person cancelled it, or never came.';

create function public.claim_continuation(p_message_id uuid, p_answer_id uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_chat public.astra_chats;
  v_kept public.astra_messages;
  v_asked public.astra_messages;
  v_role text;
begin
  select c.* into v_chat from public.astra_messages m
  join public.astra_chats c on c.team_id = m.team_id and c.id = m.chat_id
  where m.id = p_message_id and m.waits
  for no key update of c;
  if not found then
    return null;
  end if;
  select * into v_kept from public.astra_messages where id = p_message_id and waits for update;
  if not found or exists (
    select from public.mcp_tool_executions e
    where e.team_id = v_chat.team_id and e.message_id = p_message_id and e.completed_at is null
  ) then
    return null;
  end if;

  -- Whatever comes of it, this was the one time.
  update public.astra_messages set waits = false where id = p_message_id;
  select * into v_asked from public.astra_messages
  where team_id = v_chat.team_id and id = v_kept.answers and superseded_at is null;
  select m.role into v_role from public.team_members m where m.team_id = v_chat.team_id and m.user_id = v_asked.user_id;
  if v_role is null or not private.takes_part(v_chat.id, v_chat.team_id, v_asked.user_id)
    or not exists (
      select from public.mcp_tool_executions e
      where e.team_id = v_chat.team_id and e.id in (select private.waited_for(v_kept.parts)) and private.is_news(e)
    )
    -- Somebody has written since: the answer to that knows how the calls ended.
    or exists (
      select from public.astra_messages m
      where m.team_id = v_chat.team_id and m.chat_id = v_chat.id and m.superseded_at is null
        and (m.created_at, m.id) > (v_kept.created_at, v_kept.id)
    )
    -- An assistant that calls and calls ends some time, if nobody says a word.
    or (
      select count(*) from public.astra_messages m
      where m.team_id = v_chat.team_id and m.answers = v_kept.answers and m.continues is not null
    ) >= 8
  then
    return null;
  end if;

  insert into public.astra_messages (id, team_id, chat_id, role, status, answers, continues, created_at)
  values (
    p_answer_id, v_chat.team_id, v_chat.id, 'assistant', 'streaming', v_kept.answers, v_kept.id,
    greatest(clock_timestamp(), v_kept.created_at + interval '1 millisecond')
  );
  update public.astra_chats set read_outside_at = coalesce(read_outside_at, now()) where id = v_chat.id;
  return jsonb_build_object(
    'team_id', v_chat.team_id, 'chat_id', v_chat.id, 'visibility', v_chat.visibility,
    'user_id', v_asked.user_id, 'role', v_role, 'name', private.name_of(v_asked.user_id),
    'user_message_id', v_asked.id, 'parts', v_asked.parts
  );
end;
$$;
comment on function public.claim_continuation(uuid, uuid) is
  'Lets the assistant go on from an answer whose calls have all ended, once, if there is news and nobody has written since: gives what the turn needs, else null.';

create function public.due_continuations(p_limit integer, p_execution_id uuid default null) returns setof uuid
language sql stable set search_path = '' as $$
  select m.id from public.astra_messages m
  where m.waits and (p_execution_id is null or m.id = (
      select e.message_id from public.mcp_tool_executions e where e.id = p_execution_id
    ))
    and not exists (
      select from public.mcp_tool_executions e
      where e.team_id = m.team_id and e.message_id = m.id and e.completed_at is null
    )
    and exists (
      select from public.mcp_tool_executions e
      where e.team_id = m.team_id and e.message_id = m.id and e.completed_at > now() - interval '1 hour'
    )
  order by m.saved_at limit p_limit
$$;
comment on function public.due_continuations(integer, uuid) is
  'Answers that can be gone on from: their calls have all ended, the last within the hour. Of all, or the one that this call belongs to.';

create function public.let_go(p_execution_id uuid, p_team_id uuid, p_user_id uuid) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.mcp_tool_executions e set mode = 'async'
  where e.id = p_execution_id and e.team_id = p_team_id and e.user_id = p_user_id and e.status = 'running'
    and exists (select from public.team_members m where m.team_id = e.team_id and m.user_id = e.user_id);
  return found;
end;
$$;
comment on function public.let_go(uuid, uuid, uuid) is
  'Whoever made a call that is under way does not wait for it any longer: its worker lets it go, and its end is notified. False when it does not run.';

revoke execute on function
  private.is_news(public.mcp_tool_executions), public.claim_continuation(uuid, uuid),
  public.due_continuations(integer, uuid), public.let_go(uuid, uuid, uuid)
from public, anon, authenticated;
grant execute on function
  private.is_news(public.mcp_tool_executions), public.claim_continuation(uuid, uuid),
  public.due_continuations(integer, uuid), public.let_go(uuid, uuid, uuid)
to service_role;
