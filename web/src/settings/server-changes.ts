// Changes of a server through the edge function, each followed by fresh reads of what it touched.
import { useCallback } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Account, SignInNeeded } from '@shared/execution.ts'
import type { InputOf, ResponseOf } from '@shared/operations.ts'
import type { Credential, OAuthClient } from '@shared/server.ts'
import { call } from '@/lib/call.ts'
import { count } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ServerRow } from './queries.ts'
import { useConnect } from './use-connect.ts'

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

export type Synced = Exclude<ResponseOf<'sync_tools'>, SignInNeeded>

/** Says by a notice what the sync found; a failed one changes nothing and says so. */
export function useSyncTools(server: Named) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  const { connect } = useConnect({
    server_id: server.id,
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  return useMutation({
    mutationFn: () => call('sync_tools', { team_id, server_id: server.id }),
    onSuccess: (synced) => {
      if ('status' in synced) {
        toast({
          tone: 'warn',
          text: `${server.name} wants a sign-in first.`,
          action: { label: 'Sign in', run: connect },
        })
      } else toast({ tone: 'ok', text: `${server.name}: ${syncWords(synced)}` })
    },
    onError: (error) =>
      toast({ tone: 'bad', text: `${server.name} could not be synced. ${error.message}` }),
    onSettled: refresh,
  })
}

type Counted = Pick<Synced, 'tools_synced' | 'added' | 'changed' | 'removed'>

export function syncWords({ tools_synced, added, changed, removed }: Counted): string {
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

type SetCredential = { credential: Credential | null; account: Account }

export function useSetCredential(server: Named) {
  const { team_id } = useTeam()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (set: SetCredential) =>
      call('set_credential', { team_id, server_id: server.id, ...set }),
    onSuccess: refresh,
    // The secret must not outlive its use in the mutation cache.
    gcTime: 0,
  })
}

export function useSetClient(server: Named) {
  const { team_id } = useTeam()
  return useMutation({
    mutationFn: (oauth_client: OAuthClient | null) =>
      call('set_oauth_client', { team_id, server_id: server.id, oauth_client }),
    gcTime: 0,
  })
}
