import { expect, test } from 'vitest'
import { formatDuration, readableName, relativeTime } from './format.ts'

test('durations are read at a glance', () => {
  expect([3.4, 812, 12_400, 185_000].map(formatDuration)).toEqual([
    '3 ms',
    '0.8 s',
    '12 s',
    '3 min 05 s',
  ])
})

test('names of tools become words', () => {
  expect(['echo', 'get-sum', 'getTinyImage', 'read_PDF_file'].map(readableName))
    .toEqual(['Echo', 'Get sum', 'Get tiny image', 'Read PDF file'])
})

test('times are relative for a week and dates afterwards', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  expect(relativeTime('2026-11-21T11:59:40Z', now)).toBe('just now')
  expect(relativeTime('2026-11-21T11:55:00Z', now)).toBe('5 minutes ago')
  expect(relativeTime('2026-11-21T12:59:50Z', now)).toBe('in 1 hour')
  expect(relativeTime('2026-11-22T11:59:50Z', now)).toBe('tomorrow')
  expect(relativeTime('2026-11-20T12:00:00Z', now)).toBe('yesterday')
  expect(relativeTime('2026-11-01T12:00:00Z', now)).toMatch(/Nov/)
})
