// A server while it is being added: from paste to what is sent. Pure.
import type { FieldProblem } from '@shared/errors.ts'
import type { InputOf } from '@shared/operations.ts'
import {
  type CredentialDraft,
  credentialOf,
  emptyCredential,
  readCredential,
} from './credential-draft.ts'
import { asAddress, readPaste, type ServerKind } from './server-source.ts'

export type ServerDraft = {
  pasted: string
  kind: ServerKind
  name: string
  /** Once a person has written a name, no paste overwrites it. */
  named: boolean
  url: string
  command: string
  /** One per line. */
  args: string
  /** `NAME=value`, one per line. */
  env: string
  credential: CredentialDraft
  others: number
}

export const emptyDraft: ServerDraft = {
  pasted: '',
  kind: 'http',
  name: '',
  named: false,
  url: '',
  command: '',
  args: '',
  env: '',
  credential: emptyCredential,
  others: 0,
}

/** What is known after a paste; unreadable text changes nothing but itself. */
export function withPaste(draft: ServerDraft, pasted: string): ServerDraft {
  const source = readPaste(pasted)
  if (!source) return { ...draft, pasted, url: pasted.trim() }
  const hasHeaders = Object.keys(source.headers).length > 0
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
    credential: hasHeaders ? credentialOf(source.headers) : draft.credential,
    others: source.others,
  }
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
  const { credential, problems: wrong } = draft.kind === 'stdio'
    ? { credential: null, problems: [] }
    : readCredential(draft.credential)
  problems.push(...wrong)
  if (problems.length > 0) return { input: null, problems }
  const input = { name: draft.name.trim(), server_type: draft.kind, config }
  return { input: credential ? { ...input, credential } : input, problems }
}

function readUrl(draft: ServerDraft, problems: FieldProblem[]): Input['config'] {
  const url = asAddress(draft.url.trim())
  if (!url) {
    problems.push({ path: 'config.url', message: 'Write the address of an MCP server: https://…' })
  }
  return { url: url?.href ?? '' }
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

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
}
