import { expect, test } from 'vitest'
import { pauseUntilNextLook, tailLength, withTail, writtenFor } from './looking.ts'
import type { MessageRow } from './queries.ts'

const row = (id: string, over: Partial<MessageRow> = {}): MessageRow => ({
  id,
  role: 'assistant',
  parts: [],
  status: 'done',
  created_at: new Date(Number(id) * 1_000).toISOString(),
  user_id: null,
  answers: null,
  waits: false,
  ...over,
})
const many = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => row(String(from + place)))
const ids = (rows: MessageRow[]) => rows.map(({ id }) => Number(id))

test('an answer that is written is looked at every second, one that waits less often, a finished chat never', () => {
  expect(pauseUntilNextLook(undefined, 0)).toBe(false)
  expect(pauseUntilNextLook(many(1, 3), 4_000)).toBe(false)
  expect(pauseUntilNextLook([row('1', { status: 'streaming' })], 4_000)).toBe(1_000)
  expect(pauseUntilNextLook([row('1', { status: 'streaming' })], 3_600_000)).toBe(3_000)
  expect(pauseUntilNextLook([row('1', { waits: true }), row('2')], 4_000)).toBe(2_500)
})

test('the newest messages replace what was known of their time', () => {
  const tail = many(5, 4 + tailLength)
  expect(ids(withTail(many(1, 8), tail))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('a message that was taken back leaves with the next look', () => {
  const known = many(1, 12)
  const tail = [...many(4, 8), row('13')]
  expect(ids(withTail(known, tail))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 13])
  expect(ids(withTail(known, [row('13')]))).toEqual([13])
  expect(withTail(known, [])).toEqual([])
})

test('an answer is one’s own to stop where one asked for it, on whichever device', () => {
  const asked = row('1', { role: 'user', user_id: 'me' })
  const written = row('2', { status: 'streaming', answers: '1' })
  expect(writtenFor([asked, written], 'me')?.id).toBe('2')
  expect(writtenFor([asked, written], 'you')).toBeNull()
  expect(writtenFor([asked, { ...written, status: 'done' }], 'me')).toBeNull()
})

test('an answer is one’s own to stop while another’s is written after it', () => {
  const mine = [
    row('1', { role: 'user', user_id: 'me' }),
    row('2', { status: 'streaming', answers: '1' }),
  ]
  const theirs = [
    row('3', { role: 'user', user_id: 'you' }),
    row('4', { status: 'streaming', answers: '3' }),
  ]
  expect(writtenFor([...mine, ...theirs], 'me')?.id).toBe('2')
  expect(writtenFor([...mine, ...theirs], 'you')?.id).toBe('4')
})
