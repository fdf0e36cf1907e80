-- Webhooks: where a team wants to be told of calls in the background, and what is on its way there.
--
-- Never true: a client role reads a signing secret; the end of a call in the background is recorded while
-- what tells of it is not; two workers send the same delivery at the same time; one is dropped unsaid.

create table public.team_webhooks (
  team_id uuid primary key references public.teams (id) on delete cascade,
  url text not null,
  encrypted_value text not null,
  key_version integer not null,
  is_active boolean not null default true,
  created_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  last_tried_at timestamptz,
  last_delivered_at timestamptz,
  last_status integer,
  last_error text,
  constraint webhook_url_is_short check (char_length(url) between 1 and 2048)
);
comment on table public.team_webhooks is 'The address a team is told at, its signing secret (sealed by the edge function), and how the last delivery went.';
comment on column public.team_webhooks.is_active is 'Off: nothing is added to what waits, and what waits stays. A receiver that answers 410 switches it off.';
comment on column public.team_webhooks.last_error is 'Why the last try failed, in our words; null when it went well.';
create index team_webhooks_created_by on public.team_webhooks (created_by);

create table public.webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  execution_id uuid not null,
  event text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  gave_up_at timestamptz,
  last_status integer,
  last_error text,
  constraint delivery_to_the_teams_webhook foreign key (team_id)
    references public.team_webhooks (team_id) on delete cascade,
  constraint delivery_of_the_teams_execution foreign key (team_id, execution_id)
    references public.mcp_tool_executions (team_id, id) on delete cascade,
  constraint one_delivery_per_event unique (team_id, execution_id, event),
  constraint event_is_known check (event in ('execution.ended')),
  constraint delivered_or_given_up check (delivered_at is null or gave_up_at is null)
);
comment on table public.webhook_deliveries is 'What a team''s webhook is to be told: written with the end it tells of, sent until it arrives or is given up. Its id travels as webhook-id.';
comment on column public.webhook_deliveries.leased_until is 'Until then one worker is sending it.';
create index webhook_deliveries_open on public.webhook_deliveries (team_id, next_at)
  where delivered_at is null and gave_up_at is null;
create index webhook_deliveries_given_up on public.webhook_deliveries (team_id, gave_up_at) where gave_up_at is not null;
create index webhook_deliveries_created on public.webhook_deliveries (created_at);

alter table public.team_webhooks enable row level security;
alter table public.webhook_deliveries enable row level security;
create policy "Admins see their team's webhook" on public.team_webhooks
  for select to authenticated using (team_id in (select private.my_administered_team_ids()));
create policy "Admins see what their team's webhook is told" on public.webhook_deliveries
  for select to authenticated using (team_id in (select private.my_administered_team_ids()));
-- NOTE: by column: the sealed secret is for the edge function alone. No client writes here.
grant select (
  team_id, url, is_active, created_by, created_at, last_tried_at, last_delivered_at, last_status, last_error
) on public.team_webhooks to authenticated;
grant select on public.webhook_deliveries to authenticated;
grant select, insert, update, delete on public.team_webhooks, public.webhook_deliveries to service_role;

create function private.post_event(ended public.mcp_tool_executions) returns void
language plpgsql set search_path = '' as $$
begin
  -- NOTE: facts about the call only. Arguments, results and messages of servers stay here.
  insert into public.webhook_deliveries (team_id, execution_id, event, payload)
  select w.team_id, ended.id, 'execution.ended', jsonb_build_object(
    'type', 'execution.ended',
    'timestamp', ended.completed_at,
    'data', jsonb_build_object(
      'execution_id', ended.id, 'team_id', ended.team_id, 'server_id', s.id, 'server_name', s.name,
      'tool_name', t.tool_name, 'status', ended.status, 'error_code', ended.error_code,
      'duration_ms', ended.duration_ms, 'started_at', ended.started_at, 'completed_at', ended.completed_at,
      'chat_id', ended.chat_id
    )
  )
  from public.team_webhooks w
  join public.mcp_servers s on s.team_id = w.team_id and s.id = ended.server_id
  join public.mcp_tools t on t.team_id = w.team_id and t.id = ended.tool_id
  where w.team_id = ended.team_id and w.is_active
  -- Nobody removes the webhook meanwhile: that would undo the call's end.
  for key share of w
  on conflict (team_id, execution_id, event) do nothing;
