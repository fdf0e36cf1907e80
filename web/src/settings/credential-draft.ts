// A credential while it is typed, and what is sent of it. Pure. It lives in memory until it is sent, and is never shown again.
import type { FieldProblem } from '@shared/errors.ts'
import type { Credential, OAuthClient } from '@shared/server.ts'

/** `oauth` is no secret that is typed in: a sign-in leaves it, at best with a client registered by hand. */
export type CredentialKind = 'none' | 'oauth' | Credential['credential_type']
export type HeaderRow = { name: string; value: string }
export type CredentialDraft = {
  kind: CredentialKind
  header: string
  value: string
  username: string
  password: string
  headers: HeaderRow[]
  parameter: string
  /** A key in the address ends up in logs: only when the person says so. */
  acceptRisk: boolean
  client_id: string
  client_secret: string
  scope: string
  /** `2026-12-31`, or empty where it does not end or nobody knows. */
  expires: string
}

export const emptyCredential: CredentialDraft = {
  kind: 'none',
  header: 'X-API-Key',
  value: '',
  username: '',
  password: '',
  headers: [{ name: '', value: '' }],
  parameter: 'api_key',
  acceptRisk: false,
  client_id: '',
  client_secret: '',
  scope: '',
  expires: '',
}

/** In the order offered. */
export const credentialWords: Record<CredentialKind, string> = {
  none: 'None',
  oauth: 'Sign-in (OAuth)',
  api_key: 'API key in a header',
  oauth_token: 'Bearer token',
  basic_auth: 'User name and password',
  custom: 'Several headers',
  client_credentials: 'Machine account (client credentials)',
  query_key: 'Key in the address',
}

export type ReadCredential = { credential: Credential | null; problems: FieldProblem[] }
export type ReadClient = { client: OAuthClient | null; problems: FieldProblem[] }

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/

/** `credential` is null for `none` and `oauth`, and where there are problems. Paths start with `credential`. */
export function readCredential(draft: CredentialDraft, now = new Date()): ReadCredential {
  const read = readKind(draft)
  if (draft.kind === 'none' || draft.kind === 'oauth' || !draft.expires) return read
  const expires_at = endOf(draft.expires)
  if (!expires_at || expires_at <= now) {
    const problems = [...read.problems, problem('expires_at', 'This day is over. Take a later one')]
    return { credential: null, problems }
  }
  return read.credential
    ? { ...read, credential: { ...read.credential, expires_at: expires_at.toISOString() } }
    : read
}

function readKind(draft: CredentialDraft): ReadCredential {
  switch (draft.kind) {
    case 'none':
    case 'oauth':
      return { credential: null, problems: [] }
    case 'api_key':
      return read(
        [nameProblem('header', draft.header), needed('value', draft.value, 'Paste the key')],
        { credential_type: 'api_key', header: draft.header.trim(), value: draft.value.trim() },
      )
    case 'oauth_token': {
      const value = draft.value.trim().replace(/^bearer\s+/i, '')
      return read([needed('value', value, 'Paste the token')], {
        credential_type: 'oauth_token',
        value,
      })
    }
    case 'basic_auth':
      return read([
        needed('username', draft.username.trim(), 'Write the user name'),
        draft.username.includes(':') ? problem('username', 'A user name cannot contain “:”') : null,
        needed('password', draft.password, 'Write the password'),
      ], {
        credential_type: 'basic_auth',
        username: draft.username.trim(),
        password: draft.password,
      })
    case 'custom':
      return readHeaders(draft.headers)
    case 'client_credentials':
      return read([
        needed('client_id', draft.client_id, 'Write the client’s id'),
        needed('client_secret', draft.client_secret, 'Paste its secret'),
        scopeProblem(draft.scope),
      ], {
        credential_type: 'client_credentials',
        client_id: draft.client_id.trim(),
        client_secret: draft.client_secret.trim(),
        ...scopeOf(draft),
      })
    case 'query_key':
      return readQueryKey(draft)
  }
}

