// A number of a result as a reader expects it: separators where it counts something, and its unit. Pure.
import { formatNumber } from '@/lib/format.ts'
import { isCounted } from './shape.ts'
import type { Field } from './told.ts'

export function numberWords(
  value: number,
  { name, unit, format }: Pick<Field, 'name' | 'unit' | 'format'>,
): string {
  if (format === 'percent') {
    return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 })
      .format(value)
  }
  const number = isCounted(name) ? formatNumber(value) : String(value)
  // No-break: a number and its unit stay together.
  return unit ? `${number}\u00a0${unit}` : number
}