end;
$$;
comment on function private.post_event(public.mcp_tool_executions) is
  'Puts the end of an execution among what its team''s webhook is to be told, if there is one.';

create function public.keep_webhook(
  p_team_id uuid, p_user_id uuid, p_url text, p_is_active boolean, p_rotate boolean, p_sealed jsonb
) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_taken boolean;
begin
  insert into public.team_webhooks as kept (team_id, url, encrypted_value, key_version, is_active, created_by)
  values (
    p_team_id, p_url, p_sealed ->> 'encrypted_value', (p_sealed ->> 'key_version')::integer,
    coalesce(p_is_active, true), p_user_id
  )
  -- A secret belongs to its receiver: another address gets another one, and is a stranger.
  on conflict (team_id) do update set
    url = excluded.url,
    is_active = coalesce(p_is_active, kept.is_active or kept.url <> excluded.url),
    encrypted_value = case when p_rotate or kept.url <> excluded.url then excluded.encrypted_value else kept.encrypted_value end,
    key_version = case when p_rotate or kept.url <> excluded.url then excluded.key_version else kept.key_version end,
    last_tried_at = case when kept.url = excluded.url then kept.last_tried_at end,
    last_delivered_at = case when kept.url = excluded.url then kept.last_delivered_at end,
    last_status = case when kept.url = excluded.url then kept.last_status end,
    last_error = case when kept.url = excluded.url then kept.last_error end
  returning kept.encrypted_value = p_sealed ->> 'encrypted_value' into v_taken;
  -- Whoever puts it right does not wait for hours until what waits is tried again.
  if v_taken or p_is_active then
    update public.webhook_deliveries set next_at = now()
    where team_id = p_team_id and delivered_at is null and gave_up_at is null and next_at > now();
  end if;
  return v_taken;
end;
$$;
comment on function public.keep_webhook(uuid, uuid, text, boolean, boolean, jsonb) is
  'Sets a team''s webhook. True when the given secret was taken: for a new or another address, or when rotated.';

create function public.describe_webhook(p_team_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'url', w.url, 'is_active', w.is_active, 'created_at', w.created_at, 'last_tried_at', w.last_tried_at,
    'last_delivered_at', w.last_delivered_at, 'last_status', w.last_status, 'last_error', w.last_error,
    'waiting', (
      select count(*) from public.webhook_deliveries d
      where d.team_id = w.team_id and d.delivered_at is null and d.gave_up_at is null
    ),
    'given_up', (
      select count(*) from public.webhook_deliveries d where d.team_id = w.team_id and d.gave_up_at is not null
    )
  )
  from public.team_webhooks w where w.team_id = p_team_id
$$;
comment on function public.describe_webhook(uuid) is 'A team''s webhook and how it is doing, as far as the reader may see; null when there is none.';

create function public.claim_deliveries(p_limit integer) returns table (
  id uuid, team_id uuid, attempt integer, payload jsonb, url text, encrypted_value text, key_version integer
)
language sql set search_path = '' as $$
  with ranked as (
    select d.id, sending.many + row_number() over (partition by w.team_id order by d.next_at) as place
    from public.team_webhooks w
    cross join lateral (
      select count(*) as many from public.webhook_deliveries s
      where s.team_id = w.team_id and s.delivered_at is null and s.gave_up_at is null and s.leased_until > now()
    ) sending
    cross join lateral (
      select d.id, d.next_at from public.webhook_deliveries d
      where d.team_id = w.team_id and d.delivered_at is null and d.gave_up_at is null
        and d.next_at <= now() and (d.leased_until is null or d.leased_until <= now())
      order by d.next_at
      -- Five at a time for one receiver: one that answers slowly keeps nobody else waiting.
      limit greatest(0, 5 - sending.many)
    ) d
    where w.is_active and w.team_id in (
      select o.team_id from public.webhook_deliveries o
      where o.delivered_at is null and o.gave_up_at is null and o.next_at <= now()
    )
  ), due as (
    select d.id from ranked r join public.webhook_deliveries d on d.id = r.id
    -- Said again of the row that is locked: another worker may have had it since it was ranked.
    where d.delivered_at is null and d.gave_up_at is null
      and d.next_at <= now() and (d.leased_until is null or d.leased_until <= now())
    -- Every team's first before anyone's second.
    order by r.place, d.next_at limit p_limit
    for update of d skip locked
  ), claimed as (
    update public.webhook_deliveries d
    set attempts = d.attempts + 1, leased_until = now() + interval '60 seconds'
    from due where d.id = due.id
    returning d.id, d.team_id, d.attempts, d.payload
  )
  select c.id, c.team_id, c.attempts, c.payload, w.url, w.encrypted_value, w.key_version
  from claimed c join public.team_webhooks w on w.team_id = c.team_id
