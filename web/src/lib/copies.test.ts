// What stays on the device of a chat that is deleted, or no longer shared with its person.
import { expect, test, vi } from 'vitest'
import { hashKey } from '@tanstack/react-query'
import { contentQuery } from '@/chat/attached-content.ts'
import { executionQuery } from '@/activity/queries.ts'
import { messagesQuery } from '@/chat/queries.ts'
import { copiesOf, forgetCopiesOf } from './copies.ts'

const { kept } = vi.hoisted(() => ({ kept: new Map<string, { data: unknown }>() }))
const store = { delete: (hash: string) => Promise.resolve(kept.delete(hash)) }
const database = {
  getAll: () => Promise.resolve([...kept.keys()].map((hash) => ({ hash }))),
  get: (_store: string, hash: string) => Promise.resolve(kept.get(hash)),
  transaction: () => ({ objectStore: () => store, done: Promise.resolve() }),
}
vi.mock('./person-store.ts', () => ({
  personDatabase: () => Promise.resolve(database),
  wipeOthers: () => Promise.resolve(),
}))

test('a chat that is gone leaves no message, no file and no call of it on the device', async () => {
  const [gone, left] = ['6a9f', '77c0']
  const file = { id: 'f', name: 'a.txt', mediaType: 'text/plain', url: 'attachment:f' }
  for (const chat_id of [gone, left]) {
    const of = { team_id: 't', chat_id }
    kept.set(hashKey(messagesQuery('t', chat_id).queryKey), { data: [] })
    kept.set(hashKey(contentQuery(of, file).queryKey), { data: file })
    kept.set(hashKey(executionQuery('t', `of ${chat_id === gone}`).queryKey), { data: { chat_id } })
  }
  kept.set(hashKey(executionQuery('t', 'none').queryKey), { data: null })
  copiesOf('mia')
  await vi.dynamicImportSettled()
  await forgetCopiesOf(gone)
  expect([...kept.keys()].map((hash) => (JSON.parse(hash) as unknown[]).slice(2).join(' ')))
    .toEqual([
      `chat ${left} messages`,
      `chat ${left} attachment f`,
      'execution of false',
      'execution none',
    ])
})