function readQueryKey(draft: CredentialDraft): ReadCredential {
  const parameter = draft.parameter.trim()
  const plain = /^[A-Za-z0-9_.~-]{1,128}$/.test(parameter)
  return read([
    plain ? null : problem('parameter', 'Only letters, digits and _ . ~ - may be in it'),
    needed('value', draft.value, 'Paste the key'),
    draft.acceptRisk ? null : problem('accept_risk', 'Confirm this first'),
  ], {
    credential_type: 'query_key',
    parameter,
    value: draft.value.trim(),
    accept_risk: true,
  })
}

/** A client registered by hand, for sign-ins; null where none was written, and where there are problems. */
export function readClient(draft: CredentialDraft): ReadClient {
  const client_id = draft.client_id.trim()
  const client_secret = draft.client_secret.trim()
  const nothing = !client_id && !client_secret && !draft.scope.trim()
  if (nothing) return { client: null, problems: [] }
  const problems = [
    needed('client_id', client_id, 'Write the client’s id'),
    scopeProblem(draft.scope),
  ].filter((one) => one !== null)
  if (problems.length > 0) return { client: null, problems }
  return {
    client: { client_id, ...(client_secret && { client_secret }), ...scopeOf(draft) },
    problems,
  }
}

function scopeOf({ scope }: CredentialDraft): { scope?: string } {
  const words = scope.trim().split(/[\s,]+/).filter(Boolean)
  return words.length > 0 ? { scope: words.join(' ') } : {}
}

function scopeProblem(scope: string): FieldProblem | null {
  const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e\s]*$/.test(scope)
  return plain ? null : problem('scope', 'Write scopes with spaces between them')
}

/** The last moment of that day where the person is; null for what is no day. */
function endOf(date: string): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? []
  if (!year) return null
  const end = new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59)
  return Number.isNaN(end.getTime()) ? null : end
}

function readHeaders(rows: HeaderRow[]): ReadCredential {
  const used = rows.filter(({ name, value }) => name.trim() || value)
  const names = used.map(({ name }) => name.trim().toLowerCase())
  const problems = used.flatMap(({ name, value }, at) => [
    nameProblem(`headers.${at}.name`, name),
    names.indexOf(names[at]!) < at
      ? problem(`headers.${at}.name`, 'This header is already there')
      : null,
    needed(`headers.${at}.value`, value, 'Write its value'),
  ])
  if (used.length === 0) problems.push(problem('headers.0.name', 'Write at least one header'))
  if (used.length > 16) problems.push(problem('headers.16.name', 'At most 16 headers fit'))
  const headers = Object.fromEntries(used.map(({ name, value }) => [name.trim(), value.trim()]))
  return read(problems, { credential_type: 'custom', headers })
}

/** Headers out of a pasted configuration: a lone bearer is a token, one other header is a key. */
export function credentialOf(headers: Record<string, string>): CredentialDraft {
  const entries = Object.entries(headers)
  const [only] = entries
  if (!only) return emptyCredential
  const [name, value] = only
  if (entries.length > 1) {
    const rows = entries.map(([name, value]) => ({ name, value }))
    return { ...emptyCredential, kind: 'custom', headers: rows }
  }
  const bearer = name.toLowerCase() === 'authorization' && /^bearer\s+/i.test(value)
  if (bearer) {
    return { ...emptyCredential, kind: 'oauth_token', value: value.replace(/^bearer\s+/i, '') }
  }
  return { ...emptyCredential, kind: 'api_key', header: name, value }
}

function read(found: (FieldProblem | null)[], credential: Credential): ReadCredential {
  const problems = found.filter((one) => one !== null)
  return { credential: problems.length > 0 ? null : credential, problems }
}

function nameProblem(path: string, name: string): FieldProblem | null {
  if (!name.trim()) return problem(path, 'Write the name of the header')
  return headerName.test(name.trim()) ? null : problem(path, 'This is not a header name')
}

function needed(path: string, value: string, ask: string): FieldProblem | null {
  return value.trim() ? null : problem(path, ask)
}

function problem(path: string, message: string): FieldProblem {
  return { path: `credential.${path}`, message }
}
