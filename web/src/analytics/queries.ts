// The five questions of the dashboard, asked of the database under row level security: members get answers about themselves.
import { queryOptions } from '@tanstack/react-query'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import type { NamedTool } from '@/lib/tool-title.ts'
import type { Range } from './range.ts'

export type ToolUsage = NamedTool & {
  server_id: string
  tool_id: string
  server_name: string
  description: string | null
  execution_count: number
  success_count: number
  error_count: number
  avg_duration_ms: number
  success_rate: number
}
export type MemberUsage = {
  user_id: string
  email: string | null
  full_name: string | null
  execution_count: number
  success_count: number
  error_count: number
  unique_tools: number
  avg_duration_ms: number
}
export type DayUsage = {
  date: string
  total_executions: number
  successful: number
  failed: number
  timeouts: number
  avg_duration_ms: number
}
export type MemberActivity = {
  user_id: string
  email: string | null
  full_name: string | null
  executions: number
  unique_tools: number
  last_execution: string
}
export type ErrorGroup = {
  tool_name: string
  server_name: string
  error_message: string | null
  occurrence_count: number
  last_occurrence: string
}

type Answers = {
  usage_members: MemberUsage
  usage_daily: DayUsage
  usage_activity: MemberActivity
  usage_errors: ErrorGroup
}

export function usageQuery<Name extends keyof Answers>(
  name: Name,
  { team_id, range }: { team_id: string; range: Range },
) {
  return queryOptions({
    queryKey: ['team', team_id, 'usage', name, range.from, range.to],
    queryFn: () =>
      rows<Answers[Name][]>(
        supabase().rpc(name, { p_team_id: team_id, p_from: range.from, p_to: range.to }),
      ),
    staleTime: 60_000,
  })
}

/** Tools with their titles, which the counts do not carry. */
export function toolUsageQuery({ team_id, range }: { team_id: string; range: Range }) {
  return queryOptions({
    queryKey: ['team', team_id, 'usage', 'usage_tools', range.from, range.to],
    queryFn: async (): Promise<ToolUsage[]> => {
      const counts = await rows<Omit<ToolUsage, 'title'>[]>(
        supabase().rpc('usage_tools', { p_team_id: team_id, p_from: range.from, p_to: range.to }),
      )
      const titles = await titlesOf(team_id, counts.map(({ tool_id }) => tool_id))
      return counts.map((one) => ({ ...one, title: titles.get(one.tool_id) ?? null }))
    },
    staleTime: 60_000,
  })
}

/** As many ids as an address may safely carry. */
const idsAtOnce = 100

async function titlesOf(team_id: string, ids: string[]): Promise<Map<string, string | null>> {
  const parts: string[][] = []
  for (let at = 0; at < ids.length; at += idsAtOnce) parts.push(ids.slice(at, at + idsAtOnce))
  const found = await Promise.all(parts.map((part) =>
    rows<{ id: string; title: string | null }[]>(
      supabase().from('mcp_tools').select('id, title').eq('team_id', team_id).in('id', part),
    )
  ))
  return new Map(found.flat().map(({ id, title }) => [id, title]))
}
