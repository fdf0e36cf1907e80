// What the schema of a tool's output tells of a value in it: its title, its unit, its format. Pure. A schema is
// a stranger's too: nothing in it is followed outside of it, and it never decides what is shown, only how.
import { isRecord } from '@shared/json.ts'
import type { JsonSchema } from '@shared/tool.ts'
import { readableName } from '@/lib/format.ts'
import { reduce } from '../schema-form/reduce.ts'

/** A place in a schema. */
export type Told = { root: JsonSchema; at: JsonSchema }

export type Field = {
  name: string
  /** What it is called, for readers. */
  title: string
  description: string | null
  unit: string | null
  /** `percent`: a share of one. */
  format: 'date' | 'time' | 'percent' | null
}

export function toldBy(schema: JsonSchema | null | undefined): Told | null {
  return schema ? place(schema, schema) : null
}

/** A property by its name, and what else there may be where that is not told. */
export function toldOf(told: Told | null, name: string): Told | null {
  if (!told) return null
  const { root, at: { properties, additionalProperties } } = told
  const own = isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : null
  return place(own ?? additionalProperties, root)
}

export function toldOfItems(told: Told | null): Told | null {
  return told && place(told.at.items, told.root)
}

function place(schema: unknown, root: JsonSchema): Told | null {
  const reduced = isRecord(schema) ? reduce(schema, { root, refs: [] }) : null
  return reduced && { root, at: reduced.schema }
}

/** Longer ones are no names. */
const longestTitle = 80
const longestUnit = 12

export function fieldOf(name: string, told: Told | null): Field {
  const { title, description, unit, format, 'x-unit': other } = told?.at ?? {}
  return {
    name,
    title: words(title, longestTitle) ?? readableName(name),
    description: words(description, 300),
    unit: words(unit, longestUnit) ?? words(other, longestUnit),
    format: formatOf(format),
  }
}

function words(told: unknown, longest: number): string | null {
  if (typeof told !== 'string') return null
  const text = told.trim()
  return text !== '' && text.length <= longest ? text : null
}

function formatOf(format: unknown): Field['format'] {
  if (format === 'date' || format === 'percent') return format
  return format === 'date-time' ? 'time' : null
}
