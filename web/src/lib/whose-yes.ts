// On whose yes a call ran, in words, and where that is kept.
import { queryOptions } from '@tanstack/react-query'
import type { Execution } from '@shared/execution.ts'
import { copied } from './copies.ts'
import { nameOf, type Person } from './person-name.ts'
import { rows } from './read.ts'
import { supabase } from './supabase.ts'

/** The one answer to an approval, where there was one. */
export type Decided = {
  decided_by: string | null
  decided_at: string | null
  edited: boolean
  /** Where: from a notification nothing can be changed. */
  via: 'app' | 'notification'
  /** Who that is; null where they have left. */
  profiles?: Person | null
}

/** How it was answered whether this call may run; null where nobody was asked. Never changes once it is. */
export function decidedQuery(team_id: string, execution_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'execution', execution_id, 'decided'],
    meta: copied,
    queryFn: async () => {
      const found = await rows<Decided[]>(
        supabase().from('mcp_approvals')
          .select('decided_by, decided_at, edited, via, profiles!decided_by(email, full_name)')
          .eq('team_id', team_id).eq('execution_id', execution_id),
      )
      return found[0] ?? null
    },
  })
}

type Yes = Pick<Execution, 'approval' | 'user_id'>

/** Whose yes it ran on; null where the policy needed none. `name`: whose call it is. */
export function whoseYes(
  { approval, user_id }: Yes,
  { decided, reader, name }: { decided: Decided | null; reader: string; name: string },
): string | null {
  if (approval === null) return null
  const own = user_id === reader ? 'You' : name
  if (approval === 'always') {
    return user_id === reader ? 'You always approve it' : `${name} always approves it`
  }
  // A call that its person made themselves, or answered themselves.
  const byItsOwn = decided === null || decided.decided_by === user_id
  const who = byItsOwn ? own : decided.decided_by === reader ? 'You' : adminOf(decided)
  const how = decided?.edited
    ? ', with changed arguments'
    : decided?.via === 'notification'
    ? ', from a notification'
    : ''
  return `${who} approved it${how}`
}

function adminOf({ profiles }: Decided): string {
  const name = nameOf(profiles, '')
  return name ? `${name}, an admin,` : 'An admin'
}
