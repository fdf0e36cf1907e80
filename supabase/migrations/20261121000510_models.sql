-- Models: which language model answers a team, when it is not the operator's, and how that came about.
--
-- Never true: a client role reads a key or whether what is sealed changed; a key goes to another provider or
-- address than it was given for; a setting changes without its entry; an entry changes.

create table public.team_models (
  team_id uuid primary key references public.teams (id) on delete cascade,
  provider text not null,
  base_url text,
  name text not null,
  takes_images boolean not null default false,
  encrypted_value text,
  key_version integer,
  key_set_at timestamptz,
  changed_by uuid references public.profiles (id) on delete set null,
  updated_at timestamptz not null default now(),
  constraint model_provider_is_known check (provider in ('openai_compatible', 'anthropic')),
  constraint model_has_an_address check (base_url is not null or provider = 'anthropic'),
  constraint model_address_is_short check (char_length(base_url) between 1 and 2048),
  constraint model_name_is_short check (char_length(name) between 1 and 200),
  constraint model_key_is_whole check (num_nonnulls(encrypted_value, key_version, key_set_at) in (0, 3))
);
comment on table public.team_models is 'The model a team set for itself, and its key (sealed by the edge function). No row: what the operator set answers.';
comment on column public.team_models.base_url is 'Where it is asked; null is the provider''s own address. The key''s seal is bound to it.';
comment on column public.team_models.key_set_at is 'When the key was given; resealing is no giving. Null: there is none.';
create index team_models_changed_by on public.team_models (changed_by);

create table public.team_model_changes (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null references public.teams (id) on delete cascade,
  changed_by uuid references public.profiles (id) on delete set null,
  before jsonb,
  after jsonb,
  key_changed boolean not null,
  changed_at timestamptz not null default clock_timestamp()
);
comment on table public.team_model_changes is 'One entry for every change of a team''s model: what it was and became, without its key. Null is none of its own.';
comment on column public.team_model_changes.key_changed is 'A key was given, or the one there was is gone.';
create index team_model_changes_team on public.team_model_changes (team_id, changed_at desc);
create index team_model_changes_changed_by on public.team_model_changes (changed_by);

create function private.model_in_words(model public.team_models) returns jsonb
language sql immutable set search_path = '' as $$
  select case when model.team_id is null then null else jsonb_build_object(
    'provider', model.provider, 'base_url', model.base_url, 'name', model.name,
    'takes_images', model.takes_images, 'has_key', model.key_set_at is not null
  ) end
$$;
comment on function private.model_in_words(public.team_models) is 'A setting as an entry keeps it: without its key.';

create function private.record_model_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_team_id uuid := coalesce(new.team_id, old.team_id);
begin
  -- A team that goes takes its entries with it.
  if not exists (select from public.teams t where t.id = v_team_id) then
    return null;
  end if;
  insert into public.team_model_changes (team_id, changed_by, before, after, key_changed)
  values (
    v_team_id, (select p.id from public.profiles p where p.id = coalesce(new.changed_by, old.changed_by)),
    private.model_in_words(old), private.model_in_words(new), old.key_set_at is distinct from new.key_set_at
  );
  return null;
end;
$$;
comment on function private.record_model_change() is 'Writes the entry, whichever way the setting was changed.';
create trigger record_model_change after insert or delete on public.team_models
  for each row execute function private.record_model_change();
create trigger record_model_update after update on public.team_models
  for each row when (
    (old.provider, old.base_url, old.name, old.takes_images, old.key_set_at)
      is distinct from (new.provider, new.base_url, new.name, new.takes_images, new.key_set_at)
  ) execute function private.record_model_change();

alter table public.team_models enable row level security;
alter table public.team_model_changes enable row level security;
create policy "People see which model their team set" on public.team_models
  for select to authenticated using (team_id in (select private.my_team_ids()));
create policy "Admins see how their team's model came about" on public.team_model_changes
  for select to authenticated using (team_id in (select private.my_administered_team_ids()));
-- NOTE: by column: address and key are for the edge function, which shows the address to admins. No client writes here.
grant select (team_id, provider, name, takes_images, updated_at) on public.team_models to authenticated;
grant select on public.team_model_changes to authenticated;
grant select, insert, update, delete on public.team_models to service_role;
grant select, insert on public.team_model_changes to service_role;

create function public.keep_team_model(p_team_id uuid, p_user_id uuid, p_model jsonb, p_sealed jsonb, p_keeps_key boolean)
returns void
language sql set search_path = '' as $$
  insert into public.team_models as kept
    (team_id, provider, base_url, name, takes_images, encrypted_value, key_version, key_set_at, changed_by)
  values (
    p_team_id, p_model ->> 'provider', p_model ->> 'base_url', p_model ->> 'name', (p_model ->> 'takes_images')::boolean,
    p_sealed ->> 'encrypted_value', (p_sealed ->> 'key_version')::integer,
    case when p_sealed is not null then clock_timestamp() end, p_user_id
  )
  on conflict (team_id) do update set
    provider = excluded.provider, base_url = excluded.base_url, name = excluded.name,
    takes_images = excluded.takes_images, changed_by = excluded.changed_by, updated_at = clock_timestamp(),
    -- A key is for the host it was given for, and for no other.
    (encrypted_value, key_version, key_set_at) = (
      select
        case when stays then kept.encrypted_value else excluded.encrypted_value end,
        case when stays then kept.key_version else excluded.key_version end,
        case when stays then kept.key_set_at else excluded.key_set_at end
      from (
        select p_keeps_key and (kept.provider, kept.base_url) is not distinct from (excluded.provider, excluded.base_url) as stays
      ) as judged
    )
$$;
comment on function public.keep_team_model(uuid, uuid, jsonb, jsonb, boolean) is
  'Sets a team''s model. With p_keeps_key the key there is stays, if provider and address do; else it is the sealed one given, or none.';

create function public.drop_team_model(p_team_id uuid, p_user_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  -- Whoever drops it is who changed it last: the entry says so.
  update public.team_models set changed_by = p_user_id where team_id = p_team_id;
  delete from public.team_models where team_id = p_team_id;
end;
$$;
comment on function public.drop_team_model(uuid, uuid) is 'Goes back to what the operator set.';

revoke execute on function
  private.model_in_words(public.team_models), private.record_model_change(),
  public.keep_team_model(uuid, uuid, jsonb, jsonb, boolean), public.drop_team_model(uuid, uuid)
from public, anon, authenticated;
grant execute on function
  private.model_in_words(public.team_models),
  public.keep_team_model(uuid, uuid, jsonb, jsonb, boolean), public.drop_team_model(uuid, uuid)
to service_role;
