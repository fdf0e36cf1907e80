import { describe, expect, it } from 'vitest'
import { executionStatuses } from '@shared/execution.ts'
import { isOpen, statusWords, wordsFor } from './execution-words.ts'
import { isFiltered, noFilters, readFilters, statusesOf, writeFilters } from './filters.ts'

const id = '3d5916c9-30f8-4d9a-b864-53e1caa8499f'

describe('filters in the address', () => {
  it('come back as they were written', () => {
    const filters = {
      ...noFilters,
      status: 'error' as const,
      server: id,
      from: '2026-01-01T00:00:00.000Z',
    }
    expect(readFilters(writeFilters(filters))).toEqual(filters)
    expect(writeFilters(noFilters)).toEqual({})
  })

  it('that are not what they claim to be count as none', () => {
    const hostile = {
      status: 'toString',
      server: `${id}&or=(a)`,
      tool: 7,
      member: [id],
      from: 'yesterday',
      to: {},
    }
    expect(readFilters(hostile)).toEqual(noFilters)
    expect(isFiltered(readFilters(hostile))).toBe(false)
  })

  it('cover every status there is', () => {
    expect([...new Set(Object.values(statusesOf).flat())].sort()).toEqual(
      [...executionStatuses].sort(),
    )
  })
})

describe('words for an execution', () => {
  it('tell what is still under way from what has ended', () => {
    expect(executionStatuses.filter(isOpen).sort()).toEqual([...statusesOf.open].sort())
  })

  it('tell what waits for a person from what runs by itself', () => {
    const waiting = executionStatuses.filter((status) =>
      statusWords[status].word.startsWith('Needs')
    )
    expect(waiting.sort()).toEqual([...statusesOf.waiting].sort())
  })

  it('tell a person’s no from a rule, and a wait that ended from a slow server', () => {
    const ended = { error_code: null, duration_ms: 0 }
    expect(wordsFor({ ...ended, status: 'denied', error_code: 'rejected' }).word)
      .toBe('Not approved')
    expect(wordsFor({ ...ended, status: 'denied', error_code: 'denied' }).word).toBe('Refused')
    expect(wordsFor({ ...ended, status: 'timeout' }).word).toBe('Expired')
    expect(wordsFor({ ...ended, status: 'timeout', duration_ms: 9 }).word).toBe('Timed out')
    expect(wordsFor({ ...ended, status: 'running', duration_ms: null }).word).toBe('Running')
  })

  it('say that what was lost may have taken effect', () => {
    expect(statusWords.unknown.sentence).toContain('may have run')
  })
})
