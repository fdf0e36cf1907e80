// The form of an elicitation (MCP 2025-11-25, "Requested Schema"): a flat object of primitives and
// choices. Bounds what a server may ask for, fills in defaults, judges what a person answered. Pure.
import { specTypeSchemas } from '@modelcontextprotocol/client'
import { z } from 'zod'
import type { FieldProblem } from '../../../../shared/errors.ts'
import type { JsonSchema } from '../../../../shared/tool.ts'
import { cleanText, measure, visible } from './content.ts'
import { UpstreamError } from './upstream.ts'
import { checkParameters } from './validation.ts'

const most = { fields: 50, options: 200, name: 128, label: 300, text: 1_000, value: 1_000 }
const size = { depth: 8, bytes: 64 * 1_024 }

type Option = { const: string; title: string }
type Field = JsonSchema & {
  title?: string
  description?: string
  enum?: string[]
  enumNames?: string[]
  oneOf?: Option[]
  items?: { enum?: string[]; anyOf?: Option[] }
}

/** Keeps what the grammar knows, with readable labels. Throws `UpstreamError` for anything else. */
export function readForm(requestedSchema: unknown): JsonSchema {
  if (measure(requestedSchema, size) !== 'fits') {
    throw unusable('The server asks for too much input')
  }
  const read = specTypeSchemas.ElicitRequestFormParams['~standard']
    .validate({ message: '', requestedSchema })
  if (read.issues) throw unusable('The server asks for input that no form can take')
  const { properties, required } = read.value.requestedSchema
  const names = Object.keys(properties)
  if (names.length > most.fields || !names.every(isName)) {
    throw unusable('The server asks for input that no form can take')
  }
  const fields = names.map((name): [string, Field] => [name, readField(properties[name] as Field)])
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(required ? { required: names.filter((name) => required.includes(name)) } : {}),
  }
}

/** The content with the defaults of the fields it lacks (SEP-1034). */
export function withDefaults(
  requested: JsonSchema,
  content: Record<string, unknown>,
): Record<string, unknown> {
  const missing = Object.entries(fieldsOf(requested))
    .filter(([name, field]) => !Object.hasOwn(content, name) && field.default !== undefined)
  return {
    ...content,
    ...Object.fromEntries(missing.map(([name, { default: value }]) => [name, value])),
  }
}

/** What is wrong with the content, one problem per field: `path` is `content.<field>`. */
export function contentProblems(
  requested: JsonSchema,
  content: Record<string, unknown>,
): FieldProblem[] {
  const fields = fieldsOf(requested)
  const found = checkParameters(requested, content)
    .map(({ path, message }) => ({ path: path.replace(/^parameters/, 'content'), message }))
  for (const [name, value] of Object.entries(content)) {
    const path = `content.${cleanText(name, most.name)}`
    if (!Object.hasOwn(fields, name)) found.push({ path, message: 'is not a field of this form' })
    else if (!hasFormat(fields[name]!, value) && !found.some((one) => one.path === path)) {
      found.push({ path, message: `is not a valid ${fields[name]!.format}` })
    }
  }
  return found
}

function fieldsOf(requested: JsonSchema): Record<string, Field> {
  return (requested.properties ?? {}) as Record<string, Field>
}

/** A value is sent back as it came, so one that would not be seen as it is cannot be offered. */
function readField(field: Field): Field {
  const options = field.enum ?? field.oneOf?.map(valueOf) ?? field.items?.enum ??
    field.items?.anyOf?.map(valueOf) ?? []
  if (options.length > most.options || !options.every(isValue)) {
    throw unusable('The server offers choices that no form can show')
  }
  const read: Field = { ...field }
  if (field.title !== undefined) read.title = cleanText(field.title, most.label)
  if (field.description !== undefined) read.description = cleanText(field.description, most.text)
  if (field.enumNames) read.enumNames = field.enumNames.map((name) => cleanText(name, most.label))
  if (field.oneOf) read.oneOf = field.oneOf.map(titled)
  if (field.items?.anyOf) read.items = { anyOf: field.items.anyOf.map(titled) }
  if (!fits(read, field.default) || !isSeen(field.default)) delete read.default
  return read
}

function fits(field: Field, value: unknown): boolean {
  const form = { type: 'object', properties: { value: field } }
  return contentProblems(form, { value }).length === 0
}

const formats: Record<string, z.ZodType> = {
  email: z.email(),
  uri: z.url(),
  date: z.iso.date(),
  'date-time': z.iso.datetime({ offset: true }),
}

function hasFormat(field: Field, value: unknown): boolean {
  const format = typeof field.format === 'string' ? formats[field.format] : undefined
  return format === undefined || typeof value !== 'string' || format.safeParse(value).success
}

function valueOf(option: Option): string {
  return option.const
}

function titled(option: Option): Option {
  return { const: option.const, title: cleanText(option.title, most.label) }
}

function isValue(value: string): boolean {
  return value.length <= most.value && visible(value) === value
}

/** A default is sent as it is when nobody changes it. */
function isSeen(value: unknown): boolean {
  return typeof value !== 'string' || visible(value) === value
}

function isName(name: string): boolean {
  return name !== '' && name !== '__proto__' && name.length <= most.name && visible(name) === name
}

function unusable(message: string): UpstreamError {
  return new UpstreamError('protocol', message, { sent: true })
}
