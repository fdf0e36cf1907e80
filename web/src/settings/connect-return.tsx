// Coming back from a sign-in at a server: says what came of it, reads anew, and keeps the tools of a server that had none.
import { useEffect, useRef } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { call } from '@/lib/call.ts'
import { administers } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { toast } from '@/ui/toast.tsx'
import { connectErrorWords } from './connect-words.ts'
import { serversQuery } from './queries.ts'
import { toolCountsQuery } from './tool-queries.ts'
import { syncWords } from './server-changes.ts'

type Props = { connected?: string; error?: string }

export function ConnectReturn({ connected, error }: Props) {
  const navigate = useNavigate()
  const finish = useFinish()
  const told = useRef(false)
  useEffect(() => {
    // Once, however often this is mounted: the address is cleaned a moment later.
    if (told.current) return
    told.current = true
    void navigate({ to: '.', search: withoutReturn, replace: true })
    if (error !== undefined) toast({ tone: 'bad', text: connectErrorWords(error) })
    else if (connected !== undefined) void finish(connected)
  }, [navigate, finish, connected, error])
  return null
}

function withoutReturn(search: Record<string, unknown>): Record<string, unknown> {
  const { connected: _, connect_error: __, ...rest } = search
  return rest
}

function useFinish() {
  const { team_id, role } = useTeam()
  const client = useQueryClient()
  return async (server_id: string) => {
    // A sign-in may have let waiting calls go on: more than servers and tools has changed.
    const refresh = () => client.invalidateQueries({ queryKey: ['team', team_id] })
    try {
      await refresh()
      const servers = await client.fetchQuery(serversQuery(team_id))
      const server = servers.find(({ id }) => id === server_id)
      toast({ tone: 'ok', text: server ? `You are signed in at ${server.name}.` : 'Signed in.' })
      const counts = await client.fetchQuery(toolCountsQuery(team_id))
      const bare = server && (counts.get(server_id)?.all ?? 0) === 0
      if (!bare || !administers(role)) return
      const synced = await call('sync_tools', { team_id, server_id })
      if (!('status' in synced)) toast({ tone: 'ok', text: `${server.name}: ${syncWords(synced)}` })
    } catch (error) {
      const message = error instanceof Error ? error.message : 'Something went wrong on our side.'
      toast({ tone: 'bad', text: message })
    } finally {
      await refresh()
    }
  }
}
