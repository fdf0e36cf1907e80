// A team's tools: listing what is stored, and reading them anew from their server.
import type { Tool } from '../../../shared/tool.ts'
import type { App } from './app.ts'
import type { SignInNeeded } from '../../../shared/execution.ts'
import type { ResponseOf } from '../../../shared/operations.ts'
import type { Handler } from './actions.ts'
import type { Member } from './auth.ts'
import { canonical, sha256 } from './canonical.ts'
import { read, readAll } from './db.ts'
import { AppError } from './http.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { loadServer } from './servers.ts'
import { redactByValue } from './redact.ts'
import { storable } from './storable.ts'
import { noteFailure, type Reachable, withServer } from './upstream-of.ts'

const COLUMNS =
  `id, server_id, tool_name, title, description, input_schema, output_schema, annotations,
  is_enabled, policy, requires_confirmation, timeout_seconds, account, synced_at`.replace(
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

/** The one server asked for, in use or not, or every server in use. Throws AppError `not_found`. */
async function serversToList(
  app: App,
  { as, server_id }: { as: Member; server_id?: string },
): Promise<Set<string>> {
  if (server_id !== undefined) return new Set([(await loadServer(app, as.team_id, server_id)).id])
  const rows = await readAll<{ id: string }>((from, to) =>
    app.db.as(as).from('mcp_servers').select('id')
      .eq('team_id', as.team_id).eq('is_active', true).is('removed_at', null)
      .order('id').range(from, to)
  )
  return new Set(rows.map(({ id }) => id))
}

export const syncTools: Handler<'sync_tools'> = async ({ app, as, input, signal }) => {
  const { team_id } = as
  const { server_id } = input
  try {
    return await withServer(
      app,
      { as, server_id, return_to: `/settings/servers/${server_id}` },
      (reached) => readTools(app, { team_id, server_id, reached, signal }),
    )
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError)) throw thrown
    // A failed listing is noted on the server and changes no tool.
    await noteFailure(app, { team_id, server_id, message: thrown.message })
    throw new AppError('unavailable', thrown.message, { reason: thrown.reason })
  }
}

type Synced = Exclude<ResponseOf<'sync_tools'>, SignInNeeded>

/** Reads a server's tools and keeps them. Throws UpstreamError, AppError `not_found`. */
export async function readTools(
  app: App,
  { team_id, server_id, reached, signal }: {
    team_id: string
    server_id: string
    reached: Reachable
    signal?: AbortSignal
  },
): Promise<Synced> {
  const listed = await app.connections.listTools(reached.upstream, { signal })
  // A server may describe itself with the credential it was asked with, and every member reads that.
  const listing = redactByValue(listed, reached.secrets)
  const rows = await Promise.all(distinct(listing.tools.map(storable)).map(toRow))
  const synced = await read<Omit<Synced, 'left_out'> | null>(app.db.service.rpc('record_sync', {
    p_team_id: team_id,
    p_server_id: server_id,
    p_tools: rows,
    p_protocol: listing.protocol,
    p_instructions: storable(listing.instructions),
    p_fresh_seconds: listing.fresh_seconds,
  }))
  if (synced === null) throw new AppError('not_found', 'No such server in this team.')
  return { ...synced, left_out: storable(listing.left_out) }
}

type Definition = Record<string, unknown>

/** The first of each usable name: a list that repeats one would decide by accident which of them runs. */
function distinct(definitions: Definition[]): Definition[] {
  const seen = new Map<string, Definition>()
  for (const definition of definitions) {
    const { name } = definition
    if (typeof name !== 'string' || name === '' || name.length > 256 || seen.has(name)) continue
    seen.set(name, definition)
  }
  return [...seen.values()]
}

async function toRow(definition: Definition) {
  const annotations = object(definition.annotations)
  return {
    tool_name: definition.name,
    title: text(definition.title) ?? text(annotations?.title),
    description: text(definition.description),
    input_schema: object(definition.inputSchema) ?? {},
    output_schema: object(definition.outputSchema),
    annotations,
    definition,
    definition_hash: await sha256(canonical(definition)),
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function object(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value as Definition
    : null
}
