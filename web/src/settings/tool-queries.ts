// What settings read and write of tools: PostgREST under row level security, and rules through the function.
import { queryOptions } from '@tanstack/react-query'
import type { Account } from '@shared/execution.ts'
import type { JsonSchema, Policy } from '@shared/tool.ts'
import { call, CallError } from '@/lib/call.ts'
import type { Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { everyPage } from './queries.ts'

export type ToolRow = {
  id: string
  server_id: string
  tool_name: string
  title: string | null
  description: string | null
  annotations: JsonSchema | null
  is_enabled: boolean
  policy: Policy
  timeout_seconds: number
  synced_at: string
  definition_hash: string
  /** Null follows the server. */
  account: Account | null
  allows_always: boolean
  is_idempotent: boolean
  /** Null: every call is a new one. */
  cache_seconds: number | null
  /** Null: no limit of its own. */
  rate_limit: number | null
  /** It can carry data out of the team. */
  sends_out: boolean
}
type Judged =
  | 'is_enabled'
  | 'timeout_seconds'
  | 'account'
  | 'is_idempotent'
  | 'cache_seconds'
  | 'rate_limit'
  | 'sends_out'
export type ToolChanges = Partial<Pick<ToolRow, Judged>>
/** Left out, `allows_always` stays as it is. */
export type Rule = { policy: Policy; allows_always?: boolean }
/** `team` and `person`: how many say so themselves, against their server. */
export type ToolCounts = { all: number; on: number; team: number; person: number }

const toolColumns =
  'id, server_id, tool_name, title, description, annotations, is_enabled, policy, timeout_seconds, synced_at, definition_hash, account, allows_always, is_idempotent, cache_seconds, rate_limit, sends_out'

type Counted = Pick<ToolRow, 'server_id' | 'is_enabled' | 'account'>
export const noTools: ToolCounts = { all: 0, on: 0, team: 0, person: 0 }

/** How many tools each server has, how many of them are switched on, and whose accounts they name. */
export function toolCountsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'counts'],
    queryFn: async () => {
      const tools = await everyPage<Counted>((from, to) =>
        supabase().from('mcp_tools').select('server_id, is_enabled, account')
          .eq('team_id', team_id).is('removed_at', null).order('id').range(from, to)
      )
      const counts = new Map<string, ToolCounts>()
      for (const { server_id, is_enabled, account } of tools) {
        const now = counts.get(server_id) ?? noTools
        counts.set(server_id, {
          all: now.all + 1,
          on: now.on + Number(is_enabled),
          team: now.team + Number(account === 'team'),
          person: now.person + Number(account === 'person'),
        })
      }
      return counts
    },
  })
}

export function toolsQuery(team_id: string, server_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'of', server_id],
    queryFn: () =>
      everyPage<ToolRow>((from, to) =>
        supabase().from('mcp_tools').select(toolColumns)
          .eq('team_id', team_id).eq('server_id', server_id).is('removed_at', null)
          .order('tool_name').range(from, to)
      ),
  })
}

/** Only what the form of one tool needs: schemas can be long. */
export function toolSchemaQuery(team_id: string, tool_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'schema', tool_id],
    queryFn: async () => {
      const found = await rows<{ input_schema: JsonSchema }[]>(
        supabase().from('mcp_tools').select('input_schema')
          .eq('team_id', team_id).eq('id', tool_id).is('removed_at', null),
      )
      if (!found[0]) throw new CallError('not_found', 'The server no longer offers this tool.')
      return found[0].input_schema
    },
  })
}

/** So many tools fit into one address. */
const atOnce = 40

/**
 * Keeps a decision about the tools that were on the screen. One whose definition has changed meanwhile is
 * left as it is: nobody judges what they have not seen.
 */
export async function saveTools(
  team_id: string,
  { tools, changes }: { tools: ToolRow[]; changes: ToolChanges },
): Promise<void> {
  const saved = await eachPart(
    tools,
    ({ ids, hashes }) =>
      supabase().from('mcp_tools').update(changes).eq('team_id', team_id)
        .in('id', ids).in('definition_hash', hashes).select('id'),
  )
  if (saved < tools.length) throw changedMeanwhile
}

