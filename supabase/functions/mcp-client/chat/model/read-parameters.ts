// Reads a tool’s parameters out of a person’s words, for the built-in router. It takes only what is
// written there: no arithmetic, no defaults, no knowledge. What it cannot read stays missing.
import { findObject, findPairs, findQuotes, type Span, without } from '../scan.ts'
import { type Parameter, parametersOf, valueFrom } from '../schema.ts'
import { leadsUp, mentionOf, nameSource, READABLE, words } from '../words.ts'
import type { JsonSchema } from '../../../../../shared/tool.ts'

export type Described = { tool_name: string; title: string | null; input_schema: JsonSchema }

type Reading = {
  /** The text not yet used up. */
  text: string
  parameters: Parameter[]
  values: Map<string, unknown>
}

const EMAIL = /[^\s@<>"',;()]+@[^\s@<>"',;()]+\.\p{L}{2,}/gu
const DATE_TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g
const DATE = /\d{4}-\d\d-\d\d(?!\d)/g
const URL_TEXT = /(?:https?:\/\/|data:)[^\s"'<>]+[^\s"'<>.,;:!?)]/g
const NUMBER = /(?<![\p{L}\p{N}_.:/-])[+-]?\d+(?:\.\d+)?(?![\p{L}\p{N}_]|[.:/-]\d)/gu

/** The parameters readable from `message` for this tool, typed by its schema. */
export function readParameters(message: string, tool: Described): Record<string, unknown> {
  const text = message.slice(0, READABLE)
  const mention = mentionOf(text, tool)
  const ordered = mention !== null && leadsUp(mention.before)
  const around = mention ? `${mention.before} ${mention.after}` : text
  const reading: Reading = {
    text: ordered ? mention.after : around,
    parameters: parametersOf(tool.input_schema),
    values: new Map(),
  }
  readObject(reading)
  readPairs(reading)
  readFormats(reading)
  readChoices(reading)
  readSwitches(reading)
  if (reading.values.size === 0 && ordered && readOnlyText(reading)) {
    return Object.fromEntries(reading.values)
  }
  readNumbers(reading)
  readQuotes(reading)
  readLabelled(reading)
  if (ordered) readRest(reading)
  return Object.fromEntries(reading.values)
}

function open(reading: Reading): Parameter[] {
  return reading.parameters.filter((one) => !reading.values.has(one.name))
}

function take(
  reading: Reading,
  parameter: Parameter,
  found: { value: unknown; spans: Span[] },
): void {
  reading.values.set(parameter.name, found.value)
  reading.text = without(reading.text, found.spans)
}

function sameName(parameter: Parameter, written: string): boolean {
  return words(parameter.name).join('') === words(written).join('')
}

function readObject(reading: Reading): void {
  const found = findObject(reading.text)
  if (!found) return
  const known = Object.entries(found.value).flatMap(([name, value]) => {
    const parameter = reading.parameters.find((one) => sameName(one, name))
    return parameter ? [{ parameter, value }] : []
  })
  if (known.length > 0) {
    for (const { parameter, value } of known) reading.values.set(parameter.name, value)
    reading.text = without(reading.text, [found])
    return
  }
  const objects = open(reading).filter((one) => one.kind === 'object')
  if (objects.length === 1 && objects[0]) {
    take(reading, objects[0], { value: found.value, spans: [found] })
  }
}

function readPairs(reading: Reading): void {
  const named = (name: string) => open(reading).find((one) => sameName(one, name))
  const pairs = findPairs(reading.text, (name) => named(name) !== undefined)
  for (const pair of pairs) {
    const parameter = named(pair.name)
    if (parameter) reading.values.set(parameter.name, valueFrom(pair.value, parameter))
  }
  reading.text = without(reading.text, pairs)
}

function patternFor(parameter: Parameter): RegExp | null {
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

/** E-mail addresses, dates and addresses go, in order, to the parameters that ask for them. */
function readFormats(reading: Reading): void {
  for (const parameter of open(reading)) {
    const pattern = parameter.choices ? null : patternFor(parameter)
    const found = pattern && [...reading.text.matchAll(pattern)][0]
    if (!found) continue
    const span = { start: found.index, end: found.index + found[0].length }
    take(reading, parameter, { value: found[0], spans: [span] })
  }
}

/** One of a parameter’s listed values, where exactly one of them is written. */
function readChoices(reading: Reading): void {
  for (const parameter of open(reading)) {
    const texts = (parameter.choices ?? []).filter((one) => typeof one === 'string')
    const longestFirst = texts.sort((one, other) => other.length - one.length)
    const found: { value: string; span: Span }[] = []
    let rest = reading.text
    for (const choice of longestFirst) {
      const source = nameSource(choice)
      const match = source === null ? null : new RegExp(source, 'iu').exec(rest)
      if (!match) continue
      const span = { start: match.index, end: match.index + match[0].length }
      found.push({ value: choice, span })
      rest = rest.slice(0, span.start) + '\u0000'.repeat(match[0].length) + rest.slice(span.end)
    }
    const [only] = found
    if (only && found.length === 1) {
      take(reading, parameter, { value: only.value, spans: [only.span] })
    }
  }
}

/** “with an image”, “without image”, “verbose on” for a boolean. */
function readSwitches(reading: Reading): void {
  for (const parameter of open(reading)) {
    if (parameter.kind !== 'boolean') continue
    const bare = words(parameter.name).filter((word) =>
      !/^(include|is|has|with|enable|use)$/.test(word)
    )
    const name = nameSource(bare.join(' '))
    if (name === null) continue
    const article = '(?:an?\\s+|the\\s+|example\\s+)*'
    const off = new RegExp(
      `\\b(?:without|no|not|exclude|excluding|disable)\\s+${article}${name}`,
      'iu',
    )
    const on = new RegExp(`\\b(?:with|include|including|plus|enable)\\s+${article}${name}`, 'iu')
    const said = new RegExp(`${name}\\s*(?:is|to|:)?\\s*(true|false|yes|no|on|off)\\b`, 'iu')
    const [negated, stated, affirmed] = [off, said, on].map((one) => one.exec(reading.text))
    const match = negated ?? stated ?? affirmed
    if (!match) continue
    const value = negated ? false : stated?.[1] ? valueFrom(stated[1], parameter) : true
    const span = { start: match.index, end: match.index + match[0].length }
    take(reading, parameter, { value, spans: [span] })
  }
}

function isNumeric(parameter: Parameter): boolean {
  return parameter.kind === 'number' || parameter.kind === 'integer'
}

function fits(parameter: Parameter, value: number): boolean {
  return parameter.kind !== 'integer' || Number.isInteger(value)
}

/** Numbers beside a parameter’s name first, then the rest in order, required parameters first. */
function readNumbers(reading: Reading): void {
  for (const parameter of open(reading).filter(isNumeric)) {
    const name = nameSource(parameter.name)
    if (name === null) continue
    const number = NUMBER.source
    const after = new RegExp(`${name}\\s*(?:is|of|to|:|=)?\\s*(${number})`, 'iu').exec(reading.text)
    const before = new RegExp(`(${number})\\s+${name}`, 'iu').exec(reading.text)
    const match = after ?? before
    if (!match?.[1] || !fits(parameter, Number(match[1]))) continue
    const span = { start: match.index, end: match.index + match[0].length }
    take(reading, parameter, { value: Number(match[1]), spans: [span] })
  }
  const text = open(reading).some((one) => one.required && one.kind === 'string' && !one.choices)
  for (const parameter of open(reading).filter(isNumeric)) {
    // A loose number beside a text that is wanted may well belong to the text.
    if (text && !parameter.required) continue
    const quotes = findQuotes(reading.text)
    const found = [...reading.text.matchAll(NUMBER)].find((one) =>
      !quotes.some((quote) => quote.start < one.index && one.index < quote.end)
    )
    if (!found || !fits(parameter, Number(found[0]))) continue
    const span = { start: found.index, end: found.index + found[0].length }
    take(reading, parameter, { value: Number(found[0]), spans: [span] })
  }
}

function wantsText(parameter: Parameter): boolean {
  return parameter.kind === 'string' && !parameter.choices && patternFor(parameter) === null
}

/**
 * A tool whose one free parameter is a text takes everything after its name: “echo hello from my phone”.
 * A quoted string at the end, after at most three words, is the text: “echo the message "hi"”.
 */
function readOnlyText(reading: Reading): boolean {
  const [only, ...others] = open(reading).filter((one) => wantsText(one) && one.required)
  if (!only || others.length > 0 || open(reading).some((one) => one !== only && one.required)) {
    return false
  }
  if (open(reading).some((one) => isNumeric(one))) return false
  const value = freeText(reading.text, only)
  if (value === '') return false
  reading.values.set(only.name, value)
  return true
}

function readQuotes(reading: Reading): void {
  const wanted = open(reading).filter(wantsText)
  const quotes = findQuotes(reading.text).slice(0, wanted.length)
  quotes.forEach((quote, index) => {
    const parameter = wanted[index]
    if (parameter) reading.values.set(parameter.name, quote.value)
  })
  reading.text = without(reading.text, quotes)
}

/** Several texts, each after its own name: “title Fix login body It is broken”. */
function readLabelled(reading: Reading): void {
  const wanted = open(reading).filter(wantsText)
  if (wanted.length < 2) return
  const labels = wanted.flatMap((parameter) => {
    const source = nameSource(parameter.name)
    const match = source === null
      ? null
      : new RegExp(`${source}\\s*(?:is|:)?\\s+`, 'iu').exec(reading.text)
    return match ? [{ parameter, start: match.index, from: match.index + match[0].length }] : []
  }).sort((one, other) => one.start - other.start)
  const ends = labels.map((_, index) => labels[index + 1]?.start ?? reading.text.length)
  labels.forEach((label, index) => {
    const value = tidy(reading.text.slice(label.from, ends[index])).replace(/\s+and$/i, '')
    if (value !== '') reading.values.set(label.parameter.name, value)
  })
  if (labels[0]) reading.text = reading.text.slice(0, labels[0].start)
}

/** What is left over goes to the one required text that is still missing. */
function readRest(reading: Reading): void {
  const [only, ...others] = open(reading).filter((one) => wantsText(one) && one.required)
  if (!only || others.length > 0) return
  const value = freeText(reading.text, only)
  if (value !== '') reading.values.set(only.name, value)
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/^[\s:,\-–]+/, '').trim()
}

function freeText(rest: string, parameter: Parameter): string {
  const text = rest.replace(/^[\s:,\-–]+/, '').trim()
  const [quote] = findQuotes(text).filter((one) =>
    text.slice(one.end).trim().replace(/[.!]/, '') === ''
  )
  if (quote && words(text.slice(0, quote.start)).length <= 3) return quote.value
  const label = nameSource(parameter.name)
  const labelled = label === null
    ? text
    : text.replace(new RegExp(`^(?:the\\s+)?${label}\\s*:?\\s+`, 'iu'), '')
  const searches = words(parameter.name).some((word) =>
    /^(query|q|search|topic|term|subject)$/.test(word)
  )
  return searches ? labelled.replace(/^(for|about|on|of)\s+/i, '') : labelled
}
