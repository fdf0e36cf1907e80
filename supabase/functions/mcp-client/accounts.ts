// Accounts at servers: the team’s, and each member’s own. Who may change one, and how its credential is kept:
// sealed, if the server is still where it was. What was there before is given back to where it came from.
import type { Account } from '../../../shared/execution.ts'
import { administers } from '../../../shared/team.ts'
import type { Handler } from './actions.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { expiryOf } from './credential-expiry.ts'
import { type AccountPlace, credentialPlace, seal, type Secret } from './credentials.ts'
import { read } from './db.ts'
import { AppError } from './http.ts'
import { resumeSignedIn } from './resume.ts'
import { answerServer, loadServer, type ServerColumns } from './servers.ts'
import { tokensToRevoke } from './sign-in-revocation.ts'

/** Throws AppError: `not_found`, `forbidden`, `invalid_request`, `conflict`. Calls that waited for it go on. */
export const setCredential: Handler<'set_credential'> = async ({ app, as, input }) => {
  const server = await loadServer(app, as.team_id, input.server_id)
  const { account, credential } = input
  await requireRight(app, as, { server, account, removes: credential === null })
  const user_id = account === 'person' ? as.user_id : null
  const place = { team_id: as.team_id, server_id: server.id, user_id }
  const revoke = await tokensToRevoke(app, place)
  const { config } = server
  if (!await keepAccount(app, place, { asker: as.user_id, config, secret: credential })) {
    throw new AppError('conflict', 'The server was changed just now. Look at it again.')
  }
  revoke()
  if (credential) resumeSignedIn(app, place)
  return {
    server: await answerServer(app, as, await loadServer(app, as.team_id, server.id)),
  }
}

type Change = { server: ServerColumns; account: Account; removes: boolean }

async function requireRight(
  app: App,
  as: Member,
  { server, account, removes }: Change,
): Promise<void> {
  if (account === 'team' && !administers(as.role)) {
    throw new AppError('forbidden', 'Only admins of the team may change its credential.')
  }
  if (server.server_type === 'stdio') {
    throw new AppError('invalid_request', 'A stdio server’s secrets are its config.env.')
  }
  // What is one’s own can be taken back, whatever the server uses today.
  if (account === 'person' && !removes) await requirePersonAccounts(app, server)
}

/** A secret that nothing would ever use is not collected. Throws AppError `conflict`. */
export async function requirePersonAccounts(app: App, server: ServerColumns): Promise<void> {
  if (server.account === 'person') return
  const rows = await read<unknown[]>(
    app.db.service.from('mcp_tools').select('id').eq('team_id', server.team_id)
      .eq('server_id', server.id).eq('account', 'person').is('removed_at', null).limit(1),
  )
  if (rows.length > 0) return
  throw new AppError('conflict', 'This server and all its tools use the team’s account.')
}

type Kept = {
  /** Whose right to it is asked for once more, where it is stored. */
  asker: string
  /** The addresses it was given for. */
  config: Record<string, unknown>
  /** Null forgets what is there. */
  secret: Secret | null
}

/** False when the server has moved or gone, or whoever asks may no longer do this. Throws as `sealedRow`. */
export async function keepAccount(
  app: App,
  account: AccountPlace,
  { asker, config, secret }: Kept,
): Promise<boolean> {
  return await read<boolean>(app.db.service.rpc('keep_account', {
    p_team_id: account.team_id,
    p_server_id: account.server_id,
    p_user_id: account.user_id,
    p_asker: asker,
    p_config: config,
    p_credential: secret && await sealedRow(app, secret, account),
  }))
}

/** What is stored of a credential. Throws AppError `invalid_request` for an expiry that is no time. */
export async function sealedRow(app: App, secret: Secret, account: AccountPlace) {
  const expires_at = expiryOf(secret)
  const keys = app.settings.credentialKeys
  const sealed = await seal(secret, { keys, place: credentialPlace(account) })
  return { credential_type: secret.credential_type, expires_at, ...sealed }
}
