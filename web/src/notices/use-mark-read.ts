// Marks notices as read: at once on the screen, then where they are kept. The next look shows what became of it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { markRead, type Notice, noticesQuery } from './notice-queries.ts'

export function useMarkRead() {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const { queryKey } = noticesQuery(team_id)
  return useMutation({
    mutationFn: (notices: Notice[]) => markRead(team_id, notices.map(({ id }) => id)),
    onMutate: async (notices) => {
      await client.cancelQueries({ queryKey, exact: true })
      const ids = new Set(notices.map(({ id }) => id))
      const read_at = new Date().toISOString()
      client.setQueryData(
        queryKey,
        (all) => all?.map((one) => ids.has(one.id) ? { ...one, read_at } : one),
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey, exact: true }),
  })
}
