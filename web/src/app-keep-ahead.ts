// Before the lift: what a person is likely to want without a network is read while there is one, when nothing
// else is going on: their newest chats, and what was run lately. `copies.ts` keeps it.
import { useEffect } from 'react'
import type { QueryClient } from '@tanstack/react-query'
import { isOnline, useOnline } from './lib/reach.ts'
import { queryClient } from './lib/query-client.ts'
import type { Role } from '@shared/team.ts'
import { useSession } from './session/session.tsx'
import { useTeam } from './session/team.tsx'

/** The first screen, and whoever came for one quick thing, go first. */
const afterMs = 5_000
export const mostChats = 20

type Device = Navigator & { connection?: { saveData?: boolean } }

type Reader = { team_id: string; role: Role; user_id: string }

export function useKeepAhead(): void {
  const online = useOnline()
  const { team_id, role } = useTeam()
  const { id: user_id } = useSession()
  useEffect(() => {
    if (!online || (navigator as Device).connection?.saveData) return
    let wanted = true
    const timer = setTimeout(
      () => void keepAhead({ team_id, role, user_id }, () => wanted),
      afterMs,
    )
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [team_id, role, user_id, online])
}

async function keepAhead(reader: Reader, wanted: () => boolean): Promise<void> {
  const { team_id } = reader
  const [chat, { forgetGoneChats }, { chatsQuery }, activity, filters, copies] = await Promise.all([
    import('./chat/queries.ts'),
    import('./chat/gone-chats.ts'),
    import('./chat/chats.ts'),
    import('./activity/queries.ts'),
    import('./activity/filters.ts'),
    import('./lib/copies.ts'),
  ])
  const reads: ((client: QueryClient) => Promise<unknown>)[] = [
    (client) => client.prefetchQuery(chat.toolsQuery(team_id)),
    (client) => client.prefetchQuery(activity.memberChoicesQuery(team_id)),
    (client) =>
      client.prefetchInfiniteQuery(
        activity.executionsQuery(team_id, filters.lookedAt(filters.noFilters, reader)),
      ),
  ]
  await forgetGoneChats(team_id).catch(() => {})
  const chats = await queryClient.ensureQueryData(chatsQuery(team_id, 'all')).catch(() => [])
  for (const { id, updated_at } of chats.slice(0, mostChats)) {
    const messages = chat.messagesQuery(team_id, id)
    reads.push(async (client) => {
      const at = await copies.copiedAt(messages.queryKey)
      if (at === null || at < Date.parse(updated_at)) await client.prefetchQuery(messages)
    })
  }
  for (const read of reads) {
    await idle()
    if (!wanted() || !isOnline()) return
    await read(queryClient)
  }
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: 2_000 })
    } else setTimeout(resolve, 200)
  })
}
