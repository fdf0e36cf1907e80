// Tool choice at scale: a model that could use more tools than it can look at is offered a search, a way to
// run what it found, and the tools this chat used lately. A tool that is run this way is that tool’s own
// call in every respect: see model/through-run-tool.ts.
import type { ModelMessage } from 'ai'
import type { ToolOutcome } from '../../../../shared/chat.ts'
import { isRecord } from '../../../../shared/json.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import { cleanText } from '../mcp/content.ts'
import { findTools } from './model/find-tools.ts'
import { parametersOf } from './schema.ts'
import { refused, type Tools } from './tools.ts'

/** Keys of servers’ tools always hold `__`: these can never be one of them. */
export const SEARCH_TOOLS = 'search_tools'
export const RUN_TOOL = 'run_tool'

/** Up to so many tools a model is shown all of them. */
export const SHOWN_TOOLS = 20
const RECENT_TOOLS = 5
const RECENT_CHARACTERS = 5_000
const FOUND_TOOLS = 5
const DESCRIPTION_CHARACTERS = 400
const SCHEMA_CHARACTERS = 2_000

export const searchTool = {
  key: SEARCH_TOOLS,
  title: 'Search tools',
  description:
    'Finds tools of the team by what they do. Gives the key, server, description and input schema of the best few.',
  input_schema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'What the tool should do, in a few plain words' },
    },
    required: ['query'],
  },
}
export const runTool = {
  key: RUN_TOOL,
  title: 'Run tool',
  description: 'Runs a tool that search_tools found.',
  input_schema: {
    type: 'object',
    properties: {
      tool: { type: 'string', description: 'Its key, exactly as it was found' },
      arguments: { type: 'object', description: 'Its arguments, as its input schema wants them' },
    },
    required: ['tool', 'arguments'],
  },
}

/** Tools that a model may propose: what no one may run is not worth its attention. */
export function usable(tools: Tools): Tools {
  return new Map([...tools].filter(([, tool]) => tool.policy !== 'deny'))
}

/** The tools called last in what a model is told of the past, newest first; only short ones, and only a few. */
export function recentTools(past: ModelMessage[], tools: Tools): Tools {
  const called = past.toReversed().flatMap(({ role, content }) =>
    role === 'assistant' && typeof content !== 'string'
      ? content.toReversed().flatMap((part) => part.type === 'tool-call' ? [part.toolName] : [])
      : []
  )
  const recent: Tools = new Map()
  let left = RECENT_CHARACTERS
  for (const key of new Set(called)) {
    const tool = tools.get(key)
    if (!tool || recent.size === RECENT_TOOLS) continue
    const size = JSON.stringify(tool.input_schema).length + (tool.description ?? '').length
    if (size > left) continue
    left -= size
    recent.set(key, tool)
  }
  return recent
}

/** Performs one search. Never throws. */
export function searchFor(input: unknown, tools: Tools): ToolOutcome {
  const started = performance.now()
  const query = isRecord(input) && typeof input.query === 'string' ? input.query.trim() : ''
  if (query === '') return refused('invalid_parameters', 'Say in a few words what to look for.')
  const known = [...tools].map(([key, tool]) => ({ ...tool, key }))
  const found = findTools(query, known).slice(0, FOUND_TOOLS).map((key) => described(key, tools))
  const result = {
    content: found.length > 0
      ? []
      : [{ type: 'text', text: 'No tool was found. Try other words.' }],
    structuredContent: { tools: found },
  }
  return { kind: 'looked_up', result, duration_ms: Math.round(performance.now() - started) }
}

function described(key: string, tools: Tools) {
  const { server_name, title, description, input_schema } = tools.get(key)!
  return {
    tool: key,
    server: cleanText(server_name, 80),
    description: cleanText(description ?? title ?? '', DESCRIPTION_CHARACTERS),
    input_schema: shortSchema(input_schema),
  }
}

/** A long schema is told by its names and kinds; the corridor validates against the whole one. */
function shortSchema(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...whole } = schema
  if (JSON.stringify(whole).length <= SCHEMA_CHARACTERS) return whole
  const short = parametersOf(schema).slice(0, 30).map(({ name, kind, required }) =>
    `${name.slice(0, 40)}: ${kind ?? 'any'}${required ? ', required' : ''}`
  )
  return { type: 'object', shortened: short }
}
