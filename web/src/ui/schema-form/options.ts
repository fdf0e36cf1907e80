// The fixed choices a schema offers: `const`, `enum` (with draft-07's `enumNames`), or a list of constants.
import { isRecord } from '@shared/json.ts'
import type { Option } from './field.ts'
import type { Schema } from './reduce.ts'

/** Null when the schema offers none, or offers something that is not a plain value. */
export function optionsOf(schema: Schema): Option[] | null {
  if ('const' in schema) return allOrNone([optionOf(schema.const, schema.title)])
  if (Array.isArray(schema.enum) && schema.enum.length > 0) {
    const names = Array.isArray(schema.enumNames) ? schema.enumNames : []
    return allOrNone(schema.enum.map((value, index) => optionOf(value, names[index])))
  }
  const members = schema.oneOf ?? schema.anyOf
  if (!Array.isArray(members) || members.length === 0) return null
  return allOrNone(
    members.map((one) => isRecord(one) && 'const' in one ? optionOf(one.const, one.title) : null),
  )
}

function allOrNone(options: (Option | null)[]): Option[] | null {
  const known = options.filter((one) => one !== null)
  return known.length === options.length ? known : null
}

function optionOf(value: unknown, name: unknown): Option | null {
  if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) return null
  const label = typeof name === 'string' && name.trim() ? name.trim() : String(value)
  return { label: label.slice(0, 200) || '(empty)', value: value as Option['value'] }
}