/** Rules on tools of one server, all or none, after a look whether they still are what was on the screen. */
export async function ruleTools(
  team_id: string,
  { tools, rule }: { tools: ToolRow[]; rule: Rule },
): Promise<void> {
  const unchanged = await eachPart(
    tools,
    ({ ids, hashes }) =>
      supabase().from('mcp_tools').select('id').eq('team_id', team_id).is('removed_at', null)
        .in('id', ids).in('definition_hash', hashes),
  )
  if (unchanged < tools.length) throw changedMeanwhile
  const tool_names = tools.map(({ tool_name }) => tool_name)
  await call('set_tool_policy', { team_id, server_id: tools[0]!.server_id, tool_names, ...rule })
}

type Part = { ids: string[]; hashes: string[] }

/** How many of the tools were found by what `ask` asks of each part of them. */
async function eachPart(
  tools: ToolRow[],
  ask: (part: Part) => Parameters<typeof rows>[0],
): Promise<number> {
  let found = 0
  for (let from = 0; from < tools.length; from += atOnce) {
    const some = tools.slice(from, from + atOnce)
    const part = {
      ids: some.map(({ id }) => id),
      hashes: some.map(({ definition_hash }) => definition_hash),
    }
    found += (await rows<{ id: string }[]>(ask(part))).length
  }
  return found
}

const changedMeanwhile = new CallError(
  'conflict',
  'Some of these tools have changed since this page was read, or you may not judge them. Look again.',
)

export type PolicyChange = {
  id: string
  policy_before: Policy
  policy: Policy
  allows_always_before: boolean
  allows_always: boolean
  sends_out_before: boolean
  sends_out: boolean
  changed_at: string
  /** Null: Astra itself, because the definition changed. */
  changed_by: string | null
  profiles: Person | null
}

/** The newest changes of a tool's rule. Only for those who may read the team's usage. */
export function policyChangesQuery(team_id: string, tool_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'changes', tool_id],
    queryFn: () =>
      rows<PolicyChange[]>(
        supabase().from('mcp_policy_changes').select(
          'id, policy_before, policy, allows_always_before, allows_always, sends_out_before, sends_out, changed_at, changed_by, profiles(email, full_name)',
        )
          .eq('team_id', team_id).eq('tool_id', tool_id)
          .order('changed_at', { ascending: false }).limit(10),
      ),
  })
}

export type StandingApproval = { tool_id: string; created_at: string; tool: StandingTool | null }
type StandingTool =
  & Pick<
    ToolRow,
    'id' | 'server_id' | 'tool_name' | 'title' | 'policy' | 'allows_always'
  >
  & {
    /** Its definition is another one than the person said yes to. */
    changed: boolean
  }
type StandingAnswer = { tool_id: string; definition_hash: string; created_at: string }
type StandingToolAnswer = Omit<StandingTool, 'changed'> & { definition_hash: string }

/** What the person always approves. Tools that are gone have no `tool`. */
export function standingApprovalsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'standing'],
    queryFn: async (): Promise<StandingApproval[]> => {
      const given = await everyPage<StandingAnswer>((from, to) =>
        supabase().from('mcp_standing_approvals').select('tool_id, definition_hash, created_at')
          .eq('team_id', team_id).order('created_at', { ascending: false }).order('tool_id')
          .range(from, to)
      )
      const tools = new Map<string, StandingToolAnswer>()
      for (let from = 0; from < given.length; from += atOnce) {
        const ids = given.slice(from, from + atOnce).map(({ tool_id }) => tool_id)
        const found = await rows<StandingToolAnswer[]>(
          supabase().from('mcp_tools').select(
            'id, server_id, tool_name, title, policy, allows_always, definition_hash',
          )
            .eq('team_id', team_id).in('id', ids).is('removed_at', null),
        )
        for (const tool of found) tools.set(tool.id, tool)
      }
      return given.map(({ tool_id, definition_hash, created_at }) => {
        const tool = tools.get(tool_id)
        const changed = tool?.definition_hash !== definition_hash
        return { tool_id, created_at, tool: tool ? { ...tool, changed } : null }
      })
    },
  })
}

export async function takeBack(team_id: string, tool_id: string): Promise<void> {
  await rows(
    supabase().from('mcp_standing_approvals').delete().eq('team_id', team_id)
      .eq('tool_id', tool_id),
  )
}
