// Rules that hold for the whole schema, each a query that lists what breaks it and a piece of bad SQL
// that it must report: a check that cannot bite proves nothing.

export type Invariant = { rule: string; broken: string; bad: string; reports: string }

const ours = `('public'::regnamespace, 'private'::regnamespace)`
const args = 'pg_get_function_identity_arguments(p.oid)'

export const invariants: Invariant[] = [
  {
    rule: 'every table in public has row level security',
    broken: `select relname as what from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
    bad: 'create table public.bad (id int)',
    reports: 'bad',
  },
  {
    rule: 'every policy is for authenticated and nobody else',
    broken: `select tablename || ': ' || policyname as what from pg_policies
      where schemaname in ('public', 'private') and roles <> '{authenticated}'`,
    bad: 'create policy bad on public.teams for select using (true)',
    reports: 'teams: bad',
  },
  {
    rule: 'every policy is permissive, so that one more can be read on its own',
    broken: `select tablename || ': ' || policyname as what from pg_policies
      where schemaname = 'public' and permissive <> 'PERMISSIVE'`,
    bad:
      'create policy bad on public.teams as restrictive for select to authenticated using (true)',
    reports: 'teams: bad',
  },
  {
    rule: 'every policy that lets write says what may be written',
    broken: `select tablename || ': ' || policyname as what from pg_policies
      where schemaname = 'public' and cmd in ('ALL', 'INSERT', 'UPDATE') and with_check is null`,
    bad:
      `create policy bad on public.teams for update to authenticated using (id in (select private.my_team_ids()))`,
    reports: 'teams: bad',
  },
  {
    rule: 'every policy asks who the caller is',
    broken: `select tablename || ': ' || policyname as what from pg_policies
      where schemaname = 'public'
        and (coalesce(qual, with_check) !~ 'auth\\.uid\\(\\)|private\\.my_'
          or coalesce(with_check, qual) !~ 'auth\\.uid\\(\\)|private\\.my_')`,
    bad:
      'create policy bad on public.teams for update to authenticated using (id in (select private.my_team_ids())) with check (true)',
    reports: 'teams: bad',
  },
  {
    rule: 'no policy believes the claims of a token',
    broken: `select tablename || ': ' || policyname as what from pg_policies
      where schemaname = 'public' and coalesce(qual, '') || coalesce(with_check, '') ~ 'jwt|metadata|claim'`,
    bad: `create policy bad on public.teams for select to authenticated
      using (id::text = auth.jwt() -> 'user_metadata' ->> 'team_id')`,
    reports: 'teams: bad',
  },
  {
    rule: 'anon and PUBLIC hold no privilege on any table, column or sequence',
    broken: `select c.relname || ' ' || privilege_type as what
      from pg_class c
      cross join lateral (
        select * from aclexplode(c.relacl)
        union all
        select acl.* from pg_attribute a cross join lateral aclexplode(a.attacl) acl
        where a.attrelid = c.oid and not a.attisdropped
      ) held
      where c.relnamespace in ${ours} and held.grantee in (0, 'anon'::regrole)`,
    bad: 'grant select (name) on public.teams to public',
    reports: 'teams SELECT',
  },
  {
    rule: 'anon and PUBLIC may not call any function',
    broken: `select p.proname || '(' || ${args} || ')' as what from pg_proc p
      where p.pronamespace in ${ours} and has_function_privilege('anon', p.oid, 'execute')`,
    bad: `create function public.bad() returns int language sql as 'select 1';
      grant execute on function public.bad() to public`,
    reports: 'bad()',
  },
  {
    rule: 'the schema private is closed to anon and PUBLIC',
    broken: `select 'private ' || privilege_type as what
      from pg_namespace n cross join lateral aclexplode(n.nspacl) held
      where n.nspname = 'private' and held.grantee in (0, 'anon'::regrole)`,
    bad: 'grant usage on schema private to anon',
    reports: 'private USAGE',
  },
  {
    rule: 'authenticated holds no truncate, references or trigger, and updates by column only',
    broken: `select c.relname || ' ' || privilege_type as what
      from pg_class c cross join lateral aclexplode(c.relacl) held
      where c.relnamespace in ${ours} and held.grantee = 'authenticated'::regrole
        and privilege_type not in ('SELECT', 'DELETE')`,
    bad: 'grant update on public.mcp_tools to authenticated',
    reports: 'mcp_tools UPDATE',
  },
  {
    rule: 'every foreign key has an index that its columns lead',
    broken: `select c.conrelid::regclass || ' ' || c.conname as what from pg_constraint c
      where c.contype = 'f' and c.connamespace in ${ours} and not exists (
        select from pg_index i
        where i.indrelid = c.conrelid and i.indisvalid
          and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
      )`,
    bad: 'create table public.bad (team_id uuid constraint bad_team references public.teams (id))',
    reports: 'bad bad_team',
  },
  {
    rule: 'every reference inside a team carries the team',
    broken: `select c.conrelid::regclass || ' ' || c.conname as what from pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace
        and exists (
          select from pg_attribute a
          where a.attrelid = c.confrelid and a.attname = 'team_id' and not a.attisdropped
        )
        and not exists (
          select from pg_attribute a
          where a.attrelid = c.conrelid and a.attname = 'team_id' and a.attnum = any (c.conkey)
        )`,
    bad:
      'create table public.bad (server_id uuid constraint bad_server references public.mcp_servers (id))',
    reports: 'bad bad_server',
  },
  {
    rule: 'every definer function lives in private',
    broken: `select n.nspname || '.' || p.proname as what from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname = 'public'`,
    bad:
      `create function public.bad() returns int language sql security definer set search_path = '' as 'select 1'`,
    reports: 'public.bad',
  },
  {
    rule: 'every function has an empty search_path',
    broken: `select p.proname::text as what from pg_proc p
      where p.pronamespace in ${ours} and not coalesce(p.proconfig @> '{"search_path=\\"\\""}', false)`,
    bad:
      `create function private.bad() returns int language sql security definer set search_path = public as 'select 1'`,
    reports: 'bad',
  },
  {
    rule: 'every view reads as its reader',
    broken: `select relname as what from pg_class
      where relnamespace in ${ours} and (relkind = 'm' or relkind = 'v'
        and not coalesce(reloptions && '{security_invoker=on,security_invoker=true}', false))`,
    bad: 'create view public.bad as select id from public.teams',
    reports: 'bad',
  },
  {
    rule: 'every table, view and function says what it is for',
    broken: `select c.relname as what from pg_class c
      where c.relnamespace in ${ours} and c.relkind in ('r', 'p', 'v', 'm')
        and obj_description(c.oid, 'pg_class') is null
      union all
      select p.proname || '(' || ${args} || ')' from pg_proc p
      where p.pronamespace in ${ours} and obj_description(p.oid, 'pg_proc') is null`,
    bad: `create function private.bad(a int) returns int language sql as 'select 1'`,
    reports: 'bad(a integer)',
  },
  {
    rule: 'every constraint was named by hand or follows from its columns',
    broken: `select conrelid::regclass || ' ' || conname as what from pg_constraint
      where connamespace = 'public'::regnamespace and contype = 'c' and conname ~ '_check\\d*$'`,
    bad: 'create table public.bad (n int check (n > 0))',
    reports: 'bad bad_n_check',
  },
]
