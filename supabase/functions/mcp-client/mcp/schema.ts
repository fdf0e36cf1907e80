// Rewrites a tool’s JSON Schema, which is hostile input, into one that is safe to judge with. Pure.
// No regular expression of theirs survives, no reference leaves the document, nesting and size are
// bounded. What is removed only makes the schema admit more: the server has the last word anyway.
import { isRecord } from '../../../../shared/json.ts'

type Json = Record<string, unknown>

/** Carries, in every rewritten schema object, what one visit to it costs. */
export const visitCost = 'x-visit-cost'

/** Compiling costs about 0.2 ms a node. */
const mostNodes = 500
const deepest = 64

/** Copied as they are when their value has the right shape. */
const plain: Record<string, (value: unknown) => boolean> = {
  type: (value) => typeof value === 'string' || Array.isArray(value),
  enum: Array.isArray,
  const: () => true,
  required: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  minProperties: isNumber,
  maxProperties: isNumber,
}
const mapsOfSchemas = ['properties', '$defs', 'definitions']
const listsOfSchemas = ['allOf', 'anyOf']
const rewritten = ['$ref', 'oneOf', 'not', 'if', 'then', 'else', 'additionalProperties']
const positional = ['items', 'prefixItems', 'additionalItems', 'propertyNames', 'nullable']
const known = new Set([
  ...Object.keys(plain),
  ...mapsOfSchemas,
  ...listsOfSchemas,
  ...rewritten,
  ...positional,
])
const annotations =
  /^(title|description|default|examples?|deprecated|readOnly|writeOnly|\$comment|\$schema|x-.*)$/

/** Thrown inside: the schema cannot be judged at all. */
class Unjudgeable extends Error {}

type Walk = { nodes: number }
/** `weaker`: something was left out, so a value it refuses is refused, but not the other way round. */
type Rewritten = { schema: unknown; weaker: boolean }

/** Gives the schema to judge with, or null when there is none that could be trusted to be fair. */
export function judgeable(schema: unknown): Json | boolean | null {
  try {
    if (isRecord(schema)) {
      const { $id: _, id: __, ...root } = schema
      return rewrite(root, { nodes: 0 }, 0).schema as Json
    }
    return typeof schema === 'boolean' ? schema : null
  } catch (error) {
    if (error instanceof Unjudgeable) return null
    throw error
  }
}

function rewrite(schema: unknown, walk: Walk, depth: number): Rewritten {
  if (typeof schema === 'boolean') return { schema, weaker: false }
  if (!isRecord(schema) || depth > deepest || ++walk.nodes > mostNodes) throw new Unjudgeable()
  // A nested `$id` changes what every reference below it means.
  if ('$id' in schema || '$anchor' in schema) throw new Unjudgeable()

  const out: Json = {}
  let weaker = Object.keys(schema).some((name) => !known.has(name) && !annotations.test(name))
  const child = (value: unknown): unknown => {
    const inner = rewrite(value, walk, depth + 1)
    weaker ||= inner.weaker
    return inner.schema
  }
  for (const [name, fits] of Object.entries(plain)) {
    if (!(name in schema)) continue
    if (fits(schema[name])) out[name] = schema[name]
    else weaker = true
  }
  for (const name of mapsOfSchemas) if (isRecord(schema[name])) out[name] = map(schema[name], child)
  for (const name of listsOfSchemas) {
    if (Array.isArray(schema[name])) out[name] = schema[name].map(child)
  }
  if ('propertyNames' in schema) out.propertyNames = child(schema.propertyNames)
  if (schema.nullable === true && 'type' in out) out.nullable = true
  if ('additionalProperties' in schema && !('patternProperties' in schema)) {
    out.additionalProperties = child(schema.additionalProperties)
  }
  arrays(schema, out, child)
  weaker = logic(schema, out, (value) => rewrite(value, walk, depth + 1)) || weaker
  if (typeof schema.$ref === 'string') {
    weaker = true
    if (/^#(\/|$)/.test(schema.$ref)) out.$ref = schema.$ref
  }
  out[visitCost] = 1 + sizeOf(out.enum) + sizeOf(out.required) + sizeOf(out.properties)
  return { schema: out, weaker }
}

/** 2020-12 says `prefixItems` + `items` where draft-07, which judges here, says `items` + `additionalItems`. */
function arrays(schema: Json, out: Json, child: (value: unknown) => unknown) {
  const { prefixItems, items, additionalItems } = schema
  const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : null
  const rest = first === prefixItems ? items : additionalItems
  if (first) out.items = first.map(child)
  if (first && rest !== undefined && !Array.isArray(rest)) out.additionalItems = child(rest)
  if (!first && items !== undefined) out.items = child(items)
}

/** Where admitting more would end in refusing more, a weaker schema must not decide. */
function logic(schema: Json, out: Json, inner: (value: unknown) => Rewritten): boolean {
  let weaker = false
  if (Array.isArray(schema.oneOf)) {
    const branches = schema.oneOf.map(inner)
    const exact = !branches.some((branch) => branch.weaker)
    weaker ||= !exact
    const choice = { [exact ? 'oneOf' : 'anyOf']: branches.map((branch) => branch.schema) }
    out.allOf = [...(out.allOf as unknown[] ?? []), choice]
  }
  if ('not' in schema) {
    const not = inner(schema.not)
    if (not.weaker) weaker = true
    else out.not = not.schema
  }
  if ('if' in schema) {
    const condition = inner(schema.if)
    if (condition.weaker) return true
    out.if = condition.schema
    for (const name of ['then', 'else']) {
      if (!(name in schema)) continue
      const branch = inner(schema[name])
      weaker ||= branch.weaker
      out[name] = branch.schema
    }
  }
  return weaker
}

function map(schemas: Json, child: (value: unknown) => unknown): Json {
  // A property called `__proto__` must become a property, not a prototype.
  return Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, child(value)]))
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}
