// From rows to something that can be called: a server's address with the opened credential of an account.
import type { Account, SignInNeeded } from '../../../shared/execution.ts'
import { administers } from '../../../shared/team.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { type AccountPlace, asHeaders, type SealedCredential, type Secret } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './mcp/upstream.ts'
import { afterRefusal, openFresh } from './sign-in.ts'

export type ServerRow = {
  id: string
  server_type: 'http' | 'sse' | 'stdio'
  config: Record<string, unknown>
  protocol: StoredProtocol | null
  /** Which of its addresses is meant, where there are several; left out, the main one. Signing in is always there. */
  endpoint?: string
}

export type Reached =
  | { ok: true; upstream: Upstream; secrets: string[]; sealed: SealedCredential | null }
  | {
    ok: false
    reason:
      | 'stdio_host_needed'
      | 'credential_unreadable'
      | 'sign_in_needed'
      | 'upstream_unreachable'
    message: string
  }

export type Reachable = Extract<Reached, { ok: true }>

export const NO_STDIO_HOST = 'A stdio server needs the stdio host, and this installation runs none.'

/** Whose credential a call uses. */
export function accountOf(
  of: { team_id: string; user_id: string; account: Account; server: { id: string } },
): AccountPlace {
  const { team_id, user_id, account, server } = of
  return { team_id, server_id: server.id, user_id: account === 'person' ? user_id : null }
}

type Place = { server: ServerRow; account: AccountPlace }

/** Opens the credential, renewed if its token is about to end, and describes the upstream. */
export async function upstreamOf(
  app: App,
  { account, server, credential }: Place & { credential: SealedCredential | null },
): Promise<Reached> {
  if (server.server_type === 'stdio') {
    return { ok: false, reason: 'stdio_host_needed', message: NO_STDIO_HOST }
  }
  if (!credential) return ready({ account, server }, null)
  const opened = await openFresh(app, { account, server, sealed: credential })
  if (opened.ok) return ready({ account, server }, opened)
  const { message } = opened
  const reason = opened.reason === 'unreachable' ? 'upstream_unreachable' : opened.reason
  return { ok: false, reason, message }
}

type Opened = { secret: Secret; sealed: SealedCredential }

/** The upstream with a credential that has just been opened. Its `key` changes with address and credential. */
export function ready(
  { account, server }: Place,
  opened: Opened | null,
): Reachable {
  const { headers, query, secrets } = opened
    ? asHeaders(opened.secret)
    : { headers: {}, query: {}, secrets: [] }
  const url = server.endpoint ?? String(server.config.url)
  const { team_id, user_id } = account
  return {
    ok: true,
    secrets,
    sealed: opened?.sealed ?? null,
    upstream: {
      // Every sealing draws a new IV, so the sealed value's head names this very credential.
      key: [
        team_id,
        server.id,
        user_id,
        server.server_type,
        url,
        opened?.sealed.encrypted_value.slice(0, 16),
      ].join('|'),
      server_type: server.server_type === 'sse' ? 'sse' : 'http',
      url,
      headers,
      query,
      protocol: server.protocol,
    },
  }
}

type Row = ServerRow & { account: Account; is_active: boolean }

/**
 * Does something with a team's server outside the corridor (listing, testing, reading; never tools), under
 * the account its tools use. A refused token is renewed once; a sign-in that is needed is the answer.
 * Throws AppError `not_found`, `unsupported` (stdio), `conflict` (credential cannot be opened), and what `work` throws.
 */
export async function withServer<T>(
  app: App,
  { as, server_id, return_to, in_use = false }: {
    as: Member
    server_id: string
    return_to?: string
    /** Only a server that is switched on. */
    in_use?: boolean
  },
  work: (reached: Reachable) => Promise<T>,
): Promise<T | SignInNeeded> {
  const server = await loadRow(app, as.team_id, server_id)
  if (in_use && !server.is_active) {
    throw new AppError('conflict', 'This server is switched off. An admin can switch it on.')
  }
  const place = { account: accountOf({ ...as, account: server.account, server }), server }
  const credential = await loadCredential(app, place.account)
  const reached = await upstreamOf(app, { ...place, credential })
  if (!reached.ok && reached.reason !== 'sign_in_needed') throw refusalOf(reached)
  const tried = reached.ok && (credential || place.account.user_id === null)
    ? await unlessRefused(work(reached))
    : { refused: null }
  if ('value' in tried) return tried.value
  const after = await afterRefusal(app, {
    ...place,
    asker: { user_id: as.user_id, administers: administers(as.role) },
    return_to,
    sealed: reached.ok ? reached.sealed : credential,
    challenge: tried.refused?.challenge ?? null,
  })
  if (after.kind === 'renewed') return await work(ready(place, after))
  if (after.kind === 'refused') throw tried.refused ?? notSignedIn(place.account)
  if (after.authorization_url === null) throw notSignedIn(place.account)
  return { status: 'awaiting_auth', authorization_url: after.authorization_url }
}

/** The refusal of a credential as a value, because it may be answered with another one. */
async function unlessRefused<T>(
  work: Promise<T>,
): Promise<{ value: T } | { refused: UpstreamError }> {
  try {
    return { value: await work }
  } catch (thrown) {
    if (thrown instanceof UpstreamError && thrown.reason === 'unauthorized') {
      return { refused: thrown }
    }
    throw thrown
  }
}

function notSignedIn(account: AccountPlace): AppError {
  return new AppError(
    'conflict',
    account.user_id === null
      ? 'This server wants the team to sign in. An admin has to do it, in the settings.'
      : 'You have no account of your own at this server yet. Add one in the settings.',
    { reason: 'sign_in_needed' },
  )
}

async function loadRow(app: App, team_id: string, server_id: string): Promise<Row> {
  const rows = await read<Row[]>(
    app.db.service.from('mcp_servers').select('id,server_type,config,protocol,account,is_active')
      .eq('id', server_id).eq('team_id', team_id).is('removed_at', null),
  )
  if (!rows[0]) throw new AppError('not_found', 'No such server in this team.')
  return rows[0]
}

async function loadCredential(app: App, account: AccountPlace): Promise<SealedCredential | null> {
  const query = app.db.service.from('mcp_server_credentials').select('encrypted_value,key_version')
    .eq('team_id', account.team_id).eq('server_id', account.server_id)
  const rows = await read<SealedCredential[]>(
    account.user_id === null ? query.is('user_id', null) : query.eq('user_id', account.user_id),
  )
  return rows[0] ?? null
}

function refusalOf(reached: Extract<Reached, { ok: false }>): AppError {
  if (reached.reason === 'stdio_host_needed') return new AppError('unsupported', reached.message)
  const code = reached.reason === 'upstream_unreachable' ? 'unavailable' : 'conflict'
  return new AppError(code, reached.message)
}
