// What waits for somebody, as far as this person may see it. Which of it waits for them is `waitsForMe`.
import { queryOptions } from '@tanstack/react-query'
import type { ExecutionStatus } from '@shared/execution.ts'
import type { Asked } from './followed.ts'
import type { Person } from './person-name.ts'
import { rows } from './read.ts'
import { supabase } from './supabase.ts'
import type { NamedTool } from './tool-title.ts'

export type Wait = {
  id: string
  status: ExecutionStatus
  user_id: string | null
  asked: Asked | null
  executed_at: string
  mcp_tools: NamedTool | null
  mcp_servers: { name: string } | null
  profiles: Person | null
}

export const waitingStatuses: ExecutionStatus[] = [
  'awaiting_approval',
  'awaiting_input',
  'awaiting_auth',
]
const mostWaits = 100
const columns =
  'id, status, user_id, asked, executed_at, mcp_tools(tool_name, title), mcp_servers(name), profiles(email, full_name)'

/** `everyones`: an admin may have to answer for others too. Newest first. */
export function waitsQuery(
  { team_id, user_id, everyones }: { team_id: string; user_id: string; everyones: boolean },
) {
  return queryOptions({
    queryKey: ['team', team_id, 'waits', everyones],
    queryFn: () => {
      let query = supabase().from('mcp_tool_executions').select(columns)
        .eq('team_id', team_id).is('completed_at', null).in('status', waitingStatuses)
      if (!everyones) query = query.eq('user_id', user_id)
      return rows<Wait[]>(query.order('executed_at', { ascending: false }).limit(mostWaits))
    },
    staleTime: 5_000,
  })
}
