import { expect, test } from 'vitest'
import type { ChatMessage } from './chat-message.ts'
import type { Unsent } from './drafts.ts'
import type { MessageRow } from './queries.ts'
import { asMessage, filesOf, reconcile as settle, without } from './reconcile.ts'

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
  user_id: null,
  answers: null,
  waits: false,
})
const reconcile = (
  shown: ChatMessage[],
  stored: MessageRow[],
  unsent: Unsent | null,
  had = new Set<string>(),
) => settle({ shown, stored, unsent, had })
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

test('a message that was never confirmed comes last, until the database has it', () => {
  const unsent = { id: 'u', text: 'hello' }
  expect(ids(reconcile([], [row('a')], unsent))).toEqual(['a', 'u'])
  expect(ids(reconcile([], [row('u'), row('a')], unsent))).toEqual(['u', 'a'])
})

test('what was taken back on another device leaves this screen, what is not stored yet does not', () => {
  const had = new Set<string>()
  expect(ids(reconcile([], [row('a'), row('b')], null, had))).toEqual(['a', 'b'])
  expect(ids(reconcile([message('a'), message('b')], [row('a'), row('c')], null, had)))
    .toEqual(['a', 'c'])
  expect(ids(reconcile([message('a'), message('new')], [row('a')], null, had)))
    .toEqual(['a', 'new'])
})

test('an answer that grows by its row never shrinks to what its row had a second ago', () => {
  const arrived = [message('a', 'word by word')]
  expect(reconcile(arrived, [row('a', 'streaming', 'word')], null)[0]).toBe(arrived[0])
  expect(reconcile(arrived, [row('a', 'streaming', 'word by word, and more')], null)[0]?.parts)
    .toEqual([{ type: 'text', text: 'word by word, and more' }])
})

test('a message that stands in for another takes its place and that of all after it', () => {
  const shown = [message('a'), message('b'), message('c'), message('d')]
  expect(ids(without(shown, { id: 'x', replaces: 'c' }))).toEqual(['a', 'b'])
  expect(ids(without(shown, { id: 'b' }))).toEqual(['a', 'c', 'd'])
  expect(ids(without(shown, { id: 'x', replaces: 'gone' }))).toEqual(['a', 'b', 'c', 'd'])
})

test('files travel as parts, and a stored one is known by its id', () => {
  const file = { name: 'a.txt', mediaType: 'text/plain', url: 'data:text/plain;base64,aGk=' }
  const sent = asMessage({ id: 'm', text: 'look', files: [file] })
  expect(sent.parts[1]).toEqual({
    type: 'file',
    filename: 'a.txt',
    mediaType: 'text/plain',
    url: file.url,
  })
  expect(filesOf(sent)).toEqual([{ ...file, id: null }])
  const stored: ChatMessage = {
    ...sent,
    parts: [{ type: 'file', filename: 'a.txt', mediaType: 'text/plain', url: 'attachment:f1' }],
  }
  expect(filesOf(stored)[0]?.id).toBe('f1')
})
