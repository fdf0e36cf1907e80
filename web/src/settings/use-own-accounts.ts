// The servers where the person has, or needs, an account of their own: what is missing first.
import { useQuery } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { accountsUsed } from './account-state.ts'
import { type MyAccount, myAccountsQuery, type ServerRow, serversQuery } from './queries.ts'
import { toolCountsQuery } from './tool-queries.ts'

export type OwnAccount = {
  server: ServerRow
  mine: MyAccount | null
  /** Some tool uses it. One that nothing uses any more is still theirs to remove. */
  needed: boolean
}

type Read =
  | { status: 'pending' }
  | { status: 'error'; error: Error; retry: () => void }
  | { status: 'read'; list: OwnAccount[] }

export function useOwnAccounts(): Read {
  const { team_id } = useTeam()
  const servers = useQuery(serversQuery(team_id))
  const counts = useQuery(toolCountsQuery(team_id))
  const mine = useQuery(myAccountsQuery(team_id))
  const queries = [servers, counts, mine]
  const failed = queries.find(({ isError, data }) => isError && data === undefined)
  if (failed) {
    const retry = () => queries.forEach((query) => query.isError && void query.refetch())
    return { status: 'error', error: failed.error!, retry }
  }
  if (!servers.data || !counts.data || !mine.data) return { status: 'pending' }
  const list = servers.data.flatMap((server): OwnAccount[] => {
    const needed = server.is_active &&
      accountsUsed(server, counts.data.get(server.id) ?? null).includes('person')
    const held = mine.data.get(server.id) ?? null
    return needed || held ? [{ server, mine: held, needed }] : []
  })
  const missing = ({ needed, mine }: OwnAccount) => Number(needed && mine === null)
  return { status: 'read', list: list.sort((a, b) => missing(b) - missing(a)) }
}
