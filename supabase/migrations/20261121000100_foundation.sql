-- Ground rules every later migration stands on.
--
-- Nothing is reachable unless a migration grants it: default privileges are taken away here, so a
-- forgotten grant is a visible failure and a forgotten revoke cannot be a leak. Definer functions live
-- in `private`, which the Data API does not expose.

create schema if not exists private;
revoke all on schema private from public, anon, authenticated;
grant usage on schema private to authenticated, service_role;

alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke execute on functions from public, anon, authenticated;
alter default privileges in schema private revoke execute on functions from public, anon, authenticated;

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
comment on function private.touch_updated_at() is 'Keeps updated_at true on every update.';
revoke execute on function private.touch_updated_at() from public;
