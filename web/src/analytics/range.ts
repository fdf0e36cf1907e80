// The span of time a dashboard shows, kept in the address. Everything is UTC, for that is how usage is counted. Pure; the clock is an argument.

export const presets = ['24h', '7d', '30d', '90d'] as const
export type Preset = (typeof presets)[number]

/** Half-open: `from` is in it, `to` is not. Both are whole hours. */
export type Range = { preset: Preset | 'custom'; from: string; to: string }

export const presetWords: Record<Preset, string> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
}

const hour = 3_600_000
const day = 24 * hour
const maxDays = 366

/** What the address asks for; seven days where it asks for nothing sensible. */
export function readRange(search: Record<string, unknown>, now: Date): Range {
  const custom = customRange(search.from, search.to)
  if (search.range === 'custom' && custom) return custom
  return presetRange(presets.find((one) => one === search.range) ?? '7d', now)
}

/** Days are whole UTC days, today included; 24 hours end with the running hour. */
export function presetRange(preset: Preset, now: Date): Range {
  if (preset === '24h') {
    const to = Math.floor(now.getTime() / hour) * hour + hour
    return { preset, from: iso(to - day), to: iso(to) }
  }
  const to = Math.floor(now.getTime() / day) * day + day
  return { preset, from: iso(to - Number.parseInt(preset) * day), to: iso(to) }
}

/** From the first to the last day named, both included; null where they are no range. */
export function customRange(first: unknown, last: unknown): Range | null {
  const from = dayOf(first)
  const end = dayOf(last)
  if (from === null || end === null || end < from || (end - from) / day >= maxDays) return null
  return { preset: 'custom', from: iso(from), to: iso(end + day) }
}

/** The span of the same length just before. */
export function before({ preset, from, to }: Range): Range {
  const length = Date.parse(to) - Date.parse(from)
  return { preset, from: iso(Date.parse(from) - length), to: from }
}

/** Every UTC day the range touches, as `2026-11-21`. */
export function daysOf({ from, to }: Range): string[] {
  const days: string[] = []
  const start = Math.floor(Date.parse(from) / day) * day
  for (let at = start; at < Date.parse(to); at += day) days.push(iso(at).slice(0, 10))
  return days
}

/** The last day in the range. */
export function lastDay({ to }: Range): string {
  return iso(Date.parse(to) - 1).slice(0, 10)
}

/** `15 Nov to 21 Nov`, as UTC days. */
export function rangeWords(range: Range): string {
  const [first, last] = [dayWords(range.from.slice(0, 10)), dayWords(lastDay(range))]
  return first === last ? first : `${first} to ${last}`
}

export function dayWords(date: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
    .format(new Date(`${date}T00:00:00Z`))
}

function dayOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return null
  const at = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(at) || iso(at).slice(0, 10) !== value ? null : at
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
