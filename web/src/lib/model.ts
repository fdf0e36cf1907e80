// Which model answers in a team’s chats: what the chat says of it, and what settings set.
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

export function modelQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'model'],
    queryFn: ({ signal }) => call('get_model', { team_id }, { signal }),
    staleTime: 5 * 60_000,
  })
}
