// What waits to be sent, where the device keeps it and where it does not.
import { afterEach, expect, test, vi } from 'vitest'
import { closeOutbox, dequeue, enqueue, loadOutbox, queuedNow, stillQueued } from './outbox.ts'

type Row = { id: string }
/** What the device has kept, and whether it takes anything. */
const { kept, device } = vi.hoisted(() => ({
  kept: new Map<string, Row>(),
  device: { full: false },
}))
vi.mock('@/lib/copies.ts', () => ({
  ownDatabase: () =>
    Promise.resolve({
      getAll: () => Promise.resolve([...kept.values()]),
      get: (_store: string, id: string) => Promise.resolve(kept.get(id)),
      delete: (_store: string, id: string) => Promise.resolve(kept.delete(id)),
      put: (_store: string, row: Row) =>
        device.full
          ? Promise.reject(new DOMException('', 'QuotaExceededError'))
          : Promise.resolve(kept.set(row.id, row)),
    }),
}))

const message = (id: string) => ({
  id,
  team_id: 't',
  chat_id: 'c',
  begins: false,
  written: { id, text: id },
})
const ids = () => queuedNow().map(({ id }) => id)

afterEach(() => {
  device.full = false
  kept.clear()
  closeOutbox()
})

test('what the device has no room for waits for as long as the tab lives', async () => {
  await enqueue(message('first'))
  device.full = true
  await enqueue(message('large'))
  await loadOutbox()
  expect(ids()).toEqual(['first', 'large'])
  expect((await stillQueued('large'))?.written.text).toBe('large')
  await dequeue('large')
  await loadOutbox()
  expect(ids()).toEqual(['first'])
  expect(await stillQueued('large')).toBeNull()
})

test('what another tab has sent waits here no more', async () => {
  await enqueue(message('first'))
  kept.delete('first')
  await loadOutbox()
  expect(ids()).toEqual([])
  expect(await stillQueued('first')).toBeNull()
})
