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
import { judgeAddress } from './mcp/address.ts'
import { namesSecret } from './redact.ts'
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
  const { config, env } = acceptConfig(app, input.server_type, input.config)
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
  const accepted = config && acceptConfig(app, before.server_type, config)
  if (accepted?.env) {
    throw new AppError('invalid_request', 'Change a stdio server’s environment by adding it again.')
  }
  // A secret was given for one host: following the address to another one would hand it over.
  const moves = accepted !== undefined && placeOf(accepted.config) !== placeOf(before.config)
  if (moves && before.credential_type !== null) throw bound()
  const changed = { ...changes, ...(accepted && { config: accepted.config }) }
  if (Object.keys(changed).length === 0) return { server: await answerServer(app, as, before) }
  // People’s own credentials do not hinder a move: the database forgets them with it.
  const revoke = moves ? await tokensToRevoke(app, { team_id: as.team_id, server_id }) : null
  const update = app.db.service.from('mcp_servers').update(changed)
    .eq('id', server_id).eq('team_id', as.team_id).is('removed_at', null)
  // Asked again where it counts: another admin may be entering a credential at this very moment.
  const rows = await read<ServerColumns[]>(
    (moves ? update.is('credential_type', null) : update).select(COLUMNS),
  )
  if (rows[0]) {
    revoke?.()
    return { server: await answerServer(app, as, rows[0]) }
  }
  await loadServer(app, as.team_id, server_id)
  throw bound()
}

function bound(): AppError {
  return new AppError(
    'conflict',
    'This server has a credential for its present host. Remove the credential first.',
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

type Config = { url: string } | { command: string; args: string[]; env: Record<string, string> }
type Accepted = { config: Record<string, unknown>; env?: Record<string, string> }

/** What may be stored of a config. Throws AppError `invalid_request` for the wrong kind or an address we would never call. */
function acceptConfig(app: App, server_type: Server['server_type'], config: Config): Accepted {
  const refuse = (path: string, message: string) =>
    new AppError('invalid_request', `${path}: ${message}`, [{ path, message }])
  if (server_type === 'stdio') {
    if (!('command' in config)) throw refuse('config.command', 'a stdio server needs a command')
    const { env, ...plain } = config
    // Values of an environment are secrets more often than not: only their names stay readable.
    return Object.keys(env).length === 0
      ? { config: plain }
      : { config: { ...plain, env: Object.keys(env).sort() }, env }
  }
  if (!('url' in config)) throw refuse('config.url', `a server of type ${server_type} needs a url`)
  const address = judgeAddress(config.url, app.settings.allowedPrivateHosts)
  if (!address.allowed) throw refuse('config.url', address.message)
  // The whole team reads addresses. A key in one is a credential, which an admin insists on.
  const named = [...address.url.searchParams].find(([name, value]) => value && namesKey(name))
  if (named) throw refuse('config.url', `“${named[0]}” looks like a secret: ${AS_CREDENTIAL}`)
  return { config }
}

const AS_CREDENTIAL = 'take it out of the address, and set it as the key in the address instead.'

function namesKey(parameter: string): boolean {
  return namesSecret(parameter) ||
    /^(?:key|authtoken|apitoken)$/i.test(parameter.replace(/[-_]/g, ''))
}

/** What a secret was given to: the host of an address, or the command that a stdio host will run. */
function placeOf(config: Record<string, unknown>): string {
  if (typeof config.url === 'string') return new URL(config.url).origin
  return JSON.stringify([config.command, config.args])
}
