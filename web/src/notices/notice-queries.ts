// The person's own notices in a team: read by PostgREST under row level security, marked as read once they were seen.
import { queryOptions } from '@tanstack/react-query'
import type { ExecutionStatus } from '@shared/execution.ts'
import type { Notice as Row } from '@shared/notice.ts'
import type { Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'

export type Notice = Pick<Row, 'id' | 'kind' | 'execution_id' | 'created_at' | 'read_at'>

/** Older ones are in the activity. */
export const mostNotices = 30
/** How often a page that is seen looks for new ones. */
export const lookAgain = 20_000

export function noticesQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'notices'],
    queryFn: () =>
      rows<Notice[]>(
        supabase().from('notifications').select('id, kind, execution_id, created_at, read_at')
          .eq('team_id', team_id)
          .order('created_at', { ascending: false }).order('id').limit(mostNotices),
      ),
    staleTime: 5_000,
    // Whoever comes back to the page looks at once.
    refetchOnWindowFocus: 'always',
    refetchInterval: lookAgain,
  })
}

export type NoticedCall = {
  id: string
  status: ExecutionStatus
  error_code: string | null
  user_id: string | null
  mcp_tools: { tool_name: string; title: string | null } | null
  mcp_servers: { name: string } | null
  profiles: Person | null
}

/** The calls that notices tell of, by id. One that the person may no longer see is missing. */
export async function readCalls(
  team_id: string,
  notices: Notice[],
): Promise<Map<string, NoticedCall>> {
  const ids = [...new Set(notices.map(({ execution_id }) => execution_id))]
  if (ids.length === 0) return new Map()
  const found = await rows<NoticedCall[]>(
    supabase().from('mcp_tool_executions').select(
      'id, status, error_code, user_id, mcp_tools(tool_name, title), mcp_servers(name), profiles(email, full_name)',
    )
      .eq('team_id', team_id).in('id', ids),
  )
  return new Map(found.map((call) => [call.id, call]))
}

export function noticedCallsQuery(team_id: string, notices: Notice[]) {
  const told = notices.map(({ id, created_at }) => `${id} ${created_at}`)
  return queryOptions({
    queryKey: ['team', team_id, 'notices', 'calls', told],
    queryFn: () => readCalls(team_id, notices),
    // What a call waited for may be settled since.
    staleTime: 0,
  })
}

export async function markRead(team_id: string, ids: string[]): Promise<void> {
  await rows(
    supabase().from('notifications').update({ read_at: new Date().toISOString() })
      .eq('team_id', team_id).in('id', ids).is('read_at', null),
  )
}
