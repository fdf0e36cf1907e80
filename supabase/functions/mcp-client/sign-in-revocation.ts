// Gives tokens back to where they came from when Astra forgets them (RFC 7009). Best effort and never
// waited for: what is gone from the database is gone, whatever an authorization server says.
import type { App } from './app.ts'
import { credentialPlace, open, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { log } from './log.ts'
import { signInFailure } from './mcp/oauth-error.ts'
import { within } from './mcp/oauth-fetch.ts'
import { revokeToken } from './mcp/oauth-token.ts'

type Row = SealedCredential & { user_id: string | null }
type Which = { team_id: string; server_id: string; user_id?: string | null }

const REVOKE_MS = 15_000

/**
 * Reads the tokens of a server, or of one of its accounts, before they are forgotten. Gives the function
 * that revokes them afterwards, in the background.
 */
export async function tokensToRevoke(app: App, which: Which): Promise<() => void> {
  const { team_id, server_id, user_id } = which
  const all = app.db.service.from('mcp_server_credentials')
    .select('user_id,encrypted_value,key_version')
    .eq('team_id', team_id).eq('server_id', server_id)
    .in('credential_type', ['oauth', 'client_credentials'])
  const rows = await read<Row[]>(
    user_id === undefined
      ? all
      : user_id === null
      ? all.is('user_id', null)
      : all.eq('user_id', user_id),
  )
  return () => {
    for (const row of rows) app.background(revoke(app, { team_id, server_id, row }))
  }
}

async function revoke(
  app: App,
  { team_id, server_id, row }: { team_id: string; server_id: string; row: Row },
): Promise<void> {
  try {
    const place = credentialPlace({ team_id, server_id, user_id: row.user_id })
    const secret = await open(row, { keys: app.settings.credentialKeys, place })
    if (!secret || !('token' in secret) || !secret.token) return
    await revokeToken(secret.token, within(app.signInFetch, REVOKE_MS))
  } catch (thrown) {
    log('warn', 'a token could not be revoked', { server_id, reason: signInFailure(thrown).reason })
  }
}
