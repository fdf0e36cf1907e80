import { describe, expect, it } from 'vitest'
import { flattened, lastOfFull, upTo } from './keyset.ts'

const page = (...ids: string[]) => ids.map((id) => ({ id }))

describe('the next page', () => {
  it('starts at the end of the last millisecond shown, so that none of it is lost', () => {
    expect(upTo('2026-11-21T01:01:45.359+00:00')).toBe('2026-11-21T01:01:45.360Z')
    expect(upTo('2026-11-21T01:01:45.359123+00:00')).toBe('2026-11-21T01:01:45.360Z')
  })

  it('is there as long as the last one was full and brought something new', () => {
    expect(lastOfFull([], 2)).toBeNull()
    expect(lastOfFull([page('a', 'b'), page('b', 'c')], 2)).toEqual({ id: 'c' })
    expect(lastOfFull([page('a', 'b'), page('b')], 2)).toBeNull()
    expect(lastOfFull([page('a', 'b'), page('b', 'a')], 2)).toBeNull()
  })

  it('doubles nothing that the one before had too', () => {
    expect(flattened([page('a', 'b'), page('b', 'c')])).toEqual(page('a', 'b', 'c'))
  })
})
