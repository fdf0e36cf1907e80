// Things to try, made from the tools the team really has. Pure.
import type { JsonSchema } from '@shared/tool.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import type { ChatTool } from './chat-tools.ts'

type Property = {
  type?: unknown
  enum?: unknown
  examples?: unknown
  default?: unknown
  format?: unknown
}

/** Up to `many` prompts, the simplest tools first, one server after another. */
export function examplePrompts(tools: Map<string, ChatTool>, many = 3): string[] {
  const written = [...tools.values()]
    .filter((tool) => tool.policy !== 'deny' && tool.task_support !== 'required')
    .flatMap((tool) => {
      const prompt = promptFor(tool)
      return prompt === null ? [] : [{ prompt, cost: costOf(tool), server: tool.server_id }]
    })
    .sort((a, b) => a.cost - b.cost)
  return spread(written).slice(0, many)
}

/**
 * Tools that run at once come first, then those that by their server’s word only read: trying costs nothing.
 * Among them, those that answer in a declared shape, and those with free words or numbers to fill in: they show most.
 */
function costOf(tool: ChatTool): number {
  const required = requiredOf(tool.input_schema)
  const closed = required.filter((name) => isClosed(propertyOf(tool.input_schema, name))).length
  const reads = tool.annotations?.readOnlyHint === true
  const shaped = tool.output_type === null ? 0 : 1.5
  return (tool.policy === 'allow' ? 0 : 20) + (reads ? 0 : 10) + (required.length || 2.5) +
    2 * closed - shaped
}

const isClosed = (property: Property) => Array.isArray(property.enum) || 'const' in property

/** Takes turns between servers, so that one with many tools does not fill the list. */
function spread(written: { prompt: string; server: string }[]): string[] {
  const byServer = new Map<string, string[]>()
  for (const { prompt, server } of written) {
    byServer.set(server, [...byServer.get(server) ?? [], prompt])
  }
  const queues = [...byServer.values()]
  const prompts: string[] = []
  for (let round = 0; queues.some((queue) => round < queue.length); round++) {
    for (const queue of queues) {
      const prompt = queue[round]
      if (prompt && !prompts.includes(prompt)) prompts.push(prompt)
    }
  }
  return prompts
}

function promptFor(tool: ChatTool): string | null {
  const required = requiredOf(tool.input_schema)
  if (required.length > 3) return null
  const title = toolTitle(tool)
  if (required.length === 0) return title
  const values = required.map((name, place) => {
    const value = valueFor(propertyOf(tool.input_schema, name), place)
    return value === null ? null : { name, value }
  })
  if (values.some((value) => value === null)) return null
  const [only] = values
  const free = only && typeof only.value === 'string' &&
    !isClosed(propertyOf(tool.input_schema, only.name))
  if (values.length === 1 && free) {
    return `${title} ${quoted(only.value)}`
  }
  const pairs = values.map((value) => `${value!.name}=${quoted(value!.value)}`)
  return `${title} ${pairs.join(' ')}`
}

function requiredOf(schema: JsonSchema): string[] {
  return Array.isArray(schema.required)
    ? schema.required.filter((name): name is string => typeof name === 'string')
    : []
}

function propertyOf(schema: JsonSchema, name: string): Property {
  const properties = schema.properties
  if (!properties || typeof properties !== 'object') return {}
  const property = (properties as Record<string, unknown>)[name]
  return property && typeof property === 'object' ? property : {}
}

/** A believable value, or null where inventing one would mislead (objects, lists, formats). */
function valueFor(property: Property, place: number): string | number | boolean | null {
  const offered = [first(property.examples), property.default, first(property.enum)]
    .find((value) => ['string', 'number', 'boolean'].includes(typeof value))
  if (offered !== undefined) return offered as string | number | boolean
  if (property.type === 'number' || property.type === 'integer') return place + 2
  if (property.type === 'boolean') return true
  if (property.type !== 'string' || property.format !== undefined) return null
  return 'hello from Astra'
}

const first = (value: unknown): unknown => Array.isArray(value) ? value[0] : undefined

function quoted(value: string | number | boolean): string {
  return typeof value === 'string' && /\s|^$/.test(value) ? JSON.stringify(value) : String(value)
}
