// Sums over the days of a range, and the days themselves without gaps. Pure.
import type { DayUsage } from './queries.ts'
import { daysOf, type Range } from './range.ts'

export type Totals = {
  executions: number
  /** 0 to 1; null where nothing ran. */
  successRate: number | null
  averageMs: number | null
}

/** The average is weighted: a day with one slow call does not outweigh a day with a thousand. */
export function totalsOf(days: DayUsage[]): Totals {
  const executions = sum(days, (day) => day.total_executions)
  if (executions === 0) return { executions, successRate: null, averageMs: null }
  const time = sum(days, (day) => day.avg_duration_ms * day.total_executions)
  return {
    executions,
    successRate: sum(days, (day) => day.successful) / executions,
    averageMs: time / executions,
  }
}

export type TrendDay = {
  date: string
  done: number
  failed: number
  timedOut: number
  /** Cancelled, refused or lost. */
  other: number
}

/** Oldest first, with a zero for each day on which nothing ran. */
export function trendOf(days: DayUsage[], range: Range): TrendDay[] {
  const known = new Map(days.map((day) => [day.date.slice(0, 10), day]))
  return daysOf(range).map((date) => {
    const day = known.get(date)
    if (!day) return { date, done: 0, failed: 0, timedOut: 0, other: 0 }
    const { total_executions, successful, failed, timeouts } = day
    const other = Math.max(0, total_executions - successful - failed - timeouts)
    return { date, done: successful, failed, timedOut: timeouts, other }
  })
}

function sum(days: DayUsage[], of: (day: DayUsage) => number): number {
  return days.reduce((total, day) => total + of(day), 0)
}
