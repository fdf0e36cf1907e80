// What trying to reach a server outside the corridor taught about it, kept on its row for everyone to see.
// Calls keep theirs as they end, in finish_execution.
import type { App } from './app.ts'
import { read } from './db.ts'
import type { StoredProtocol } from './mcp/upstream.ts'

type Of = { team_id: string; server_id: string }

/** It answered. `protocol` spares the next connect a probe. */
export async function noteConnected(
  app: App,
  { protocol, ...of }: Of & { protocol: StoredProtocol | null },
): Promise<void> {
  await note(app, of, {
    connection_status: 'connected',
    last_connected_at: new Date().toISOString(),
    last_error: null,
    ...(protocol && { protocol }),
  })
}

/** It could not be reached, and why: a sentence of ours. */
export async function noteFailure(
  app: App,
  { message, ...of }: Of & { message: string },
): Promise<void> {
  await note(app, of, { connection_status: 'error', last_error: message })
}

async function note(app: App, { team_id, server_id }: Of, seen: object): Promise<void> {
  await read(
    app.db.service.from('mcp_servers').update(seen)
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
}
