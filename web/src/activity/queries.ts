// What the activity log reads by PostgREST: always of one team, newest first, page by page.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Execution } from '@shared/execution.ts'
import type { JsonSchema, Policy } from '@shared/tool.ts'
import { copied } from '@/lib/copies.ts'
import { pauseAfter } from '@/lib/followed.ts'
import { flattened, lastOfFull, upTo } from '@/lib/keyset.ts'
import { nameOf, type Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { type NamedTool, toolTitle } from '@/lib/tool-title.ts'
import { type Filters, statusesOf } from './filters.ts'
import { isOpen } from './execution-words.ts'

export type ExecutionItem =
  & Pick<
    Execution,
    'id' | 'status' | 'origin' | 'duration_ms' | 'error_code' | 'user_id' | 'server_id' | 'tool_id'
  >
  & {
    executed_at: string
    mcp_tools: NamedTool | null
    mcp_servers: { name: string } | null
    profiles: Person | null
  }

export const pageLength = 50
const listColumns =
  'id, status, origin, duration_ms, error_code, user_id, server_id, tool_id, executed_at, mcp_tools(tool_name, title), mcp_servers(name), profiles(email, full_name)'

export function executionsQuery(team_id: string, filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ['team', team_id, 'executions', filters],
    meta: copied,
    queryFn: ({ pageParam }) => readPage(team_id, filters, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (_, pages) => lastOfFull(pages, pageLength)?.executed_at ?? null,
    select: ({ pages }) => flattened(pages),
    staleTime: 5_000,
    // Something is under way: look again soon.
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.some(({ status }) => isOpen(status)) ? 3_000 : false,
  })
}

function readPage(team_id: string, filters: Filters, end: string | null) {
  let query = supabase().from('mcp_tool_executions').select(listColumns).eq('team_id', team_id)
  if (filters.status) query = query.in('status', statusesOf[filters.status])
  if (filters.server) query = query.eq('server_id', filters.server)
  if (filters.tool) query = query.eq('tool_id', filters.tool)
  if (filters.member) query = query.eq('user_id', filters.member)
  if (filters.from) query = query.gte('executed_at', filters.from)
  if (filters.to) query = query.lt('executed_at', filters.to)
  if (end) query = query.lte('executed_at', upTo(end))
  return rows<ExecutionItem[]>(
    query.order('executed_at', { ascending: false }).order('id', { ascending: false })
      .limit(pageLength),
  )
}

export type ExecutionRow = ExecutionItem & Execution & {
  mcp_tools:
    | NamedTool & {
      input_schema: JsonSchema
      is_enabled: boolean
      policy: Policy
      removed_at: string | null
    }
    | null
  mcp_servers:
    | { name: string; is_active: boolean; removed_at: string | null; config: { url?: unknown } }
    | null
}

const rowColumns =
  'id, team_id, user_id, server_id, tool_id, origin, mode, approval, input_parameters, output_result, error_code, error_message, status, asked, progress, attempts, cached_at, started_at, completed_at, duration_ms, chat_id, message_id, executed_at, mcp_tools(tool_name, title, input_schema, is_enabled, policy, removed_at), mcp_servers(name, is_active, removed_at, config), profiles(email, full_name)'

/** Null where there is none, or none this person may see. */
export function executionQuery(team_id: string, id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'execution', id],
    meta: copied,
    queryFn: async () => {
      const found = await rows<ExecutionRow[]>(
        supabase().from('mcp_tool_executions').select(rowColumns)
          .eq('team_id', team_id).eq('id', id),
      )
      return found[0] ?? null
    },
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data.status) ? pauseAfter(state.dataUpdateCount) : false,
  })
}

export type Choice = { id: string; name: string; gone: boolean }

/** Servers to filter by, removed ones too: their executions stay on record. */
export function serverChoicesQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'servers', 'choices'],
    meta: copied,
    queryFn: async (): Promise<Choice[]> => {
      const found = await rows<{ id: string; name: string; removed_at: string | null }[]>(
        supabase().from('mcp_servers').select('id, name, removed_at')
          .eq('team_id', team_id).order('name'),
      )
      return found.map(({ id, name, removed_at }) => ({ id, name, gone: removed_at !== null }))
    },
  })
}

export function toolChoicesQuery(team_id: string, server_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'choices', server_id],
    queryFn: async (): Promise<Choice[]> => {
      const found = await rows<(NamedTool & { id: string; removed_at: string | null })[]>(
        supabase().from('mcp_tools').select('id, tool_name, title, removed_at')
          .eq('team_id', team_id).eq('server_id', server_id).order('tool_name'),
      )
      return found.map((tool) => ({
        id: tool.id,
        name: toolTitle(tool),
        gone: tool.removed_at !== null,
      }))
    },
  })
}

export function memberChoicesQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'members', 'choices'],
    meta: copied,
    queryFn: async (): Promise<Choice[]> => {
      const found = await rows<{ user_id: string; profiles: Person | null }[]>(
        supabase().from('team_members').select('user_id, profiles(email, full_name)')
          .eq('team_id', team_id),
      )
      return found.map(({ user_id, profiles }) => ({
        id: user_id,
        name: nameOf(profiles),
        gone: false,
      })).sort((a, b) => a.name.localeCompare(b.name))
    },
  })
}

export function toolNameOf({ mcp_tools }: Pick<ExecutionItem, 'mcp_tools'>): string {
  return mcp_tools ? toolTitle(mcp_tools) : 'A tool that is gone'
}
