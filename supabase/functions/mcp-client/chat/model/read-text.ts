// Reads free text: quoted strings, texts after their names, and what is left over for the one that is missing.
import { findQuotes, without } from '../scan.ts'
import type { Parameter } from '../schema.ts'
import { nameSource, words } from '../words.ts'
import { isNumeric, open, type Reading, tidy, wantsText } from './reading.ts'

/**
 * A tool whose one free parameter is a text takes everything after its name: “echo hello from my phone”.
 * A quoted string at the end, after at most three words, is the text: “echo the message "hi"”.
 */
export function readOnlyText(reading: Reading): boolean {
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

export function readQuotes(reading: Reading): void {
  const wanted = open(reading).filter(wantsText)
  const quotes = findQuotes(reading.text).slice(0, wanted.length)
  quotes.forEach((quote, index) => {
    const parameter = wanted[index]
    if (parameter) reading.values.set(parameter.name, quote.value)
  })
  reading.text = without(reading.text, quotes)
}

/** Several texts, each after its own name: “title Fix login body It is broken”. */
export function readLabelled(reading: Reading): void {
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
export function readRest(reading: Reading): void {
  const [only, ...others] = open(reading).filter((one) => wantsText(one) && one.required)
  if (!only || others.length > 0) return
  const value = freeText(reading.text, only)
  if (value !== '') reading.values.set(only.name, value)
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
