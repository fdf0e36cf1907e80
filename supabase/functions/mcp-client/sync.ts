// Reads a server's tools anew and keeps them: raw definitions, the first of each usable name.
import type { SignInNeeded } from '../../../shared/execution.ts'
import { isRecord } from '../../../shared/json.ts'
import type { ResponseOf } from '../../../shared/operations.ts'
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import { canonical, sha256 } from './canonical.ts'
import { noteFailure } from './connection-status.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import type { Listing } from './mcp/connection.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { redactByValue } from './redact.ts'
import { storable } from './storable.ts'
import { type Reachable, withServer } from './upstream-of.ts'

/** How long tools hold whose server does not say. */
const USUALLY_FRESH_SECONDS = 5 * 60

export const syncTools: Handler<'sync_tools'> = async ({ app, as, input, signal }) => {
  const { team_id } = as
  const { server_id } = input
  try {
    return await withServer(
      app,
      { as, server_id, return_to: `/settings/servers/${server_id}` },
      async (reached) => {
        const listed = await app.connections.listTools(reached.upstream, { signal })
        return await keepTools(app, { team_id, server_id, reached, listed })
      },
    )
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError)) throw thrown
    // A failed listing is noted on the server and changes no tool.
    await noteFailure(app, { team_id, server_id, message: thrown.message })
    throw new AppError('unavailable', thrown.message, { reason: thrown.reason })
  }
}

type Synced = Exclude<ResponseOf<'sync_tools'>, SignInNeeded>

/** Keeps the tools that a server listed. Throws AppError `not_found`. */
export async function keepTools(
  app: App,
  { team_id, server_id, reached, listed }: {
    team_id: string
    server_id: string
    reached: Reachable
    listed: Listing
  },
): Promise<Synced> {
  // A server may describe itself with the credential it was asked with, and every member reads that.
  const listing = redactByValue(listed, reached.secrets)
  const rows = await Promise.all(distinct(listing.tools.map(storable)).map(toRow))
  const synced = await read<Omit<Synced, 'left_out'> | null>(app.db.service.rpc('record_sync', {
    p_team_id: team_id,
    p_server_id: server_id,
    p_tools: rows,
    p_protocol: listing.protocol,
    p_instructions: storable(listing.instructions),
    p_fresh_seconds: listing.fresh_seconds ?? USUALLY_FRESH_SECONDS,
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
  const annotations = record(definition.annotations)
  return {
    tool_name: definition.name,
    title: text(definition.title) ?? text(annotations?.title),
    description: text(definition.description),
    input_schema: record(definition.inputSchema) ?? {},
    output_schema: record(definition.outputSchema),
    annotations,
    definition,
    definition_hash: await sha256(canonical(definition)),
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function record(value: unknown): Record<string, unknown> | null {
  return isRecord(value) ? value : null
}
