// The books of the fixture authorization server: clients, codes, tokens. Refresh tokens rotate, and one
// that is used twice takes its whole family with it (OAuth 2.1 §4.3.1), so a second renewal is seen.

export type Client = {
  client_id: string
  client_secret?: string
  redirect_uris: string[]
  /** May ask for tokens of its own (RFC 6749 §4.4). */
  machine?: boolean
}
export type Grant = {
  user: string
  scope: string
  resource: string | null
  client_id: string
  family: string
}
export type Code = Grant & { challenge: string; redirect_uri: string }

export class Books {
  readonly clients = new Map<string, Client>()
  readonly codes = new Map<string, Code>()
  readonly access = new Map<string, Grant & { ends_at: number }>()
  readonly refresh = new Map<string, Grant & { used: boolean }>()
  /** How often a refresh token came a second time. */
  reuses = 0

  register(redirect_uris: string[], secret: boolean): Client {
    const client: Client = {
      client_id: `client-${crypto.randomUUID()}`,
      redirect_uris,
      ...(secret && { client_secret: `client-secret-${crypto.randomUUID()}` }),
    }
    this.clients.set(client.client_id, client)
    return client
  }

  code(code: Code): string {
    const value = `code-${crypto.randomUUID()}`
    this.codes.set(value, code)
    return value
  }

  issue(grant: Grant, { seconds, refresh }: { seconds: number; refresh: boolean }) {
    const access_token = `access-${crypto.randomUUID()}`
    this.access.set(access_token, { ...grant, ends_at: Date.now() + seconds * 1_000 })
    const refresh_token = refresh ? `refresh-${crypto.randomUUID()}` : undefined
    if (refresh_token) this.refresh.set(refresh_token, { ...grant, used: false })
    return {
      access_token,
      token_type: 'Bearer',
      expires_in: seconds,
      scope: grant.scope,
      ...(refresh_token && { refresh_token }),
    }
  }

  /** The grant behind a refresh token, for the one time it is good. */
  spend(token: string): Grant | null {
    const held = this.refresh.get(token)
    if (!held) return null
    if (held.used) {
      this.reuses++
      this.forget(held.family)
      return null
    }
    held.used = true
    return held
  }

  forget(family: string): void {
    for (const tokens of [this.access, this.refresh]) {
      for (const [token, grant] of tokens) if (grant.family === family) tokens.delete(token)
    }
  }

  /** As if their time were over; the client still believes in them. */
  endAccess(): void {
    this.access.clear()
  }
}
