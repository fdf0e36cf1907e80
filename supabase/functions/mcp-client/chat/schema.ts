// Reads a tool’s input schema: its parameters, what is missing, and text turned into a typed value.
// It does not validate: the corridor does, against the whole schema, before anything is sent.
import { isRecord } from '../../../../shared/json.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'

export type Kind = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object'
export type Parameter = {
  name: string
  /** Null where the schema does not name one type. */
  kind: Kind | null
  required: boolean
  choices: unknown[] | null
  format: string | null
}

const KINDS: Kind[] = ['string', 'number', 'integer', 'boolean', 'array', 'object']

function kindOf(schema: Record<string, unknown>): Kind | null {
  const types = [schema.type].flat().filter((type) => type !== 'null')
  if (types.length === 1) return KINDS.find((kind) => kind === types[0]) ?? null
  // `anyOf: [{ type: 'string' }, { type: 'null' }]` is how many servers write an optional value.
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isRecord) : []
  const real = branches.filter((branch) => branch.type !== 'null')
  return real.length === 1 && real[0] ? kindOf(real[0]) : null
}

function requiredNames(schema: JsonSchema): string[] {
  if (!Array.isArray(schema.required)) return []
  return schema.required.filter((name): name is string => typeof name === 'string')
}

/** More than anyone writes out; a hostile schema may list any number. */
const MOST_PARAMETERS = 200

/** The first parameters at the top of an input schema: required ones first, else in the schema’s order. */
export function parametersOf(schema: JsonSchema): Parameter[] {
  const declared = isRecord(schema.properties) ? schema.properties : {}
  const required = new Set(requiredNames(schema))
  const names = Object.keys(declared)
  const ordered = [
    ...names.filter((name) => required.has(name)),
    ...names.filter((name) => !required.has(name)),
  ]
  return ordered.slice(0, MOST_PARAMETERS).map((name): Parameter => {
    const value = declared[name]
    const property = isRecord(value) ? value : {}
    return {
      name,
      kind: kindOf(property),
      required: required.has(name),
      choices: Array.isArray(property.enum) ? property.enum : null,
      format: typeof property.format === 'string' ? property.format : null,
    }
  })
}

/** Required parameters that are absent. A null counts as given: some schemas ask for it. */
export function missingParameters(
  schema: JsonSchema,
  given: Record<string, unknown>,
): string[] {
  return requiredNames(schema).filter((name) =>
    !Object.hasOwn(given, name) || given[name] === undefined
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asBoolean(text: string): boolean | undefined {
  if (/^(true|yes|on)$/i.test(text)) return true
  if (/^(false|no|off)$/i.test(text)) return false
  return undefined
}

function asNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

function asChoice(text: string, choices: unknown[]): unknown {
  return choices.find((choice) => String(choice).toLowerCase() === text.toLowerCase())
}

/**
 * Turns what a person wrote after `name=` into the type the parameter wants. What cannot be turned
 * stays the text it was, so that validation can name the field.
 */
export function valueFrom(text: string, parameter: Parameter | undefined): unknown {
  if (parameter?.choices) return asChoice(text, parameter.choices) ?? text
  switch (parameter?.kind) {
    case 'string':
      return text
    case 'number':
    case 'integer':
      return asNumber(text) ?? text
    case 'boolean':
      return asBoolean(text) ?? text
    case 'object':
      return parsed(text) ?? text
    case 'array': {
      const whole = parsed(text)
      if (Array.isArray(whole)) return whole
      return text.split(',').map((item) => item.trim()).filter((item) => item !== '')
        .map((item) => asNumber(item) ?? item)
    }
    default:
      return parsed(text) ?? text
  }
}
