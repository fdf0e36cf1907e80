// Numbers, durations and times in words a person reads. Pure; the clock is an argument.

const locale = () => (typeof navigator === 'undefined' ? 'en' : navigator.language)

/** `12,345`; fractions to at most two places. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(value)
}

/** A share between 0 and 1 as `97.5%`. */
export function formatShare(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 })
    .format(share)
}

/** Milliseconds as `12 ms`, `0.8 s`, `12 s`, `3 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 9_950) {
    return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(ms / 1000)} s`
  }
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/** Each up to where it would be rounded to one of the next: nobody says sixty minutes. */
const steps: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [59.5 * 60, 'minute', 60],
  [23.5 * 60 * 60, 'hour', 60 * 60],
  [7 * 24 * 60 * 60, 'day', 24 * 60 * 60],
]

/** `just now`, `5 minutes ago`, `yesterday`; a date after a week. */
export function relativeTime(then: string | Date, now: Date = new Date()): string {
  const date = new Date(then)
  const seconds = (date.getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) < 45) return 'just now'
  const step = steps.find(([limit]) => Math.abs(seconds) < limit)
  if (!step) return formatDate(date, now)
  const [, unit, size] = step
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
    .format(Math.round(seconds / size), unit)
}

/** `12 Nov`, with the year where it is not this one. */
export function formatDate(then: string | Date, now: Date = new Date()): string {
  const date = new Date(then)
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', year }).format(date)
}

/** `14:02`; with its date where that is not today. */
export function clockTime(date: Date, now: Date = new Date()): string {
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(date)
  return date.toDateString() === now.toDateString() ? time : `${time}, ${formatDate(date, now)}`
}

/** The exact moment in the reader’s own time zone, which it names. */
export function exactTime(then: string | Date): string {
  return new Intl.DateTimeFormat(locale(), {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(new Date(then))
}

/** `1 tool`, `3 tools`. */
export function count(many: number, one: string, other = `${one}s`): string {
  return `${formatNumber(many)} ${many === 1 ? one : other}`
}

/** `echo` → `Echo`, `get-sum` → `Get sum`, `getTinyImage` → `Get tiny image`. */
export function readableName(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_\-./]+/g, ' ').trim()
  if (!words) return name
  const lower = words.split(/\s+/).map((word) =>
    /^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()
  )
  const sentence = lower.join(' ')
  return sentence[0]!.toUpperCase() + sentence.slice(1)
}

/** `$1.20`; of less than a cent two digits that say something: `$0.00042`. */
export function formatDollars(amount: number): string {
  const small = amount > 0 && amount < 0.01
  return new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    ...(small ? { maximumSignificantDigits: 2 } : {}),
  }).format(amount)
}
