// What trying to reach a server outside the corridor taught about it and its endpoints, kept on their rows
// for everyone to see. Calls keep theirs as they end, in finish_execution.
import type { App } from './app.ts'
import { read } from './db.ts'
import type { StoredProtocol } from './mcp/upstream.ts'

type Of = { team_id: string; server_id: string }

/** It answered at this address. `protocol` spares the next connect a probe. */
export async function noteConnected(
  app: App,
  { protocol, url, ...of }: Of & { protocol: StoredProtocol | null; url: string },
): Promise<void> {
  await noteEndpoint(app, { server_id: of.server_id, url, error: null, answered: true })
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

/** How reaching an endpoint went. `answered` with an error: it is there, and that is what is wrong with it. */
export type EndpointSeen = { answered: boolean; error: string | null; latency_ms?: number }

/** One success closes the breaker of an endpoint, five failures in a row open it (note_endpoint). */
export async function noteEndpoint(
  app: App,
  seen: EndpointSeen & { server_id: string; url: string; checked?: boolean },
): Promise<void> {
  await read(app.db.service.rpc('note_endpoint', {
    p_server_id: seen.server_id,
    p_url: seen.url,
    p_error: seen.error,
    p_latency_ms: seen.latency_ms ?? null,
    p_checked: seen.checked ?? false,
    p_answered: seen.answered,
  }))
}
