// A server while it is being added: from paste to what is sent. Pure.
import type { FieldProblem } from '@shared/errors.ts'
import type { InputOf } from '@shared/operations.ts'
import type { Account } from '@shared/execution.ts'
import {
  type CredentialDraft,
  credentialOf,
  emptyCredential,
  readClient,
  readCredential,
} from './credential-draft.ts'
import { lines, readReplicas } from './server-replicas.ts'
import {
  asAddress,
  readPaste,
  type ServerKind,
  type ServerSource,
  withoutKey,
} from './server-source.ts'

export type ServerDraft = {
  pasted: string
  kind: ServerKind
  name: string
  /** Once a person has written a name, no paste overwrites it. */
  named: boolean
  url: string
  /** Further addresses of the same server, one per line. */
  replicas: string
  command: string
  /** One per line. */
  args: string
  /** `NAME=value`, one per line. */
  env: string
  credential: CredentialDraft
  account: Account
  others: number
}

export const emptyDraft: ServerDraft = {
  pasted: '',
  kind: 'http',
  name: '',
  named: false,
  url: '',
  replicas: '',
  command: '',
  args: '',
  env: '',
  credential: emptyCredential,
  account: 'team',
  others: 0,
}

/** What is known after a paste; unreadable text changes nothing but itself. */
export function withPaste(draft: ServerDraft, pasted: string): ServerDraft {
  const source = readPaste(pasted)
  if (!source) return { ...draft, pasted, url: pasted.trim() }
  return {
    ...draft,
    // A configuration may hold secrets: only its address stays on the screen.
    pasted: pasted.trim().startsWith('{') ? source.url : pasted,
    kind: source.kind,
    name: draft.named ? draft.name : source.name,
    url: source.url,
    command: source.command,
    args: source.args.join('\n'),
    env: Object.entries(source.env).map(([name, value]) => `${name}=${value}`).join('\n'),
    ...credentialIn(source),
    others: source.others,
  }
}

/** Once an address is written to its end: a key in it becomes the credential, to be confirmed as one. */
export function withKeyMoved(draft: ServerDraft): ServerDraft {
  const address = draft.kind === 'stdio' ? null : asAddress(draft.url.trim())
  const { url, key } = address ? withoutKey(address) : { url: '', key: null }
  if (!key) return draft
  return {
    ...draft,
    pasted: url,
    url,
    account: 'team',
    credential: { ...emptyCredential, kind: 'query_key', ...key },
  }
}

/** Each person's own credential is entered by that person: one that was typed in for the team is dropped. */
export function withAccount(draft: ServerDraft, account: Account): ServerDraft {
  const keeps = account === 'team' || draft.credential.kind === 'oauth'
  return { ...draft, account, credential: keeps ? draft.credential : emptyCredential }
}

/** A credential in a configuration is the team's. */
function credentialIn({ headers, key }: ServerSource): Partial<ServerDraft> {
  const credential = Object.keys(headers).length > 0
    ? credentialOf(headers)
    : key && { ...emptyCredential, kind: 'query_key' as const, ...key }
  return credential ? { account: 'team', credential } : {}
}

type Input = Omit<InputOf<'add_server'>, 'team_id'>
export type ReadServer = { input: Input | null; problems: FieldProblem[] }

/** `input` is null where there are problems. */
export function readServer(draft: ServerDraft): ReadServer {
  const problems: FieldProblem[] = []
  if (!draft.name.trim()) problems.push({ path: 'name', message: 'Give it a name' })
  if (draft.name.trim().length > 80) {
    problems.push({ path: 'name', message: 'At most 80 characters' })
  }
  const config = draft.kind === 'stdio' ? readCommand(draft, problems) : readUrl(draft, problems)
  const signIn = draft.kind === 'stdio' ? {} : readSignIn(draft, problems)
  if (problems.length > 0) return { input: null, problems }
  return {
    input: { name: draft.name.trim(), server_type: draft.kind, config, ...signIn },
    problems,
  }
}

type SignIn = Pick<Input, 'account' | 'credential' | 'oauth_client'>

function readSignIn({ account, credential: typed }: ServerDraft, problems: FieldProblem[]): SignIn {
  if (typed.kind === 'oauth') {
    const { client, problems: wrong } = readClient(typed)
    problems.push(...wrong)
    return { account, ...(client && { oauth_client: client }) }
  }
  const { credential, problems: wrong } = readCredential(typed)
  problems.push(...wrong)
  return { account, ...(credential && { credential }) }
}

function readUrl(draft: ServerDraft, problems: FieldProblem[]): Input['config'] {
  const url = asAddress(draft.url.trim())
  if (!url) {
    problems.push({ path: 'config.url', message: 'Write the address of an MCP server: https://…' })
  }
  const { replicas, problem } = readReplicas(draft.replicas, url?.href ?? '')
  if (problem) problems.push({ path: 'config.replicas', message: problem })
  return { url: url?.href ?? '', ...(replicas.length > 0 && { replicas }) }
}

function readCommand(draft: ServerDraft, problems: FieldProblem[]): Input['config'] {
  const env: Record<string, string> = {}
  for (const line of lines(draft.env)) {
    const at = line.indexOf('=')
    if (at < 1) {
      problems.push({ path: 'config.env', message: `Write NAME=value: ${line.slice(0, 40)}` })
    } else env[line.slice(0, at).trim()] = line.slice(at + 1)
  }
  if (!draft.command.trim()) {
    problems.push({ path: 'config.command', message: 'Write the command to run' })
  }
  return { command: draft.command.trim(), args: lines(draft.args), env }
}
