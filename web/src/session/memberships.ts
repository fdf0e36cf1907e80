// The person's teams: read, created, joined, and which one is active on this device.
import { queryOptions } from '@tanstack/react-query'
import type { Membership, Role } from '@shared/team.ts'
import { keepOnlyTeams } from '@/lib/copies.ts'
import { keep, kept, keptJson } from '@/lib/kept.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'

type MembershipRow = { team_id: string; role: Role; teams: { name: string } | null }

/** Joins whatever the person was invited to, then answers with all their teams, by name. */
export function membershipsQuery(user_id: string) {
  return queryOptions({
    queryKey: ['memberships', user_id],
    queryFn: async () => {
      await rows<unknown>(supabase().rpc('accept_invitations'))
      const memberships = await readMemberships(user_id)
      keep(`teams.${user_id}`, memberships)
      void keepOnlyTeams(memberships.map(({ team_id }) => team_id))
      return memberships
    },
    // Offline the app still opens: what it knew last, to be replaced as soon as there is a network.
    initialData: keptJson<Membership[]>(`teams.${user_id}`) ?? undefined,
    initialDataUpdatedAt: 0,
  })
}

async function readMemberships(user_id: string): Promise<Membership[]> {
  const found = await rows<MembershipRow[]>(
    supabase().from('team_members').select('team_id, role, teams(name)').eq('user_id', user_id),
  )
  return found
    .map(({ team_id, role, teams }) => ({ team_id, role, team_name: teams?.name ?? 'Team' }))
    .sort((a, b) => a.team_name.localeCompare(b.team_name) || a.team_id.localeCompare(b.team_id))
}

/** The caller becomes its owner. Answers with the team's id. */
export function createTeam(name: string): Promise<string> {
  return rows<string>(supabase().rpc('create_team', { p_name: name }))
}

export function activeTeam(user_id: string, memberships: Membership[]): Membership | null {
  const remembered = kept(`team.${user_id}`)
  return memberships.find(({ team_id }) => team_id === remembered) ?? memberships[0] ?? null
}

export function rememberTeam(user_id: string, team_id: string): void {
  keep(`team.${user_id}`, team_id)
}
