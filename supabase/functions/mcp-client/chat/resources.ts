// What a model may read besides running tools: the resources of the team’s servers. Two tools of Astra’s
// own; no tool of a server runs. A model reads only what the server listed, or linked in this turn: an
// address of its own making could carry what it knows to whoever runs the server.
import type { ToolOutcome } from '../../../../shared/chat.ts'
import type { ToolResult } from '../../../../shared/execution.ts'
import { isRecord } from '../../../../shared/json.ts'
import type { ResponseOf } from '../../../../shared/operations.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import { type Show, showCall } from './call-card.ts'
import { type ChatServer, refusalOf, refused } from './tools.ts'

type Ask = { server_id: string; signal: AbortSignal }
/** The operations of the same names, as this member. */
export type ResourceDoor = {
  list(ask: Ask): Promise<ResponseOf<'list_resources'>>
  read(ask: Ask & { uri: string }): Promise<ResponseOf<'read_resource'>>
}

/** Keys of servers’ tools always hold `__`: these can never be one of them. */
export const LIST_RESOURCES = 'astra_list_resources'
export const READ_RESOURCE = 'astra_read_resource'

export type BuiltIn = {
  key: typeof LIST_RESOURCES | typeof READ_RESOURCE
  title: string
  description: string
  input_schema: JsonSchema
}
export type Lookup = { tool_call_id: string; input: unknown; signal: AbortSignal }

/** Servers that offer resources as far as is known; one that was never asked may. */
export function readable(servers: ChatServer[]): ChatServer[] {
  return servers.filter(({ protocol }) => {
    const capabilities = protocol?.discover?.capabilities
    return !isRecord(capabilities) || isRecord(capabilities.resources)
  })
}

/** The two tools, or none where no server offers anything to read. */
export function builtIns(servers: ChatServer[]): BuiltIn[] {
  const names = readable(servers).map(({ name }) => name)
  if (names.length === 0) return []
  const server = { type: 'string', enum: names, description: 'The server to ask' }
  const uri = { type: 'string', description: 'Exactly as it was listed or linked' }
  return [{
    key: LIST_RESOURCES,
    title: 'List resources',
    description: 'Lists what a server offers to read: files, records, pages.',
    input_schema: { type: 'object', properties: { server }, required: ['server'] },
  }, {
    key: READ_RESOURCE,
    title: 'Read resource',
    description: 'Reads one resource of a server that it has listed or linked.',
    input_schema: { type: 'object', properties: { server, uri }, required: ['server', 'uri'] },
  }]
}

export type LookupSeam = {
  door: ResourceDoor
  servers: ChatServer[]
  show: Show
  /** Whether this server gave this address in a result of this turn. */
  linked: (server_id: string, uri: string) => boolean
  /** Resources read in this turn so far. */
  reads: number
}

/** Which of the listed addresses is read says something too: a turn says only so much that way. */
const MOST_READS = 8

/** Performs one lookup. Never throws: what fails is `refused` with a sentence. */
export async function lookUp(
  { key, title }: BuiltIn,
  { tool_call_id, input, signal }: Lookup,
  seam: LookupSeam,
): Promise<ToolOutcome> {
  const asked = isRecord(input) ? input : {}
  const server = readable(seam.servers).find(({ name }) => name === asked.server)
  if (!server) return refused('invalid_parameters', 'There is no such server with resources.')
  const tool = { server_id: server.id, server_name: server.name, tool_name: key, title }
  const card = showCall({ tool, tool_call_id }, seam.show)
  const started = performance.now()
  try {
    const found = key === LIST_RESOURCES
      ? await listing(seam.door, { server_id: server.id, signal })
      : await contents(seam, { server_id: server.id, signal, uri: String(asked.uri) })
    if (!found.ok) return refused(found.code, found.message)
    const duration_ms = Math.round(performance.now() - started)
    return { kind: 'looked_up', result: found.result, duration_ms }
  } catch (thrown) {
    return refusalOf(thrown)
  } finally {
    card.end()
  }
}

type Found = { ok: true; result: ToolResult } | { ok: false; code: string; message: string }
const SIGN_IN: Found = {
  ok: false,
  code: 'sign_in_needed',
  message: 'Someone has to sign in at this server first.',
}
const ENOUGH: Found = {
  ok: false,
  code: 'too_many',
  message: `In one answer at most ${MOST_READS} resources are read. A person can ask to go on.`,
}
const UNKNOWN: Found = {
  ok: false,
  code: 'not_found',
  message:
    'The server has not listed this address. A person can attach it to a message themselves.',
}

async function listing(door: ResourceDoor, ask: Ask): Promise<Found> {
  const listed = await door.list(ask)
  if ('status' in listed) return SIGN_IN
  const { resources, templates } = listed
  const patterns = templates.map(({ name, uriTemplate }) => `${name}: ${uriTemplate}`)
  const note = 'Addresses a person can fill in and attach:'
  const content = [
    ...resources.map((resource) => ({ ...resource, type: 'resource_link' })),
    ...(patterns.length > 0 ? [{ type: 'text', text: [note, ...patterns].join('\n') }] : []),
  ]
  return { ok: true, result: { content } }
}

async function contents(
  { door, linked, reads }: LookupSeam,
  ask: Ask & { uri: string },
): Promise<Found> {
  if (reads >= MOST_READS) return ENOUGH
  if (!linked(ask.server_id, ask.uri)) {
    const listed = await door.list(ask)
    if ('status' in listed) return SIGN_IN
    if (!listed.resources.some(({ uri }) => uri === ask.uri)) return UNKNOWN
  }
  const read = await door.read(ask)
  if ('status' in read) return SIGN_IN
  const content = read.contents.map((resource) => ({ type: 'resource', resource }))
  return { ok: true, result: { content } }
}
