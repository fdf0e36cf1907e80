import assert from 'node:assert/strict'
import type { Connection } from './negotiation.ts'
import { createPool } from './pool.ts'

/** Connections that open when the test says so. */
function openings() {
  const begun: PromiseWithResolvers<Connection>[] = []
  const closed: number[] = []
  const connection = (number: number) =>
    ({ broken: null, close: () => Promise.resolve(void closed.push(number)) }) as Connection
  return {
    begun,
    closed,
    open() {
      const opening = Promise.withResolvers<Connection>()
      begun.push(opening)
      return opening.promise
    },
    opens: (number: number) => begun[number]!.resolve(connection(number)),
  }
}

/** `tooLong`: so much later that an opening is no longer relied upon. */
function pool() {
  let now = 0
  const { acquire, size, close } = createPool({ max_connections: 4, idle_ms: 60_000 }, () => now)
  return { acquire, size, close, tooLong: () => void (now += 1_000) }
}

Deno.test('what comes while a connection opens waits for it, and opens no other', async () => {
  const { open, opens, begun } = openings()
  const { acquire } = pool()
  const both = [acquire('k', open), acquire('k', open)]
  opens(0)
  const [one, other] = await Promise.all(both)
  assert.equal(begun.length, 1)
  assert.equal(one!.connection, other!.connection)
})

Deno.test('an opening that is lost holds up nobody who comes later, and serves in the end who waits', async () => {
  const { open, opens, begun, closed } = openings()
  const { acquire, tooLong, close } = pool()
  const early = acquire('k', open)
  tooLong()
  const late = acquire('k', open)
  assert.equal(begun.length, 2)
  opens(1)
  assert.equal((await early).connection, (await late).connection)
  // The lost one comes after all: it is closed, and the other serves on.
  opens(0)
  await begun[0]!.promise
  await Promise.resolve()
  assert.deepEqual(closed, [0])
  assert.equal((await acquire('k', open)).reused, true)
  assert.equal(begun.length, 2)
  await close()
  assert.deepEqual(closed, [0, 1])
})

Deno.test('a slow opening serves whoever came meanwhile when it is the first after all', async () => {
  const { open, opens } = openings()
  const { acquire, tooLong } = pool()
  const early = acquire('k', open)
  tooLong()
  const late = acquire('k', open)
  opens(0)
  assert.equal((await late).connection, (await early).connection)
})

Deno.test('when one of two openings fails the other one counts, and the next who comes opens at once', async () => {
  const { open, opens, begun } = openings()
  const { acquire, tooLong } = pool()
  const early = acquire('k', open)
  tooLong()
  const late = acquire('k', open)
  begun[1]!.reject(new Error('refused'))
  await begun[1]!.promise.catch(() => {})
  const next = acquire('k', open)
  assert.equal(begun.length, 3)
  opens(2)
  const connections = (await Promise.all([early, late, next])).map((lease) => lease.connection)
  assert.equal(new Set(connections).size, 1)
})

Deno.test('when all openings fail whoever waits hears of it, and nothing of them is kept', async () => {
  const { open, begun } = openings()
  const { acquire, tooLong, size } = pool()
  const early = acquire('k', open)
  tooLong()
  const late = acquire('k', open)
  begun[0]!.reject(new Error('lost'))
  begun[1]!.reject(new Error('refused'))
  for (const waiting of [early, late]) await assert.rejects(waiting, /refused/)
  assert.equal(size(), 0)
})
