// What the settings know of devices: the person's own, from the function, and how this one stands with its browser.
import { queryOptions } from '@tanstack/react-query'
import { call } from '@/lib/call.ts'
import { pushState } from '@/lib/push.ts'

export const pushQuery = (team_id: string) =>
  queryOptions({
    queryKey: ['team', team_id, 'push'],
    queryFn: () => call('get_push', { team_id }),
  })

/** Looked at again when the person comes back: they may have been in the browser's own settings. */
export const pushStateQuery = queryOptions({
  queryKey: ['push-state'],
  queryFn: pushState,
  staleTime: 0,
  refetchOnWindowFocus: 'always',
})
