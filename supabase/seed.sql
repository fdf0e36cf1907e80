-- The demo: two teams and a person in every role. Run by the stack after it has signed these people up,
-- and by `supabase db reset`, where it fills in those who have signed up. Safe to run again: it never
-- changes what is there.

insert into public.teams (id, name) values
  ('0a000000-0000-4000-8000-00000000ac3e', 'Acme'),
  ('0a000000-0000-4000-8000-0000000910be', 'Globex')
on conflict (id) do nothing;

insert into public.team_members (team_id, user_id, role)
select persona.team_id::uuid, profiles.id, persona.role
from (values
  ('0a000000-0000-4000-8000-00000000ac3e', 'owner@acme.test', 'owner'),
  ('0a000000-0000-4000-8000-00000000ac3e', 'admin@acme.test', 'admin'),
  ('0a000000-0000-4000-8000-00000000ac3e', 'member@acme.test', 'member'),
  ('0a000000-0000-4000-8000-00000000ac3e', 'analyst@acme.test', 'analyst'),
  ('0a000000-0000-4000-8000-0000000910be', 'owner@globex.test', 'owner')
) as persona (team_id, email, role)
join public.profiles on profiles.email = persona.email
on conflict (team_id, user_id) do nothing;
