// Reduces one place of a JSON Schema to a plain shape: references followed, null split off,
// single-member wrappers opened. Answers null where it would have to go round in a circle.
import { isRecord } from '@shared/json.ts'
export type Schema = Record<string, unknown>
export type Reduced = { schema: Schema; nullable: boolean; refs: readonly string[] }

/** References and wrappers opened at one place before it is given up. */
const maxSteps = 16

/** `refs` are the references already open above this place: meeting one again is a circle. */
export function reduce(
  written: unknown,
  { root, refs }: { root: Schema; refs: readonly string[] },
): Reduced | null {
  let nullable = false
  let open = refs
  let schema = written === true ? {} : written
  for (let step = 0; step < maxSteps; step++) {
    if (!isRecord(schema)) return null
    if (schema.nullable === true) nullable = true
    const reference = schema.$ref
    if (reference !== undefined) {
      if (typeof reference !== 'string' || open.includes(reference)) return null
      open = [...open, reference]
      schema = overlay(schema, '$ref', lookUp(root, reference))
      continue
    }
    const split = splitTypes(schema)
    if (split?.hadNull) nullable = true
    const opened = openSingle(split?.schema ?? schema)
    if (!split && opened === schema) return { schema, nullable, refs: open }
    schema = opened
  }
  return null
}

/** The one type a schema names or plainly implies, else null. */
export function typeOf(schema: Schema): string | null {
  if (typeof schema.type === 'string') return schema.type
  if (isRecord(schema.properties)) return 'object'
  if (schema.items !== undefined) return 'array'
  return null
}

export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** `maxResults`, `max_results` → "Max results". */
export function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim()
  const lower = words.replace(/\b[A-Z][a-z]+\b/g, (word) => word.toLowerCase())
  return lower.charAt(0).toUpperCase() + lower.slice(1) || name
}

/** A `#/…` pointer inside the document (RFC 6901); nothing is ever fetched. */
function lookUp(root: Schema, reference: string): unknown {
  if (reference === '#') return root
  if (!reference.startsWith('#/')) return undefined
  let here: unknown = root
  for (const part of reference.slice(2).split('/')) {
    const key = unescapePointer(part)
    const known = Array.isArray(here) || isRecord(here)
    if (!known || !Object.hasOwn(here as object, key)) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

function unescapePointer(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/** The words beside a wrapper (title, description, default) win over those inside it. */
function overlay(outer: Schema, wrapper: string, inner: unknown): unknown {
  if (inner === true) inner = {}
  if (!isRecord(inner)) return null
  const { [wrapper]: _opened, ...beside } = outer
  return { ...inner, ...beside }
}

/** Null is a way of being empty, not an alternative of its own; several types are alternatives. */
function splitTypes(schema: Schema): { schema: Schema; hadNull: boolean } | null {
  if (Array.isArray(schema.type)) {
    const { type: types, ...beside } = schema
    const rest = types.filter((one) => one !== 'null')
    const hadNull = rest.length < types.length
    if (rest.length < 2) return { schema: { ...beside, type: rest[0] ?? 'null' }, hadNull }
    const members = rest.map((type) => ({ ...beside, title: undefined, type }))
    return {
      schema: {
        title: schema.title,
        description: schema.description,
        default: schema.default,
        anyOf: members,
      },
      hadNull,
    }
  }
  for (const key of ['anyOf', 'oneOf']) {
    const members = schema[key]
    if (!Array.isArray(members)) continue
    const rest = members.filter((one) => !(isRecord(one) && one.type === 'null'))
    if (rest.length < members.length && rest.length > 0) {
      return { schema: { ...schema, [key]: rest }, hadNull: true }
    }
  }
  return null
}

function openSingle(schema: Schema): unknown {
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const members = schema[key]
    if (Array.isArray(members) && members.length === 1) return overlay(schema, key, members[0])
  }
  return schema
}
