// Reads a tool's JSON Schema (2020-12, and draft-07's spellings) into fields a form can draw.
// Schemas come from strangers: depth, field count and option count are bounded, `$ref` is followed only
// inside the document and never in a circle, and regular expressions are never run. The rest is `json`.
import { isRecord } from '@shared/json.ts'
import type { Field, JsonField, NamedField, Option } from './field.ts'
import { optionsOf } from './options.ts'
import { numberField, textField } from './plan-plain.ts'
import { count, reduce, type Schema, typeOf, wordsOf } from './reduce.ts'

const maxDepth = 5
const maxFields = 120
const maxOptions = 300
const maxVariants = 6
const maxChecks = 24

/** Shared by one whole plan, so that no corner of a schema can spend it alone. */
type Budget = { root: Schema; fieldsLeft: number }
type Place = { name: string; required: boolean; depth: number; refs: readonly string[] }
type Frame = ReturnType<typeof frameOf>
type Context = { frame: Frame; at: Place; budget: Budget }

/** The form of a whole input: a group of named fields, or one JSON field when it cannot be drawn. */
export function planForm(schema: unknown): Field {
  const root = isRecord(schema) ? schema : {}
  const at = { name: 'arguments', required: true, depth: 0, refs: ['#'] }
  const field = planField({ type: 'object', ...root }, at, { root, fieldsLeft: maxFields })
  if (field.kind === 'group') return field
  return jsonField({ ...frameOf({}, at) }, 'object')
}

/** True for a tool that takes nothing: there is no form to draw, only a button. */
export function takesNothing(field: Field): boolean {
  return field.kind === 'group' && field.fields.length === 0
}

function planField(written: unknown, at: Place, budget: Budget): Field {
  const reduced = reduce(written, { root: budget.root, refs: at.refs })
  if (!reduced) return jsonField(frameOf(isRecord(written) ? written : {}, at), null)
  const { schema, nullable, refs } = reduced
  const frame = { ...frameOf(schema, at), nullable }
  if (--budget.fieldsLeft < 0 || at.depth > maxDepth) return jsonField(frame, shapeOf(schema))
  const context = { frame, at: { ...at, refs }, budget }
  const options = optionsOf(schema)
  if (options) return choiceField(frame, options)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (Array.isArray(alternatives)) return variantField(alternatives, context)
  if (Array.isArray(schema.allOf)) return jsonField(frame, shapeOf(schema))
  switch (typeOf(schema)) {
    case 'string':
      return textField(schema, { frame, name: at.name })
    case 'integer':
    case 'number':
      return numberField(schema, frame)
    case 'boolean':
      return { ...frame, kind: 'switch' }
    case 'array':
      return listField(schema, context)
    case 'object':
      return groupField(schema, context)
    default:
      return jsonField(frame, null)
  }
}

/** Too many to list: a text field when they are all text, else JSON. The server still checks the value. */
function choiceField(frame: Frame, all: Option[]): Field {
  const options = all.length > 1 ? all.filter(({ value }) => value !== null) : all
  const nullable = frame.nullable || options.length < all.length
  if (options.length <= maxOptions) return { ...frame, nullable, kind: 'choice', options }
  if (!options.every(({ value }) => typeof value === 'string')) return jsonField(frame, null)
  return textField({}, { frame: { ...frame, nullable }, name: '' })
}

function listField(schema: Schema, { frame, at, budget }: Context): Field {
  if (!isRecord(schema.items)) return jsonField(frame, 'array')
  const inner = { name: singular(at.name), required: true, depth: at.depth + 1, refs: at.refs }
  const item = planField(schema.items, inner, budget)
  const min = count(schema.minItems) ?? 0
  const max = count(schema.maxItems)
  const checks = item.kind === 'choice' && schema.uniqueItems === true
  if (checks && item.options.length <= maxChecks) {
    return { ...frame, kind: 'choices', options: item.options, min, max }
  }
  const drawable = ['text', 'number', 'switch', 'choice', 'group'].includes(item.kind)
  if (!drawable || min > 50) return jsonField(frame, 'array')
  return { ...frame, kind: 'list', item, min, max }
}

function groupField(schema: Schema, { frame, at, budget }: Context): Field {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const names = Object.keys(properties)
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const free = names.length === 0 && schema.additionalProperties !== false && at.depth > 0
  // A required name that is never described has no field to ask for it.
  const undescribed = [...required].some((name) => !names.includes(name))
  if (free || undescribed || names.length > maxFields || names.includes('__proto__')) {
    return jsonField(frame, 'object')
  }
  const fields = names.map((name): NamedField => {
    const inner = { name, required: required.has(name), depth: at.depth + 1, refs: at.refs }
    return { name, field: planField(properties[name], inner, budget) }
  })
  if (budget.fieldsLeft < 0) return jsonField(frame, 'object')
  // What must be answered comes first; otherwise the server's own order stays.
  fields.sort((a, b) => Number(b.field.required) - Number(a.field.required))
  return { ...frame, kind: 'group', fields }
}

function variantField(alternatives: unknown[], { frame, at, budget }: Context): Field {
  if (alternatives.length > maxVariants) return jsonField(frame, null)
  const variants = alternatives.map((one) => {
    const inner = { ...at, required: true, depth: at.depth + 1 }
    const field = planField(one, inner, budget)
    const title = isRecord(one) && typeof one.title === 'string' ? one.title.trim() : ''
    return { ...field, label: title.slice(0, 60) || kindWords[field.kind], preset: undefined }
  })
  const simple = variants.every(({ kind }) => kind !== 'json' && kind !== 'variant')
  if (!simple || budget.fieldsLeft < 0) return jsonField(frame, null)
  return { ...frame, kind: 'variant', variants }
}

const kindWords: Record<Field['kind'], string> = {
  text: 'Text',
  number: 'Number',
  switch: 'Yes or no',
  choice: 'Choice',
  choices: 'Choices',
  list: 'List',
  group: 'Fields',
  variant: 'Other',
  json: 'JSON',
}

function frameOf(schema: Schema, at: Place) {
  const title = typeof schema.title === 'string' ? schema.title.trim() : ''
  const described = typeof schema.description === 'string' ? schema.description.trim() : ''
  return {
    label: (title || wordsOf(at.name)).slice(0, 120),
    description: described && described !== title ? described.slice(0, 600) : null,
    required: at.required,
    nullable: false,
    preset: schema.default,
  }
}

function jsonField(frame: Frame, shape: JsonField['shape']): Field {
  return { ...frame, kind: 'json', shape }
}

function shapeOf(schema: Schema): JsonField['shape'] {
  const type = typeOf(schema)
  return type === 'object' || type === 'array' ? type : null
}

function singular(name: string): string {
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name
}
