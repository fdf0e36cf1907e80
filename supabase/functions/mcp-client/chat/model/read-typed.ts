// Reads what has a form of its own: JSON, name=value, e-mail addresses, dates, listed values, switches, numbers.
import { findObject, findPairs, findQuotes, type Span, without } from '../scan.ts'
import { type Parameter, valueFrom } from '../schema.ts'
import { nameSource, words } from '../words.ts'
import { isNumeric, open, patternFor, type Reading, take, tidy } from './reading.ts'

const NUMBER = /(?<![\p{L}\p{N}_.:/-])[+-]?\d+(?:\.\d+)?(?![\p{L}\p{N}_]|[.:/-]\d)/gu

function sameName(parameter: Parameter, written: string): boolean {
  return words(parameter.name).join('') === words(written).join('')
}

export function readObject(reading: Reading): void {
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

export function readPairs(reading: Reading): void {
  const named = (name: string) => open(reading).find((one) => sameName(one, name))
  const pairs = findPairs(reading.text, (name) => named(name) !== undefined)
  for (const pair of pairs) {
    const parameter = named(pair.name)
    if (parameter) reading.values.set(parameter.name, valueFrom(pair.value, parameter))
  }
  reading.text = without(reading.text, pairs)
}

/** E-mail addresses, dates and addresses go, in order, to the parameters that ask for them. */
export function readFormats(reading: Reading): void {
  for (const parameter of open(reading)) {
    const pattern = parameter.choices ? null : patternFor(parameter)
    const found = pattern && [...reading.text.matchAll(pattern)][0]
    if (!found) continue
    const span = { start: found.index, end: found.index + found[0].length }
    take(reading, parameter, { value: found[0], spans: [span] })
  }
}

/** One of a parameter’s listed values, where exactly one of them is written. */
export function readChoices(reading: Reading): void {
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
export function readSwitches(reading: Reading): void {
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

/** “set verbose on”: nothing is left but the answer to the one switch there is. */
export function readOnlySwitch(reading: Reading): void {
  const [only, ...others] = open(reading).filter((one) => one.kind === 'boolean')
  const word = tidy(reading.text).replace(/[.!]$/, '')
  if (!only || others.length > 0 || !/^(true|false|yes|no|on|off)$/i.test(word)) return
  reading.values.set(only.name, valueFrom(word, only))
}

function fits(parameter: Parameter, value: number): boolean {
  return parameter.kind !== 'integer' || Number.isInteger(value)
}

/** Numbers beside a parameter’s name first, then the rest in order, required parameters first. */
export function readNumbers(reading: Reading): void {
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
