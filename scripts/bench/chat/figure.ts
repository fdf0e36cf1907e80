// One figure of the chat, and how it is printed. Pure.

export type Figure = {
  what: string
  value: number
  unit: 'ms' | 'kB' | 'points'
  atMost?: number
  atLeast?: number
  /** What else was seen. */
  beside?: string
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export function holds({ value, atMost, atLeast }: Figure): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast)
}

export function line(figure: Figure): string {
  const { what, value, unit, atMost, atLeast, beside } = figure
  const goal = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
  const wanted = atMost === undefined && atLeast === undefined
    ? ''
    : ` (${goal} ${unit}: ${holds(figure) ? 'met' : 'missed'})`
  const shown = unit === 'points' ? value.toFixed(0) : value.toFixed(1)
  return `${what}: ${shown} ${unit}${wanted}${beside ? `; ${beside}` : ''}`
}
