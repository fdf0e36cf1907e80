// A typed number against the limits of its field.
import type { NumberField } from './field.ts'
import type { Read } from './read.ts'

export function readNumber(field: NumberField, text: string, path: string): Read {
  const value = Number(text.trim())
  const message = Number.isFinite(value) ? complaint(field, value) : 'Write a number'
  return message ? { value: undefined, problems: [{ path, message }] } : { value, problems: [] }
}

function complaint(field: NumberField, value: number): string | null {
  const { integer, min, max, above, below, step } = field
  if (integer && !Number.isInteger(value)) return 'Write a whole number'
  if (integer && !Number.isSafeInteger(value)) return 'This number is too large to be sent exactly'
  if (min !== null && value < min) return `Must be ${min} or more`
  if (max !== null && value > max) return `Must be ${max} or less`
  if (above !== null && value <= above) return `Must be more than ${above}`
  if (below !== null && value >= below) return `Must be less than ${below}`
  if (step !== null && !isMultiple(value, step)) return `Must be a multiple of ${step}`
  return null
}

/** Tolerates what binary fractions lose: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}
