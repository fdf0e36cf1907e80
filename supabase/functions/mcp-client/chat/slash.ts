// Reads `/tool_key {json}` and `/tool_name a=1 b="x y"`: a person’s own call, before any model.
// Pure: it decides what was meant and runs nothing.
import { isRecord } from '../../../../shared/json.ts'
import { findPairs, without } from './scan.ts'
import { type Parameter, parametersOf, valueFrom } from './schema.ts'
import type { ChatTool } from './tools.ts'
import { words } from './words.ts'

export type Slash =
  | { kind: 'none' }
  | { kind: 'call'; key: string; tool: ChatTool; parameters: Record<string, unknown> }
  | { kind: 'say'; text: string }

type Tools = Map<string, ChatTool>

/** A command is `/name` at the very start; `/etc/hosts` is not one. */
const COMMAND = /^\s*\/([A-Za-z0-9_.-]{1,256})(?:\s+([\s\S]*))?$/

/**
 * What a message that may be a command asks for. Keys are exact. A bare tool name means the first tool of
 * that name by key, as long as the admins allow every one of them unasked: otherwise a new server could
 * catch calls meant for another. Everything unclear is answered with a sentence, never guessed.
 */
export function readSlash(text: string, tools: Tools): Slash {
  const command = COMMAND.exec(text)
  if (!command?.[1]) return { kind: 'none' }
  const found = find(command[1], tools)
  if (found.length === 0) return { kind: 'say', text: unknownCommand(command[1], tools) }
  const [first] = found
  const anyWill = found.every(([, { policy }]) => policy === 'allow')
  if (!first || (found.length > 1 && !anyWill)) {
    const keys = found.map(([key]) => `\`/${key}\``).join(', ')
    return { kind: 'say', text: `Several servers have a tool of that name. Say which: ${keys}.` }
  }
  const [key, tool] = first
  const read = readArguments(command[2]?.trim() ?? '', parametersOf(tool.input_schema))
  if (read.problem !== null) {
    return { kind: 'say', text: `\`/${key}\` did not run: ${read.problem}` }
  }
  return { kind: 'call', key, tool, parameters: read.parameters }
}

function find(name: string, tools: Tools): [string, ChatTool][] {
  const exact = tools.get(name)
  if (exact) return [[name, exact]]
  const written = name.toLowerCase()
  return [...tools].filter(([key, tool]) => {
    return key.toLowerCase() === written || tool.tool_name.toLowerCase() === written
  })
}

type Arguments =
  | { parameters: Record<string, unknown>; problem: null }
  | { parameters: null; problem: string }

function readArguments(written: string, parameters: Parameter[]): Arguments {
  if (written.startsWith('{')) return readJsonObject(written)
  const pairs = findPairs(written, () => true)
  const rest = without(written, pairs).trim()
  const values = new Map(pairs.map((pair) => {
    const parameter = parameters.find((one) => one.name === pair.name)
    return [pair.name, valueFrom(pair.value, parameter)]
  }))
  if (rest !== '') {
    const free = parameters.filter((one) => one.kind === 'string' && !values.has(one.name))
    const wanted = free.filter((one) => one.required)
    const only = wanted.length > 0 ? wanted : free
    // Loose words have one place to go, or none.
    if (only.length !== 1 || !only[0] || pairs.length > 0) {
      return {
        parameters: null,
        problem: 'write its arguments as `name=value` or as a JSON object.',
      }
    }
    values.set(only[0].name, rest.replace(/^(["'])([\s\S]*)\1$/, '$2'))
  }
  return { parameters: Object.fromEntries(values), problem: null }
}

function readJsonObject(written: string): Arguments {
  try {
    const value: unknown = JSON.parse(written)
    if (isRecord(value)) return { parameters: value, problem: null }
  } catch {
    // Falls through: unreadable and not an object are the same to the person.
  }
  return { parameters: null, problem: 'what follows its name is not a valid JSON object.' }
}

function unknownCommand(name: string, tools: Tools): string {
  if (tools.size === 0) return `There is no tool \`${name}\`: your team has no tools in use yet.`
  const asked = words(name)
  const near = [...tools.keys()].filter((key) => {
    const known = words(key)
    return asked.some((word) =>
      word.length > 2 && known.some((one) => one.startsWith(word) || word.startsWith(one))
    )
  })
  const list = (near.length > 0 ? near : [...tools.keys()]).slice(0, 5)
  const shown = list.map((key) => `\`/${key}\``).join(', ')
  return near.length > 0
    ? `There is no tool \`${name}\`. Did you mean ${shown}?`
    : `There is no tool \`${name}\`. Your team’s tools are, for example, ${shown}.`
}
