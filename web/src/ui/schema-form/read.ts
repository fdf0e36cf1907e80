// Reads what a person typed back into the value a tool receives. Empty optional fields are left out;
// everything wrong is named by its dotted path, in words for the person. The server checks again.
import type { FieldProblem } from '@shared/errors.ts'
import { isRecord } from '@shared/json.ts'
import type { ChoicesField, Draft, Field, GroupField, Json, ListField, TextField } from './field.ts'
import { VariantDraft } from './field.ts'
import { readNumber } from './read-number.ts'

/** `value` undefined: nothing was given and nothing is sent. It is only whole when there are no problems. */
export type Read = { value: Json | undefined; problems: FieldProblem[] }

export function readDraft(field: Field, draft: Draft, path = ''): Read {
  switch (field.kind) {
    case 'text':
      return readText(field, asText(draft), path)
    case 'number':
      return asText(draft).trim() === ''
        ? empty(field, path)
        : readNumber(field, asText(draft), path)
    case 'switch':
      if (typeof draft === 'boolean') return fine(draft)
      return field.required ? fine(false) : fine(undefined)
    case 'choice': {
      const option = draft === '' ? undefined : field.options[Number(draft)]
      return option ? fine(option.value) : empty(field, path, 'Choose one')
    }
    case 'choices':
      return readChoices(field, draft, path)
    case 'list':
      return readList(field, draft, path)
    case 'group':
      return readGroup(field, draft, path)
    case 'variant': {
      const { chosen, draft: inner } = draft instanceof VariantDraft
        ? draft
        : new VariantDraft(0, '')
      const variant = field.variants[chosen]
      if (!variant) return empty(field, path)
      return readDraft(
        { ...variant, required: field.required, nullable: field.nullable },
        inner,
        path,
      )
    }
    case 'json':
      return asText(draft).trim() === ''
        ? empty(field, path)
        : readJson(field.shape, asText(draft), path)
  }
}

/** The text of a JSON field, parsed. */
export function readJson(shape: 'object' | 'array' | null, text: string, path: string): Read {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return wrong(path, `This is not JSON yet: ${reason(error)}`)
  }
  if (shape === 'object' && !isRecord(value)) {
    return wrong(path, 'Write an object: { "name": value }')
  }
  if (shape === 'array' && !Array.isArray(value)) return wrong(path, 'Write a list: [ … ]')
  return fine(value)
}

function readText(field: TextField, text: string, path: string): Read {
  if (text === '') return empty(field, path)
  // JSON Schema counts characters, not UTF-16 units.
  const length = Array.from(text).length
  if (length < field.minLength) return wrong(path, `Write at least ${field.minLength} characters`)
  if (field.maxLength !== null && length > field.maxLength) {
    return wrong(path, `Write at most ${field.maxLength} characters; this is ${length}`)
  }
  switch (field.format) {
    case 'email':
      return /^\S+@\S+$/.test(text) ? fine(text) : wrong(path, 'Write an e-mail address')
    case 'uri':
      return URL.canParse(text)
        ? fine(text)
        : wrong(path, 'Write a whole address, such as https://…')
    case 'date-time': {
      const instant = new Date(text)
      if (Number.isNaN(instant.getTime())) return wrong(path, 'Write a date and a time')
      return fine(instant.toISOString())
    }
    default:
      return fine(text)
  }
}

function readChoices(field: ChoicesField, draft: Draft, path: string): Read {
  const chosen = Array.isArray(draft) ? draft : []
  const values = field.options.filter((_, index) => chosen.includes(String(index)))
  if (values.length === 0 && !field.required) return fine(undefined)
  return counted(field, { value: values.map(({ value }) => value), problems: [] }, path)
}

function readList(field: ListField, draft: Draft, path: string): Read {
  const rows = Array.isArray(draft) ? draft : []
  if (rows.length === 0 && !field.required) return fine(undefined)
  const read = rows.map((row, index) => readDraft(field.item, row, join(path, String(index))))
  return counted(field, {
    value: read.map(({ value }) => value ?? null),
    problems: read.flatMap(({ problems }) => problems),
  }, path)
}

function counted(
  field: ListField | ChoicesField,
  read: { value: Json[]; problems: FieldProblem[] },
  path: string,
): Read {
  const { length } = read.value
  if (length < field.min) return wrong(path, `Add at least ${field.min}`)
  if (field.max !== null && length > field.max) return wrong(path, `At most ${field.max} fit here`)
  return read
}

/** An optional group nobody touched is left out, so that its own required fields are not asked for. */
function readGroup(field: GroupField, draft: Draft, path: string): Read {
  const drafts = isRecord(draft) ? draft as Record<string, Draft> : {}
  if (!field.required && isBlank(drafts)) return fine(undefined)
  const value: Record<string, Json> = {}
  const problems: FieldProblem[] = []
  for (const { name, field: inner } of field.fields) {
    const read = readDraft(inner, drafts[name], join(path, name))
    problems.push(...read.problems)
    if (read.value !== undefined) value[name] = read.value
  }
  return { value, problems }
}

function isBlank(draft: Draft): boolean {
  if (draft instanceof VariantDraft) return isBlank(draft.draft)
  if (Array.isArray(draft)) return draft.every(isBlank)
  if (isRecord(draft)) return Object.values(draft as Record<string, Draft>).every(isBlank)
  return draft === undefined || draft === ''
}

function empty(field: Field, path: string, ask = 'This is needed'): Read {
  if (!field.required) return fine(undefined)
  if (field.nullable) return fine(null)
  return wrong(path, ask)
}

function asText(draft: Draft): string {
  return typeof draft === 'string' ? draft : ''
}

function fine(value: Json | undefined): Read {
  return { value, problems: [] }
}

function wrong(path: string, message: string): Read {
  return { value: undefined, problems: [{ path, message }] }
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^JSON\.parse: /, '') : 'unreadable'
}
