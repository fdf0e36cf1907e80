-- Finding chats by what they are called and by what was said in them.
--
-- Never true: a chat is found by someone who does not take part in it; what was superseded is found; what
-- someone typed is read as an expression.

create function private.as_query(p_typed text) returns tsquery
language sql immutable set search_path = '' as $$
  -- Words hold no punctuation, so none can end a quotation here.
  select string_agg(phrase, ' & ')::tsquery
  from (
    select '(' || string_agg('''' || lexeme || case place when last then ''':*' else '''' end, ' <-> ' order by place) || ')' as phrase
    from regexp_split_to_table(left(p_typed, 200), '\s+') with ordinality as term (typed, n),
    lateral (
      select lexeme, place, max(place) over () as last
      from unnest(private.as_words(typed)) as word (lexeme, places, weights), unnest(places) as place
    ) words
    group by n order by n limit 12
  ) phrases
$$;
comment on function private.as_query(text) is
  'Every word that was typed, or what begins with it; one of several parts means them one after another. Null without a word.';

create function private.newest_saying(p_team_id uuid, p_query tsquery)
returns table (chat_id uuid, message_id uuid, said_at timestamptz)
language sql stable security definer set search_path = '' as $$
  -- As its owner: under row level security an index on what was said may not be used. The same condition
  -- as the policy’s stands here instead; whoever reads the messages themselves meets the policy.
  select distinct on (m.chat_id) m.chat_id, m.id, m.created_at
  from public.astra_messages m
  where m.words @@ p_query and m.team_id = p_team_id and m.superseded_at is null
    and m.team_id in (select private.my_team_ids()) and m.chat_id in (select private.my_chat_ids())
  order by m.chat_id, m.created_at desc
$$;
comment on function private.newest_saying(uuid, tsquery) is
  'Of every chat the current user takes part in: the newest message that says this.';

create function private.excerpt(p_text text, p_typed text) returns text
language sql immutable set search_path = '' as $$
  select case when start > 1 then '…' else '' end || trim(substr(said, start, 160))
    || case when length(said) >= start + 160 then '…' else '' end
  from (select regexp_replace(p_text, '\s+', ' ', 'g') as said) as text,
  lateral (select position(lower(split_part(p_typed, ' ', 1)) in lower(said)) as met) as found,
  -- A few words before it, none of them cut.
  lateral (select case when met <= 40 then 1
    else met - 40 + position(' ' in substr(said, met - 40, 40)) end as start) as beginning
$$;
comment on function private.excerpt(text, text) is 'What stands around the first word that was typed, on one line.';

create function public.search_chats(p_team_id uuid, p_query text)
returns table (chat_id uuid, message_id uuid, title text, visibility text, archived_at timestamptz, excerpt text, found_at timestamptz)
language sql stable set search_path = '' as $$
  with asked as (
    select typed, private.as_query(typed) as words, '%' || regexp_replace(typed, '([\\%_])', '\\\1', 'g') || '%' as part
    from (select trim(regexp_replace(left(p_query, 200), '\s+', ' ', 'g')) as typed) trimmed
    where typed <> ''
  ), named as (
    select c.id from public.astra_chats c, asked
    where c.team_id = p_team_id and (private.as_words(c.title) @@ asked.words or c.title ilike asked.part)
  ), said as (
    select newest.* from asked, private.newest_saying(p_team_id, asked.words) newest
  ), found as (
    select c.id, said.message_id, c.title, c.visibility, c.archived_at, named.id is not null as is_named,
      coalesce(said.said_at, c.updated_at) as found_at
    from named full join said on said.chat_id = named.id
    join public.astra_chats c on c.team_id = p_team_id and c.id = coalesce(named.id, said.chat_id)
    order by is_named desc, found_at desc limit 50
  )
  select found.id, m.id, found.title, found.visibility, found.archived_at,
    case when m.id is not null then private.excerpt(private.message_text(m.parts), asked.typed) end, found.found_at
  from asked, found
  left join public.astra_messages m
    on m.team_id = p_team_id and m.chat_id = found.id and m.id = found.message_id and m.superseded_at is null
  order by found.is_named desc, found.found_at desc
$$;
comment on function public.search_chats(uuid, text) is
  'Chats of a team that the current user takes part in whose title or whose messages hold every word asked for, or begin with it: those so called first, then the newest; the newest such message of each.';

revoke execute on function private.as_query(text), private.excerpt(text, text), private.newest_saying(uuid, tsquery),
  public.search_chats(uuid, text) from public, anon;
grant execute on function private.as_query(text), private.excerpt(text, text), private.newest_saying(uuid, tsquery),
  public.search_chats(uuid, text) to authenticated;
