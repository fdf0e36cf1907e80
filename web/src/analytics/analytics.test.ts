import { describe, expect, it } from 'vitest'
import type { DayUsage } from './queries.ts'
import { before, customRange, daysOf, presetRange, readRange } from './range.ts'
import { totalsOf, trendOf } from './totals.ts'

const now = new Date('2026-11-21T10:20:30Z')

describe('the range of a dashboard', () => {
  it('is whole UTC days with today in it, and 24 hours to the end of this one', () => {
    expect(presetRange('7d', now)).toEqual({
      preset: '7d',
      from: '2026-11-15T00:00:00.000Z',
      to: '2026-11-22T00:00:00.000Z',
    })
    expect(presetRange('24h', now)).toEqual({
      preset: '24h',
      from: '2026-11-20T11:00:00.000Z',
      to: '2026-11-21T11:00:00.000Z',
    })
  })

  it('may be named by its first and last day, both included', () => {
    expect(readRange({ range: 'custom', from: '2026-02-27', to: '2026-03-01' }, now)).toEqual({
      preset: 'custom',
      from: '2026-02-27T00:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
    })
  })

  it('is seven days where the address asks for nothing sensible', () => {
    for (
      const search of [
        {},
        { range: 'toString' },
        { range: 'custom' },
        { range: 'custom', from: '2026-03-02', to: '2026-03-01' },
        { range: 'custom', from: '2026-02-30', to: '2026-03-01' },
        { range: 'custom', from: '1990-01-01', to: '2026-01-01' },
        { range: 'custom', from: 7, to: {} },
      ]
    ) expect(readRange(search, now).preset, JSON.stringify(search)).toBe('7d')
  })

  it('knows the span of the same length before it', () => {
    expect(before(presetRange('7d', now))).toMatchObject({
      from: '2026-11-08T00:00:00.000Z',
      to: '2026-11-15T00:00:00.000Z',
    })
  })

  it('touches each of its days once', () => {
    expect(daysOf(customRange('2026-02-27', '2026-03-01')!))
      .toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(daysOf(presetRange('24h', now))).toEqual(['2026-11-20', '2026-11-21'])
  })
})

const day = (more: Partial<DayUsage>): DayUsage => ({
  date: '2026-11-20',
  total_executions: 0,
  successful: 0,
  failed: 0,
  timeouts: 0,
  avg_duration_ms: 0,
  ...more,
})

describe('the numbers of a range', () => {
  it('add up, with the average weighted by how much ran', () => {
    const days = [
      day({ total_executions: 1, successful: 0, failed: 1, avg_duration_ms: 1_000 }),
      day({ total_executions: 9, successful: 9, avg_duration_ms: 100 }),
    ]
    expect(totalsOf(days)).toEqual({ executions: 10, successRate: 0.9, averageMs: 190 })
  })

  it('claim no rate and no average where nothing ran', () => {
    expect(totalsOf([])).toEqual({ executions: 0, successRate: null, averageMs: null })
  })

  it('have no gaps, and count what is neither done nor failed as other', () => {
    const range = customRange('2026-11-19', '2026-11-21')!
    const days = [day({ total_executions: 5, successful: 2, failed: 1, timeouts: 1 })]
    expect(trendOf(days, range)).toEqual([
      { date: '2026-11-19', done: 0, failed: 0, timedOut: 0, other: 0 },
      { date: '2026-11-20', done: 2, failed: 1, timedOut: 1, other: 1 },
      { date: '2026-11-21', done: 0, failed: 0, timedOut: 0, other: 0 },
    ])
  })
})
