// Amounts as people write and read them: lengths of time, and numbers that may be left out. Pure.
import { count, formatNumber } from '@/lib/format.ts'

/** `5 min`, `1 h`, `90 s`: a length of time as short as it can be said exactly. */
export function lengthWords(seconds: number): string {
  for (const [size, unit] of [[86_400, 'd'], [3_600, 'h'], [60, 'min']] as const) {
    if (seconds >= size && seconds % size === 0) return `${formatNumber(seconds / size)} ${unit}`
  }
  return `${formatNumber(seconds)} s`
}

/** `minute`, `2 minutes`, `90 seconds`: what follows “in every”. */
export function windowWords(seconds: number): string {
  const sizes = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']] as const
  const [size, unit] = sizes.find(([size]) => seconds >= size && seconds % size === 0) ??
    [1, 'second']
  return seconds === size ? unit : count(seconds / size, unit)
}

type Amount = { value: number | null } | { problem: string }

/** A number a person typed, where nothing typed means none. */
export function readAmount(typed: string, { most }: { most: number }): Amount {
  const text = typed.trim()
  if (!text) return { value: null }
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1) return { problem: 'Write a whole number from 1 on' }
  if (value > most) return { problem: `At most ${formatNumber(most)}` }
  return { value }
}
