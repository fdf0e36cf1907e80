import { beforeEach, describe, expect, it } from 'vitest'
import { act, renderHook } from '@testing-library/react'
import { chartPlan, chartSummary, measuredTogether } from './chart-plan.ts'
import { useLook } from './chosen-chart.ts'
import { type Row, shapeOf } from './shape.ts'

function planOf(rows: Row[]) {
  const shape = shapeOf(rows)
  if (shape.kind !== 'table') throw new Error(`${shape.kind}, not a table`)
  return chartPlan(shape.columns, shape.rows)
}
const names = (columns: { name: string }[]) => columns.map(({ name }) => name)

describe('a table', () => {
  it('of moments is a line first, in the order of time', () => {
    const plan = planOf([
      { day: '2026-02-01', visits: 3, id: 9 },
      { day: '2026-01-01', visits: 5, id: 4 },
    ])!
    expect(plan.kinds).toEqual(['line', 'bar', 'pie'])
    expect(plan.along.name).toBe('day')
    expect(names(plan.measures)).toEqual(['visits'])
    expect(plan.rows.map(({ visits }) => visits)).toEqual([5, 3])
  })

  it('of names is bars as it is sorted, and a pie only of few parts of a whole', () => {
    const cities = [{ id: 1, city: 'Oslo', people: 7 }, { id: 2, city: 'Bergen', people: 3 }]
    const plan = planOf(cities)!
    expect([plan.along.name, plan.kinds, plan.rows]).toEqual(['city', ['bar', 'pie'], cities])
    expect(planOf([{ city: 'Oslo', degrees: -3 }, { city: 'Rome', degrees: 12 }])!.kinds)
      .toEqual(['bar'])
    const many = Array.from({ length: 9 }, (_, at) => ({ city: `C${at}`, people: at }))
    expect(planOf(many)!.kinds).toEqual(['bar'])
  })

  it('without numbers, with ids alone, or of one row is no chart', () => {
    expect(planOf([{ a: 'x' }, { a: 'y' }])).toBeNull()
    expect(planOf([{ user_id: 1, year: 2025 }, { user_id: 2, year: 2026 }])).toBeNull()
    expect(planOf([{ city: 'Oslo', people: 7 }])).toBeNull()
    expect(planOf([{ kind: 'a', n: 1 }, { kind: 'a', n: 2 }, { kind: 'a', n: 3 }])).toBeNull()
  })

  it('draws together only what is of one size and one unit', () => {
    const plan = planOf([
      { month: '2026-01', shop: 40_000, web: 31_000, orders: 300 },
      { month: '2026-02', shop: 41_000, web: 39_000, orders: 290 },
    ])!
    expect(names(measuredTogether(plan))).toEqual(['shop', 'web'])
  })

  it('is summed up in words for those who do not see it', () => {
    const plan = planOf([{ city: 'Oslo', people: 7 }, { city: 'Bergen', people: 3 }])!
    const words = {
      measure: plan.measures[0]!,
      words: String,
      label: (row: Row) => String(row.city),
    }
    expect(chartSummary(plan, words))
      .toBe('People by City: 2 values, lowest 3 (Bergen), highest 7 (Oslo).')
  })
})

describe('how a person looked at the tables of a tool', () => {
  beforeEach(() => localStorage.clear())

  it('is how they look at them the next time, and at no other tool’s', () => {
    const { result } = renderHook(() => useLook('tool-1'))
    expect(result.current[0]).toBeNull()
    act(() => result.current[1]({ kind: 'line', measures: ['visits'] }))
    expect(result.current[0]).toEqual({ kind: 'line', measures: ['visits'] })
    expect(renderHook(() => useLook('tool-1')).result.current[0]?.kind).toBe('line')
    expect(renderHook(() => useLook('tool-2')).result.current[0]).toBeNull()
  })

  it('is forgotten where what is kept is not understood', () => {
    for (const kept of ['{"a":1}', '[["tool-1",{"kind":"cube","measures":[]}]]', '[7]', 'x']) {
      localStorage.setItem('astra.charts', kept)
      expect(renderHook(() => useLook('tool-1')).result.current[0], kept).toBeNull()
    }
  })
})
