// What the bridge does in each scenario of the conformance suite, as the suite's own source asks for it.
// A scenario not named here lists the tools and calls the first one.
import type { ExecutionAnswer } from '../../shared/execution.ts'
import type { Tool } from '../../shared/tool.ts'
import { type Person, Refused } from './person.ts'

/** What the suite hands a client besides the address: credentials, calls to make. */
export type Context = {
  client_id?: string
  client_secret?: string
  toolCalls?: { name: string; arguments: Record<string, unknown> }[]
}

export type Stage = { person: Person; server_id: string; tools: Tool[]; context: Context }
type Act = (stage: Stage) => Promise<void>

/** Listing was all, and it is done. */
const nothingMore: Act = () => Promise.resolve()

const acts: Record<string, Act> = {
  initialize: nothingMore,
  'request-metadata': nothingMore,
  'json-schema-ref-no-deref': nothingMore,
  tools_call: (stage) => callFully(stage, 'add_numbers', { a: 5, b: 3 }),
  async 'http-custom-headers'(stage) {
    for (const { name, arguments: given } of stage.context.toolCalls!) {
      await callFully(stage, name, withoutNulls(given))
    }
  },
  'http-invalid-tool-headers': callEveryTool,
  async 'http-standard-headers'(stage) {
    await callEveryTool(stage)
    await readEverything(stage)
  },
  'sep-2322-client-request-state': interleaveRounds,
  async 'json-schema-2020-12-preservation'(stage) {
    const seen = stage.tools.find(({ tool_name }) => tool_name === 'json_schema_2020_12_tool')
    await callFully(stage, 'json_schema_echo', { schema: seen!.input_schema })
  },
}

const callFirst: Act = (stage) => {
  const [tool] = stage.tools
  if (!tool) return Promise.reject(new Refused('the server lists no tools'))
  return callFully(stage, tool.tool_name, sampleOf(tool.input_schema))
}

export function actOf(scenario: string): Act {
  return acts[scenario] ?? callFirst
}

/** Scenarios in which going on would be the fault: the operation must be refused. */
export const mustBeRefused = new Set([
  'auth/scope-retry-limit',
  'auth/resource-mismatch',
  'auth/iss-supported-missing',
  'auth/iss-wrong-issuer',
  'auth/iss-unexpected',
  'auth/iss-normalized',
  'auth/metadata-issuer-mismatch',
])

/**
 * The scenario wants no header for a parameter that is "null or not provided". Astra refuses null where
 * the schema wants a boolean, before anything is sent, so it is not provided.
 */
function withoutNulls(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

async function callFully(stage: Stage, name: string, parameters: object): Promise<void> {
  mustSucceed(name, await stage.person.call(stage.server_id, name, parameters))
}

function mustSucceed(name: string, { status, error }: ExecutionAnswer): void {
  if (status !== 'success') throw new Refused(`${name} ended ${status}: ${error?.message ?? ''}`)
}

async function callEveryTool(stage: Stage): Promise<void> {
  for (const { tool_name, input_schema } of stage.tools) {
    await callFully(stage, tool_name, sampleOf(input_schema))
  }
}

async function readEverything({ person, server_id }: Stage): Promise<void> {
  const { resources } = await person.ask('list_resources', { server_id })
  for (const { uri } of resources) await person.ask('read_resource', { server_id, uri })
  const { prompts } = await person.ask('list_prompts', { server_id })
  for (const { name } of prompts) await person.ask('get_prompt', { server_id, name })
}

/** Leaves one call open while every other tool is called, then answers what it asked. */
async function interleaveRounds(stage: Stage): Promise<void> {
  const { person, server_id, tools } = stage
  const [open, ...others] = tools
  const asked = await person.ask('call_tool', { server_id, tool_name: open!.tool_name })
  if (asked.status !== 'awaiting_input') throw new Refused(`it did not ask: ${asked.status}`)
  for (const { tool_name } of others) await callFully(stage, tool_name, {})
  const { execution_id } = asked
  const answer = { execution_id, answer: 'accept', content: {} } as const
  mustSucceed(open!.tool_name, await person.ask('answer_input', answer))
}

/** The least that a plain schema accepts. */
export function sampleOf(schema: Tool['input_schema']): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, { type?: string }>
  const names = (schema.required ?? []) as string[]
  return Object.fromEntries(names.map((name) => [name, samples[properties[name]?.type ?? '']]))
}

const samples: Record<string, unknown> = {
  string: 'sample',
  integer: 1,
  number: 1.5,
  boolean: true,
  array: [],
  object: {},
  null: null,
}