$$;
comment on function public.claim_deliveries(integer) is
  'Deliveries that are due, each leased for a minute to whoever asks first, with what it takes to send them.';

create function public.note_webhook(p_team_id uuid, p_url text, p_status integer, p_error text) returns void
language sql set search_path = '' as $$
  update public.team_webhooks
  set last_tried_at = now(), last_status = p_status, last_error = p_error,
      last_delivered_at = case when p_error is null then now() else last_delivered_at end,
      is_active = is_active and p_status is distinct from 410
  where team_id = p_team_id and url = p_url
$$;
comment on function public.note_webhook(uuid, text, integer, text) is
  'How telling a webhook went; no error: it was told. A receiver that is gone (410) switches it off.';

create function public.note_delivery(
  p_delivery_id uuid, p_team_id uuid, p_attempt integer, p_url text, p_status integer, p_error text
) returns void
language plpgsql set search_path = '' as $$
declare
  v_pauses interval[] := '{10 seconds,1 minute,5 minutes,30 minutes,2 hours,5 hours,10 hours}';
  v_over boolean;
begin
  -- The webhook first, then its delivery: everyone who writes both takes them in this order.
  perform public.note_webhook(p_team_id, p_url, p_status, p_error);
  v_over := p_attempt > cardinality(v_pauses) or p_status = 410 and exists (
    select from public.team_webhooks w where w.team_id = p_team_id and w.url = p_url
  );
  update public.webhook_deliveries
  set leased_until = null, last_status = p_status, last_error = p_error,
      delivered_at = case when p_error is null then now() end,
      gave_up_at = case when p_error is not null and v_over then now() end,
      next_at = now() + coalesce(v_pauses[p_attempt], '0') * (0.8 + 0.4 * random())
  where id = p_delivery_id and team_id = p_team_id and delivered_at is null
    -- Whoever lost its lease says nothing of the try that came after, unless it arrived all the same.
    and (p_error is null or attempts = p_attempt and gave_up_at is null);
end;
$$;
comment on function public.note_delivery(uuid, uuid, integer, text, integer, text) is
  'How one try of a delivery went; no error: it arrived. After the eighth it is given up, and at once when the receiver is gone (410).';

create function private.trim_deliveries() returns void
language sql set search_path = '' as $$
  delete from public.webhook_deliveries where id in (
    select id from public.webhook_deliveries where created_at < now() - interval '30 days' limit 1000
  )
$$;
comment on function private.trim_deliveries() is 'Forgets deliveries that are a month old, a thousand at a time.';

revoke execute on function
  private.post_event(public.mcp_tool_executions), private.trim_deliveries(),
  public.keep_webhook(uuid, uuid, text, boolean, boolean, jsonb), public.describe_webhook(uuid),
  public.claim_deliveries(integer), public.note_webhook(uuid, text, integer, text),
  public.note_delivery(uuid, uuid, integer, text, integer, text)
from public, anon, authenticated;
grant execute on function
  private.post_event(public.mcp_tool_executions), private.trim_deliveries(),
  public.keep_webhook(uuid, uuid, text, boolean, boolean, jsonb),
  public.claim_deliveries(integer), public.note_webhook(uuid, text, integer, text),
  public.note_delivery(uuid, uuid, integer, text, integer, text)
to service_role;
grant execute on function public.describe_webhook(uuid) to authenticated;
