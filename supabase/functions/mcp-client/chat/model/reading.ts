// A person’s words while they are being read for a tool: what is left of the text, and what was found.
import { type Span, without } from '../scan.ts'
import type { Parameter } from '../schema.ts'
import { words } from '../words.ts'

export type Reading = {
  /** The text not yet used up. */
  text: string
  parameters: Parameter[]
  values: Map<string, unknown>
}

const EMAIL = /(?<![^\s<>"',;()])[^\s@<>"',;()]+@[^\s@<>"',;()]+\.\p{L}{2,}/gu
const DATE_TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g
const DATE = /\d{4}-\d\d-\d\d(?!\d)/g
const URL_TEXT = /(?:https?:\/\/|data:)[^\s"'<>]+[^\s"'<>.,;:!?)]/g

export function open(reading: Reading): Parameter[] {
  return reading.parameters.filter((one) => !reading.values.has(one.name))
}

export function take(
  reading: Reading,
  parameter: Parameter,
  found: { value: unknown; spans: Span[] },
): void {
  reading.values.set(parameter.name, found.value)
  reading.text = without(reading.text, found.spans)
}

export function patternFor(parameter: Parameter): RegExp | null {
  if (parameter.kind !== 'string' && parameter.kind !== null) return null
  const name = words(parameter.name)
  if (parameter.format === 'email' || name.some((word) => /^e?mails?$/.test(word))) return EMAIL
  if (parameter.format === 'date-time') return DATE_TIME
  if (parameter.format === 'date' || name.includes('date')) return DATE
  if (parameter.format === 'uri' || name.some((word) => /^(url|uri|link)$/.test(word))) {
    return URL_TEXT
  }
  return null
}

export function wantsText(parameter: Parameter): boolean {
  return parameter.kind === 'string' && !parameter.choices && patternFor(parameter) === null
}

export function isNumeric(parameter: Parameter): boolean {
  return parameter.kind === 'number' || parameter.kind === 'integer'
}

export function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/^[\s:,\-–]+/, '').trim()
}
