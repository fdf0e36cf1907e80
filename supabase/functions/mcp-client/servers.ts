// A team’s servers: listing them, and the changes only an admin may make. A secret never follows a server
// to another host.
import { credentialTypes, type Server } from '../../../shared/server.ts'
import { sealedRow } from './accounts.ts'
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import type { Secret } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { acceptConfig, reachesFurther } from './server-config.ts'
import { clientsOf } from './sign-in-clients.ts'
import { tokensToRevoke } from './sign-in-revocation.ts'

const COLUMNS = `id, team_id, name, description, server_type, config, is_active, connection_status,
  last_connected_at, last_error, health, checked_at, latency_ms, health_error, credential_type, credential_expires_at, account, protocol_version,
  transport, created_at, updated_at`
  .replace(/\s+/g, '')

/** A server’s row as members may see it. */
export type ServerColumns = Omit<Server, 'has_credential' | 'connected'>

function show(row: ServerColumns, connected: boolean): Server {
  return { ...row, connected, has_credential: credentialTypes.includes(row.credential_type!) }
}

/** A server as an answer: with whether the caller has an account of their own there. */
export async function answerServer(app: App, as: Member, row: ServerColumns): Promise<Server> {
  return show(row, (await accountsOf(app, as)).has(row.id))
}

async function accountsOf(app: App, as: Member): Promise<Set<string>> {
  const rows = await read<{ server_id: string }[]>(
    app.db.as(as).rpc('my_accounts', { p_team_id: as.team_id }),
  )
  return new Set(rows.map(({ server_id }) => server_id))
}

export const listServers: Handler<'list_servers'> = async ({ app, as }) => {
  const [rows, own] = await Promise.all([
    read<ServerColumns[]>(
      app.db.as(as).from('mcp_servers').select(COLUMNS)
        .eq('team_id', as.team_id).is('removed_at', null).order('name'),
    ),
    accountsOf(app, as),
  ])
  return { servers: rows.map((row) => show(row, own.has(row.id))) }
}

export const addServer: Handler<'add_server'> = async ({ app, as, input }) => {
  const { config, env } = acceptConfig(kindOf(app, input.server_type), input.config)
  if (env && input.credential) {
    throw new AppError('invalid_request', 'A stdio server’s secrets belong in config.env alone.')
  }
  if (input.server_type === 'stdio' && input.oauth_client) {
    throw new AppError('invalid_request', 'A stdio server has no sign-in.')
  }
  const place = { team_id: as.team_id, server_id: crypto.randomUUID(), user_id: null }
  const secret: Secret | null = env ? { credential_type: 'custom', env } : input.credential ?? null
  const rows = await read<ServerColumns[]>(app.db.service.rpc('add_server', {
    p_team_id: as.team_id,
    p_user_id: as.user_id,
    p_server: {
      id: place.server_id,
      name: input.name,
      description: input.description || null,
      server_type: input.server_type,
      config,
      account: input.account ?? 'team',
    },
    p_credential: secret && await sealedRow(app, secret, place),
  }))
  if (input.oauth_client) await clientsOf(app, place).give(input.oauth_client)
  return { server: show(rows[0]!, false) }
}

export const updateServer: Handler<'update_server'> = async ({ app, as, input }) => {
  const { server_id, team_id: _, config, ...changes } = input
  const before = await loadServer(app, as.team_id, server_id)
  const accepted = config && acceptConfig(kindOf(app, before.server_type), config)
  if (accepted?.env) {
    throw new AppError('invalid_request', 'Change a stdio server’s environment by adding it again.')
  }
  // A secret was given for some hosts: following an address to a further one would hand it over.
  const moves = accepted !== undefined && reachesFurther(accepted.config, before.config)
  if (moves && before.credential_type !== null) throw bound()
  const changed = { ...changes, ...(accepted && { config: accepted.config }) }
  if (Object.keys(changed).length === 0) return { server: await answerServer(app, as, before) }
  // People’s own credentials do not hinder a move: the database forgets them with it.
  const revoke = moves ? await tokensToRevoke(app, { team_id: as.team_id, server_id }) : null
  const update = app.db.service.from('mcp_servers').update(changed)
    .eq('id', server_id).eq('team_id', as.team_id).is('removed_at', null)
  // Asked again where it counts: another admin may be entering a credential at this very moment.
  const rows = await read<unknown[]>(
    (moves ? update.is('credential_type', null) : update).select('id'),
  )
  if (rows.length === 0) {
    await loadServer(app, as.team_id, server_id)
    throw bound()
  }
  revoke?.()
  // Read anew: with its addresses changes what is known of them.
  return { server: await answerServer(app, as, await loadServer(app, as.team_id, server_id)) }
}

function kindOf({ settings }: App, server_type: Server['server_type']) {
  return { server_type, allowed_private_hosts: settings.allowedPrivateHosts }
}

function bound(): AppError {
  return new AppError(
    'conflict',
    'This server has a credential for its present hosts. Remove the credential first.',
  )
}

export const removeServer: Handler<'remove_server'> = async ({ app, as, input }) => {
  const revoke = await tokensToRevoke(app, { team_id: as.team_id, server_id: input.server_id })
  const removed = await read<boolean>(
    app.db.service.rpc('remove_server', { p_team_id: as.team_id, p_server_id: input.server_id }),
  )
  if (!removed) throw missing()
  revoke()
  return { removed: true }
}

/** One server of the team. Throws AppError `not_found`, the same for a missing one and someone else's. */
export async function loadServer(
  app: App,
  team_id: string,
  server_id: string,
): Promise<ServerColumns> {
  const rows = await read<ServerColumns[]>(
    app.db.service.from('mcp_servers').select(COLUMNS)
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
  if (!rows[0]) throw missing()
  return rows[0]
}

function missing(): AppError {
  return new AppError('not_found', 'No such server in this team.')
}
