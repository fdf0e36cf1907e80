// The calls that wait for the signed-in person, newest first. They may begin anywhere, so they are looked for.
import { useQuery } from '@tanstack/react-query'
import { waitsForMe } from '@/lib/followed.ts'
import { administers } from '@/lib/roles.ts'
import { type Wait, waitsQuery } from '@/lib/waits.ts'
import { useSession } from './session.tsx'
import { useTeam } from './team.tsx'

const none: Wait[] = []

export function useWaitsForMe(lookEveryMs: number): Wait[] {
  const { id: user_id } = useSession()
  const { team_id, role } = useTeam()
  const admin = administers(role)
  const { data = none } = useQuery({
    ...waitsQuery({ team_id, user_id, everyones: admin }),
    refetchInterval: lookEveryMs,
  })
  return data.filter((wait) => waitsForMe(wait, { user_id, admin }))
}
