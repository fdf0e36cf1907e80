// From rows to something that can be called: a server's address with its opened credential.
import type { App } from './app.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { asHeaders, open, type SealedCredential } from './credentials.ts'
import type { StoredProtocol, Upstream } from './mcp/upstream.ts'

export type ServerRow = {
  id: string
  server_type: 'http' | 'sse' | 'stdio'
  config: Record<string, unknown>
  protocol: StoredProtocol | null
}

export type Reached =
  | { ok: true; upstream: Upstream; secrets: string[] }
  | { ok: false; reason: 'stdio_host_needed' | 'credential_unreadable'; message: string }

export const NO_STDIO_HOST = 'A stdio server needs the stdio host, and this installation runs none.'

/** Opens the credential and describes the upstream. Its `key` changes with address and credential. */
export async function upstreamOf(
  app: App,
  { team_id, server, credential }: {
    team_id: string
    server: ServerRow
    credential: SealedCredential | null
  },
): Promise<Reached> {
  if (server.server_type === 'stdio') {
    return { ok: false, reason: 'stdio_host_needed', message: NO_STDIO_HOST }
  }
  const place = { team_id, server_id: server.id }
  const secret = credential && await open(credential, { keys: app.settings.credentialKeys, place })
  if (credential && !secret) {
    return {
      ok: false,
      reason: 'credential_unreadable',
      message:
        'The stored credential cannot be opened with today’s keys. An admin has to set it again.',
    }
  }
  const { headers, secrets } = secret ? asHeaders(secret) : { headers: {}, secrets: [] }
  const url = String(server.config.url)
  return {
    ok: true,
    secrets,
    upstream: {
      // Every sealing draws a new IV, so the sealed value's head names this very credential.
      key: [team_id, server.id, server.server_type, url, credential?.encrypted_value.slice(0, 16)]
        .join('|'),
      server_type: server.server_type,
      url,
      headers,
      protocol: server.protocol,
    },
  }
}

/**
 * A team's server, ready to be called outside the corridor (listing and testing, never tools).
 * Throws AppError `not_found`, `unsupported` (stdio), `conflict` (credential cannot be opened).
 */
export async function reach(
  app: App,
  team_id: string,
  server_id: string,
): Promise<Extract<Reached, { ok: true }>> {
  const rows = await read<
    (ServerRow & { mcp_server_credentials: SealedCredential[] | SealedCredential | null })[]
  >(
    app.db.service.from('mcp_servers')
      .select(
        'id,server_type,config,protocol,mcp_server_credentials(encrypted_value,key_version)',
      )
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
  const server = rows[0]
  if (!server) throw new AppError('not_found', 'No such server in this team.')
  const reached = await upstreamOf(app, {
    team_id,
    server,
    credential: [server.mcp_server_credentials].flat()[0] ?? null,
  })
  if (reached.ok) return reached
  throw new AppError(
    reached.reason === 'stdio_host_needed' ? 'unsupported' : 'conflict',
    reached.message,
  )
}

/** Remembers on the server why it could not be reached. */
export async function noteFailure(
  app: App,
  { team_id, server_id, message }: { team_id: string; server_id: string; message: string },
): Promise<void> {
  await read(
    app.db.service.from('mcp_servers').update({ connection_status: 'error', last_error: message })
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
}
