// Who can change what a member cannot: the admins of the team, its owner first.
import { queryOptions } from '@tanstack/react-query'
import type { Role } from '@shared/team.ts'
import { nameOf, type Person } from './person-name.ts'
import { rows } from './read.ts'
import { supabase } from './supabase.ts'

export type Admin = { id: string; name: string; email: string | null }
type Row = {
  user_id: string
  role: Role
  profiles: Person | null
}

export function adminsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'members', 'admins'],
    queryFn: async (): Promise<Admin[]> => {
      const found = await rows<Row[]>(
        supabase().from('team_members').select('user_id, role, profiles(email, full_name)')
          .eq('team_id', team_id).in('role', ['owner', 'admin']),
      )
      return found
        .toSorted((a, b) => Number(b.role === 'owner') - Number(a.role === 'owner'))
        .map(({ user_id: id, profiles }) => ({
          id,
          name: nameOf(profiles, 'An admin'),
          email: profiles?.email ?? null,
        }))
    },
    staleTime: 5 * 60_000,
  })
}
