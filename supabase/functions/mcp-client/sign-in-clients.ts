// What Astra is at a server's authorization server: a client that an admin registered by hand, or one that
// registered itself. Each is used at one issuer only; the first one a given client meets is its own.
import type { OAuthClient } from '../../../shared/server.ts'
import type { App } from './app.ts'
import { open, seal, type SealedCredential, type SignInClient } from './credentials.ts'
import { read } from './db.ts'
import { SignInError } from './mcp/oauth-error.ts'

type Place = { team_id: string; server_id: string }
type Row = SealedCredential & { id: string; issuer: string; is_given: boolean }
/** A client to use, and the scopes its admin wants it to ask for. */
export type KnownClient = { client: SignInClient; scope?: string }

export type Clients = {
  /** The client to be at this issuer, or null: register. Throws SignInError when a given one is another’s. */
  at(issuer: string): Promise<KnownClient | null>
  keepRegistered(issuer: string, client: SignInClient): Promise<void>
  /** Lets a client that registered itself be forgotten, so that the next sign-in registers anew. */
  forgetRegistered(issuer: string): Promise<void>
  /** Replaces everything known by what an admin entered; null only forgets. */
  give(client: OAuthClient | null): Promise<void>
}

/** The clients of one server. */
export function clientsOf(app: App, { team_id, server_id }: Place): Clients {
  const keys = app.settings.credentialKeys
  const place = (issuer: string) => ({ team_id, server_id, field: `client:${issuer}` }) as const
  const rows = (): Promise<Row[]> =>
    read(
      app.db.service.from('mcp_oauth_clients')
        .select('id,issuer,is_given,encrypted_value,key_version')
        .eq('team_id', team_id).eq('server_id', server_id),
    )
  const keep = async (
    issuer: string,
    client: OAuthClient | SignInClient | null,
    given: boolean,
  ) => {
    await read(app.db.service.rpc('keep_client', {
      p_team_id: team_id,
      p_server_id: server_id,
      p_issuer: issuer,
      p_is_given: given,
      p_client: client && await seal(client, { keys, place: place(issuer) }),
    }))
  }

  async function bind(row: Row, issuer: string): Promise<void> {
    const client = await open<OAuthClient>(row, { keys, place: place('') })
    if (!client) throw new SignInError('client_needed')
    const sealed = await seal(client, { keys, place: place(issuer) })
    await read(
      app.db.service.from('mcp_oauth_clients').update({ issuer, ...sealed })
        .eq('id', row.id).eq('team_id', team_id).eq('issuer', ''),
    )
  }

  async function at(issuer: string): Promise<KnownClient | null> {
    const known = await rows()
    const given = known.find(({ is_given }) => is_given)
    if (given?.issuer === '') {
      await bind(given, issuer)
      // Read again: another sign-in may have bound it to another issuer at this very moment.
      return await at(issuer)
    }
    if (given && given.issuer !== issuer) throw new SignInError('wrong_issuer')
    const row = given ?? known.find((one) => one.issuer === issuer)
    if (!row) return null
    const client = await open<OAuthClient & SignInClient>(row, { keys, place: place(issuer) })
    if (given && !client) throw new SignInError('client_needed')
    if (!client || (!given && !stillGood(client, app.settings.callbackUrl))) return null
    const { scope, ...rest } = client
    return { client: rest, ...(scope !== undefined && { scope }) }
  }

  return {
    at,
    keepRegistered: (issuer, client) => keep(issuer, client, false),
    forgetRegistered: async (issuer) => {
      await read(
        app.db.service.from('mcp_oauth_clients').delete()
          .eq('team_id', team_id).eq('server_id', server_id).eq('issuer', issuer)
          .eq('is_given', false),
      )
    },
    give: (client) => keep('', client, true),
  }
}

/** A registration ends with its secret (RFC 7591 §3.2.1), and holds for the callback it was made for. */
function stillGood(client: SignInClient, callback_url: string): boolean {
  const ends = client.client_secret_expires_at
  if (ends && ends * 1_000 < Date.now()) return false
  return client.redirect_uris === undefined || client.redirect_uris.includes(callback_url)
}
