import { expect, test } from 'vitest'
import type { ChatMessage } from './chat-message.ts'
import type { MessageRow } from './queries.ts'
import { reconcile } from './reconcile.ts'

const message = (id: string, ...texts: string[]): ChatMessage => ({
  id,
  role: 'assistant',
  parts: texts.map((text) => ({ type: 'text', text })),
})
const row = (
  id: string,
  status: MessageRow['status'] = 'done',
  ...texts: string[]
): MessageRow => ({
  ...message(id, ...texts),
  status,
  created_at: '2026-11-21T10:00:00Z',
})
const ids = (messages: ChatMessage[]) => messages.map(({ id }) => id)

test('an answer that is not in the database yet stays on the screen', () => {
  expect(ids(reconcile([message('a'), message('b')], [row('a')], null))).toEqual(['a', 'b'])
})

test('the database wins as soon as it knows everything shown', () => {
  const [kept] = reconcile([message('a', 'half')], [row('a', 'done', 'whole')], null)
  expect(kept?.parts).toEqual([{ type: 'text', text: 'whole' }])
})

test('a row that is still being written does not take back what has arrived', () => {
  const [kept] = reconcile([message('a', 'already here')], [row('a', 'streaming')], null)
  expect(kept?.parts).toHaveLength(1)
})

test('what an older copy showed from before the newest page makes way for that page', () => {
  const old = { ...row('old'), created_at: '2026-11-20T10:00:00Z' }
  expect(ids(reconcile([old], [row('a')], null))).toEqual(['a'])
  expect(ids(reconcile([old, message('arriving')], [row('a')], null))).toEqual(['old', 'arriving'])
})

test('a message that was never confirmed comes last, until the database has it', () => {
  const unsent = { id: 'u', text: 'hello' }
  expect(ids(reconcile([], [row('a')], unsent))).toEqual(['a', 'u'])
  expect(ids(reconcile([], [row('u'), row('a')], unsent))).toEqual(['u', 'a'])
})
