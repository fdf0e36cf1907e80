// Stop in the process that writes the answer: at once, and for whom the database says it is.
import assert from 'node:assert/strict'
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { AppError } from '../http.ts'
import { beginTurn, stopAllHere } from './live-turns.ts'
import { stopTurn } from './stopping.ts'

/** Stops an answer about which the database says this. */
async function stopping(message_id: string, says: boolean | null) {
  const rpc = () => Promise.resolve({ data: says, error: null })
  const app = { db: { service: { rpc } } } as unknown as App
  const as = { team_id: 't', user_id: 'u' } as Member
  const { signal } = new AbortController()
  return await stopTurn({ app, as, input: { message_id }, signal })
}

Deno.test('an answer that is written here ends at once', async () => {
  const { stop, over } = beginTurn('one')
  const other = beginTurn('other')
  assert.deepEqual(await stopping('one', true), { stopping: true })
  assert.deepEqual([stop.signal.aborted, other.stop.signal.aborted], [true, false])
  over()
  other.over()
})

Deno.test('an answer that is someone else’s, or has ended, goes on as it was', async () => {
  const { stop, over } = beginTurn('theirs')
  await assert.rejects(
    stopping('theirs', null),
    (thrown) => thrown instanceof AppError && thrown.code === 'not_found',
  )
  assert.deepEqual(await stopping('theirs', false), { stopping: false })
  assert.equal(stop.signal.aborted, false)
  over()
})

Deno.test('a process that ends takes its answers with it, and no others', () => {
  const over = beginTurn('over')
  over.over()
  const open = beginTurn('open')
  stopAllHere()
  assert.deepEqual([over.stop.signal.aborted, open.stop.signal.aborted], [false, true])
  open.over()
})
