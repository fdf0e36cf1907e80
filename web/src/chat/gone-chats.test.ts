import { expect, test, vi } from 'vitest'
import { hashKey } from '@tanstack/react-query'
import { copiesOf } from '@/lib/copies.ts'
import { forgetGoneChats } from './gone-chats.ts'
import { messagesQuery } from './queries.ts'

const { kept, readable } = vi.hoisted(() => ({ kept: new Set<string>(), readable: [] as string[] }))
const store = { delete: (hash: string) => Promise.resolve(kept.delete(hash)) }
vi.mock('@/lib/person-store.ts', () => ({
  personDatabase: () =>
    Promise.resolve({
      getAll: () => Promise.resolve([...kept].map((hash) => ({ hash }))),
      get: () => Promise.resolve(undefined),
      transaction: () => ({ objectStore: () => store, done: Promise.resolve() }),
    }),
  wipeOthers: () => Promise.resolve(),
}))
const answer = (ids: string[]) => ({
  data: ids.filter((id) => readable.includes(id)).map((id) => ({ id })),
  error: null,
})
const table = {
  select: () => table,
  eq: () => table,
  in: (_column: string, ids: string[]) => answer(ids),
}
vi.mock('@/lib/supabase.ts', () => ({ supabase: () => ({ from: () => table }) }))

const keyOf = (team_id: string, chat_id: string) =>
  hashKey(messagesQuery(team_id, chat_id).queryKey)

test('a chat that is no longer shared leaves the device, opened again or not', async () => {
  const many = Array.from({ length: 60 }, (_, place) => `chat-${place}`)
  readable.push(...many)
  for (const id of [...many, 'private-again']) kept.add(keyOf('t', id))
  kept.add(keyOf('other', 'of-another-team'))
  copiesOf('noor')
  await vi.dynamicImportSettled()
  await forgetGoneChats('t')
  expect(kept.has(keyOf('t', 'private-again'))).toBe(false)
  expect(kept.size).toBe(61)
})
