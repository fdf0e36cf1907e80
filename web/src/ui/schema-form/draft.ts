// What a form holds before anyone types: the given value, else the schema's default, else nothing.
import { isRecord } from '@shared/json.ts'
import type { Draft, Field, Json } from './field.ts'
import { VariantDraft } from './field.ts'
import { readDraft } from './read.ts'

const maxRows = 200

/** `value` undefined means nothing is given and the default counts. */
export function draftOf(field: Field, value: unknown): Draft {
  const given = value === undefined ? field.preset : value
  switch (field.kind) {
    case 'text':
      return field.format === 'date-time' ? localTime(given) : plainText(given)
    case 'number':
      return typeof given === 'number' ? String(given) : plainText(given)
    case 'switch':
      return typeof given === 'boolean' ? given : undefined
    case 'choice':
      return chosen(field.options, given, field.required)
    case 'choices':
      return Array.isArray(given)
        ? given.map((one) => chosen(field.options, one, false)).filter(Boolean)
        : []
    case 'list':
      return listDraft(field.item, field.min, given)
    case 'group':
      return groupDraft(field.fields, given)
    case 'variant':
      return variantDraft(field.variants, given)
    case 'json':
      return given === undefined ? '' : JSON.stringify(given, null, 2)
  }
}

/** True when the form can hold `value` without losing or changing any of it. */
export function fits(field: Field, value: unknown): boolean {
  const read = readDraft(field, draftOf(field, value))
  return read.problems.length === 0 && same(read.value, value)
}

function chosen(options: { value: Json }[], given: unknown, required: boolean): string {
  const index = options.findIndex(({ value }) => value === given)
  if (index >= 0) return String(index)
  return required && options.length === 1 ? '0' : ''
}

function listDraft(item: Field, min: number, given: unknown): Draft[] {
  if (Array.isArray(given)) return given.slice(0, maxRows).map((one) => draftOf(item, one))
  return Array.from({ length: min }, () => draftOf(item, undefined))
}

function groupDraft(fields: { name: string; field: Field }[], given: unknown): Draft {
  const values = isRecord(given) ? given : {}
  return Object.fromEntries(
    fields.map(({ name, field }) => [
      name,
      draftOf(field, Object.hasOwn(values, name) ? values[name] : undefined),
    ]),
  )
}

function variantDraft(variants: Field[], given: unknown): Draft {
  const fitting = given === undefined ? 0 : variants.findIndex((one) => fits(one, given))
  const index = Math.max(fitting, 0)
  const variant = variants[index]
  return new VariantDraft(index, variant && draftOf(variant, fitting < 0 ? undefined : given))
}

function plainText(given: unknown): string {
  if (typeof given === 'string') return given
  return given === undefined || given === null ? '' : String(given)
}

/** An instant as the person's own clock shows it, the way `datetime-local` writes it. */
function localTime(given: unknown): string {
  const instant = typeof given === 'string' ? new Date(given) : null
  if (!instant || Number.isNaN(instant.getTime())) return ''
  const shifted = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000)
  return shifted.toISOString().replace(/(:00)?\.000Z$|Z$/, '')
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => same(one, b[index]))
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
