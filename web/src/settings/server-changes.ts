// Changes of a server through the edge function, each followed by fresh reads of what it touched.
import { useCallback } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { InputOf } from '@shared/operations.ts'
import type { Credential } from '@shared/server.ts'
import { call } from '@/lib/call.ts'
import { count } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'

type Named = Pick<ServerRow, 'id' | 'name'>

/** Reads servers and tools anew, here and in the chat. */
export function useRefresh(): () => Promise<void> {
  const { team_id } = useTeam()
  const client = useQueryClient()
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['team', team_id, 'servers'] }),
      client.invalidateQueries({ queryKey: ['team', team_id, 'tools'] }),
    ])
  }, [client, team_id])
}

/** Says by a notice what the sync found; a failed one changes nothing and says so. */
export function useSyncTools(server: Named) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () => call('sync_tools', { team_id, server_id: server.id }),
    onSuccess: (synced) => toast({ tone: 'ok', text: `${server.name}: ${syncWords(synced)}` }),
    onError: (error) =>
      toast({ tone: 'bad', text: `${server.name} could not be synced. ${error.message}` }),
    onSettled: refresh,
  })
}

type Synced = { tools_synced: number; added: string[]; changed: string[]; removed: string[] }

export function syncWords({ tools_synced, added, changed, removed }: Synced): string {
  const differences = [
    added.length > 0 && `${added.length} new`,
    changed.length > 0 && `${changed.length} changed`,
    removed.length > 0 && `${removed.length} gone`,
  ].filter(Boolean)
  const found = `${count(tools_synced, 'tool')} found`
  return differences.length > 0 ? `${found}, ${differences.join(', ')}.` : `${found}, nothing new.`
}

/** `onRemoved` comes before the fresh reads: with them, whatever asked is gone from the screen. */
export function useRemoveServer(server: Named, onRemoved: () => void) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () => call('remove_server', { team_id, server_id: server.id }),
    onSuccess: () => {
      onRemoved()
      toast({ tone: 'ok', text: `${server.name} is removed.` })
      return refresh()
    },
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
}

type Changes = Omit<InputOf<'update_server'>, 'team_id' | 'server_id'>

export function useUpdateServer(server: Named) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (changes: Changes) =>
      call('update_server', { team_id, server_id: server.id, ...changes }),
    onSuccess: refresh,
  })
}

export function useSetCredential(server: Named) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (credential: Credential | null) =>
      call('set_credential', { team_id, server_id: server.id, credential }),
    onSuccess: refresh,
    // The secret must not outlive its use in the mutation cache.
    gcTime: 0,
  })
}
