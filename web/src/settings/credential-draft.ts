// A credential while it is typed, and what is sent of it. Pure. It lives in memory until it is sent, and is never shown again.
import type { FieldProblem } from '@shared/errors.ts'
import type { Credential } from '@shared/server.ts'

export type CredentialKind = 'none' | Credential['credential_type']
export type HeaderRow = { name: string; value: string }
export type CredentialDraft = {
  kind: CredentialKind
  header: string
  value: string
  username: string
  password: string
  headers: HeaderRow[]
}

export const emptyCredential: CredentialDraft = {
  kind: 'none',
  header: 'X-API-Key',
  value: '',
  username: '',
  password: '',
  headers: [{ name: '', value: '' }],
}

export const credentialWords: Record<CredentialKind, string> = {
  none: 'None',
  api_key: 'API key in a header',
  oauth_token: 'Bearer token',
  basic_auth: 'User name and password',
  custom: 'Several headers',
}

export type ReadCredential = { credential: Credential | null; problems: FieldProblem[] }

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/

/** `credential` is null for `none`, and where there are problems. Paths start with `credential`. */
export function readCredential(draft: CredentialDraft): ReadCredential {
  switch (draft.kind) {
    case 'none':
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
  }
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
