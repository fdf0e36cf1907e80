-- Devices: where a person wants to be told while the app is closed (Web Push, RFC 8030 and RFC 8291).
--
-- Never true: a client role reads where a device is reached or what encrypts for it; one device tells two
-- people; somebody takes over a device by its address alone.

create table public.devices (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  label text not null,
  created_at timestamptz not null default now(),
  reached_at timestamptz,
  failures integer not null default 0,
  constraint one_device_per_endpoint unique (endpoint),
  constraint devices_person_key unique (user_id, id),
  constraint endpoint_is_short check (octet_length(endpoint) between 1 and 2048),
  constraint device_keys_are_short check (char_length(p256dh) <= 200 and char_length(auth) <= 200),
  constraint device_label_is_short check (char_length(label) between 1 and 80)
);
comment on table public.devices is 'A browser that its person wants to be told on. Its person’s alone, in all their teams.';
comment on column public.devices.endpoint is 'Where its push service takes messages for it. Whoever knows it may send there, so no client reads it.';
comment on column public.devices.auth is 'Known to the browser and to us only: it proves that an address is the browser’s own.';
comment on column public.devices.reached_at is 'When its push service last took a message.';
comment on column public.devices.failures is 'Messages given up since it was reached. After ten it is forgotten.';

alter table public.devices enable row level security;
create policy "People see their own devices" on public.devices
  for select to authenticated using (user_id = (select auth.uid()));
-- NOTE: by column: the rest is for the edge function alone. No client writes here.
grant select (id, user_id, label, created_at, reached_at) on public.devices to authenticated;
grant select, insert, update, delete on public.devices to service_role;

create function public.add_device(
  p_user_id uuid, p_endpoint text, p_p256dh text, p_auth text, p_label text
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_known public.devices;
  v_id uuid;
begin
  -- One at a time for one person, so that the bound below holds.
  perform 1 from public.profiles where id = p_user_id for no key update;
  select * into v_known from public.devices where endpoint = p_endpoint for update;
  if v_known.id is not null and (v_known.p256dh, v_known.auth) is distinct from (p_p256dh, p_auth) then
    return jsonb_build_object('refused', 'not_its_own');
  end if;
  if v_known.user_id = p_user_id then
    update public.devices set label = p_label, failures = 0 where id = v_known.id;
    v_id := v_known.id;
  else
    -- Another person at the same browser: a new device, and what was meant for the other one is gone.
    delete from public.devices where id = v_known.id;
    insert into public.devices (user_id, endpoint, p256dh, auth, label)
    values (p_user_id, p_endpoint, p_p256dh, p_auth, p_label) returning id into v_id;
    delete from public.devices where id in (
      select d.id from public.devices d where d.user_id = p_user_id and d.id <> v_id
      order by coalesce(d.reached_at, d.created_at) desc, d.id offset 19
    );
  end if;
  return (
    select jsonb_build_object('id', d.id, 'label', d.label, 'created_at', d.created_at, 'reached_at', d.reached_at)
    from public.devices d where d.id = v_id
  );
end;
$$;
comment on function public.add_device(uuid, text, text, text, text) is
  'Adds a device of a person, or finds it; the one that was silent longest makes room for the twenty-first. A browser that another person used becomes theirs; `refused` when its keys are not those that are known.';

create function public.move_device(
  p_endpoint text, p_auth text, p_to_endpoint text, p_to_p256dh text, p_to_auth text
) returns boolean
language sql set search_path = '' as $$
  with moved as (
    update public.devices d
    set endpoint = p_to_endpoint, p256dh = p_to_p256dh, auth = p_to_auth, failures = 0
    -- Hashed first: how long comparing takes says nothing about the secret itself.
    where d.endpoint = p_endpoint
      and sha256(convert_to(d.auth, 'UTF8')) = sha256(convert_to(p_auth, 'UTF8'))
      and not exists (select from public.devices other where other.endpoint = p_to_endpoint and other.id <> d.id)
    returning 1
  )
  select exists (select from moved)
$$;
comment on function public.move_device(text, text, text, text, text) is
  'A browser was given another subscription: whoever shows the old one, secret and all, is that browser. False for anyone else.';

revoke execute on function
  public.add_device(uuid, text, text, text, text), public.move_device(text, text, text, text, text)
from public, anon, authenticated;
grant execute on function
  public.add_device(uuid, text, text, text, text), public.move_device(text, text, text, text, text)
to service_role;
