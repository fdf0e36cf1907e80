import { expect, test } from 'vitest'
import { groupChats } from './group-chats.ts'

const at = (year: number, month: number, day: number, hour = 12) => ({
  updated_at: new Date(year, month - 1, day, hour).toISOString(),
})
const now = new Date(2026, 10, 21, 0, 30)

test('chats fall under the reader’s own days', () => {
  const groups = groupChats([
    at(2026, 11, 21, 0),
    at(2026, 11, 20, 23),
    at(2026, 11, 16),
    at(2026, 11, 1),
  ], now)
  expect(groups.map(({ label }) => label)).toEqual([
    'Today',
    'Yesterday',
    'Last 7 days',
    'Last 30 days',
  ])
})

test('older ones fall under their month and keep their order', () => {
  const groups = groupChats([at(2026, 3, 9), at(2026, 3, 2), at(2025, 3, 1)], now)
  expect(groups.map(({ chats }) => chats.length)).toEqual([2, 1])
})
