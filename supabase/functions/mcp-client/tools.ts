// A team's tools as they are stored, with how they were used.
import type { Tool } from '../../../shared/tool.ts'
import type { App } from './app.ts'
import type { Handler } from './actions.ts'
import type { Member } from './auth.ts'
import { read, readAll } from './db.ts'
import { type Freshness, refreshStale } from './freshness.ts'
import { AppError } from './http.ts'

const COLUMNS =
  `id, server_id, tool_name, title, description, input_schema, output_schema, annotations,
  is_enabled, policy, requires_confirmation, timeout_seconds, account, allows_always, is_idempotent, cache_seconds,
  rate_limit, sends_out, synced_at`.replace(
    /\s+/g,
    '',
  )

type Statistics = Pick<
  Tool,
  'execution_count' | 'success_count' | 'error_count' | 'avg_duration_ms' | 'last_executed_at'
>
const NEVER_USED: Statistics = {
  execution_count: 0,
  success_count: 0,
  error_count: 0,
  avg_duration_ms: null,
  last_executed_at: null,
}

export const listTools: Handler<'list_tools'> = async ({ app, as, input }) => {
  const { team_id } = as
  const eyes = app.db.as(as)
  const [servers, tools, statistics] = await Promise.all([
    serversToList(app, { as, server_id: input.server_id }),
    readAll<Omit<Tool, keyof Statistics>>((from, to) => {
      const query = eyes.from('mcp_tools').select(COLUMNS)
        .eq('team_id', team_id).is('removed_at', null)
        .order('tool_name').order('id').range(from, to)
      return input.server_id === undefined ? query : query.eq('server_id', input.server_id)
    }),
    readAll<Statistics & { tool_id: string }>((from, to) =>
      eyes.from('mcp_tool_statistics')
        .select(
          'tool_id,execution_count,success_count,error_count,avg_duration_ms,last_executed_at',
        )
        .eq('team_id', team_id).order('tool_id').range(from, to)
    ),
  ])
  const used = new Map(statistics.map(({ tool_id, ...counts }) => [tool_id, counts]))
  return {
    tools: tools.filter((tool) => servers.has(tool.server_id))
      .map((tool) => ({ ...NEVER_USED, ...tool, ...used.get(tool.id) })),
  }
}

/** As the admin who asks, so that the entry of the change names them. Throws AppError `not_found` (details.missing). */
export const setToolPolicy: Handler<'set_tool_policy'> = async ({ app, as, input }) => {
  const { server_id, tool_names, policy, allows_always, sends_out } = input
  const { missing } = await read<{ missing: string[] }>(
    app.db.as(as).rpc('set_tool_policy', {
      p_team_id: as.team_id,
      p_server_id: server_id,
      p_tool_names: tool_names,
      p_policy: policy,
      p_allows_always: allows_always ?? null,
      p_sends_out: sends_out ?? null,
    }),
  )
  if (missing.length === 0) return { tool_names, policy }
  throw new AppError('not_found', 'The server has no such tool.', { missing })
}

/** The one server asked for, in use or not, or every server in use. Throws AppError `not_found`. */
async function serversToList(
  app: App,
  { as, server_id }: { as: Member; server_id?: string },
): Promise<Set<string>> {
  const rows = await readAll<Freshness & { is_active: boolean }>((from, to) => {
    const query = app.db.as(as).from('mcp_servers').select('id,tools_stale_at,is_active')
      .eq('team_id', as.team_id).is('removed_at', null)
    const asked = server_id === undefined ? query.eq('is_active', true) : query.eq('id', server_id)
    return asked.order('id').range(from, to)
  })
  if (server_id !== undefined && rows.length === 0) {
    throw new AppError('not_found', 'No such server in this team.')
  }
  refreshStale(app, as, rows.filter(({ is_active }) => is_active))
  return new Set(rows.map(({ id }) => id))
}
