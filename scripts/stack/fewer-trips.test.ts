// The order of what reaches PostgreSQL is a matter of rights: who is asking must be settled before
// anything is asked.
import assert from 'node:assert/strict'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { openPostgres } from './database.ts'
import { saveTrips } from './fewer-trips.ts'

type Result = { command: string }
type Reserved = {
  unsafe(text: string, values?: unknown[]): Promise<Result>
  release(): void
}
type Driver = { reserve(): Promise<Reserved> }

const beSomeone = `select set_config('role', $1, true)`

/** A driver that answers when told to, and what was sent to it. */
function slowDriver() {
  const sent: { text: string; prepare: boolean; answer(error?: Error): void }[] = []
  const unsafe = (text: string, _values: unknown[], { prepare }: { prepare: boolean }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const answer = (error?: Error) => error ? reject(error) : resolve({ command: text })
    sent.push({ text, prepare, answer })
    return Object.assign(promise, { execute: () => promise })
  }
  const driver: Driver = { reserve: () => Promise.resolve({ unsafe, release() {} } as never) }
  saveTrips(driver)
  return { driver, texts: () => sent.map(({ text }) => text), sent }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

Deno.test('what goes ahead is sent at once, the statement only after all of it has succeeded', async () => {
  const { driver, sent, texts } = slowDriver()
  const connection = await driver.reserve()
  await connection.unsafe('begin')
  await connection.unsafe(beSomeone, ['anon'])
  assert.deepEqual(texts(), ['begin', beSomeone])
  const asked = connection.unsafe('select 1')
  sent[0]!.answer()
  await settle()
  assert.equal(sent.length, 2)
  sent[1]!.answer()
  await settle()
  assert.deepEqual(texts(), ['begin', beSomeone, 'select 1'])
  sent[2]!.answer()
  assert.equal((await asked).command, 'select 1')
})

Deno.test('a statement behind something that failed is never sent, a rollback always is', async () => {
  const { driver, sent, texts } = slowDriver()
  const connection = await driver.reserve()
  await connection.unsafe('begin')
  await connection.unsafe(beSomeone, ['no one'])
  sent[0]!.answer()
  sent[1]!.answer(new Error('no such role'))
  await assert.rejects(connection.unsafe('drop table everything'), /no such role/)
  const undone = connection.unsafe('rollback')
  await settle()
  sent[2]!.answer()
  await undone
  assert.deepEqual(texts(), ['begin', beSomeone, 'rollback'])
})

Deno.test('only so many texts are prepared, and only those that come again', async () => {
  const { driver, sent } = slowDriver()
  const connection = await driver.reserve()
  for (let n = 0; n < 300; n++) void connection.unsafe(`select * from public.f${n}()`)
  void connection.unsafe('select secret from public.things')
  await settle()
  assert.equal(sent.length, 301)
  assert.equal(sent.filter(({ prepare }) => prepare).length, 200)
  assert.equal(sent.at(-1)!.prepare, false)
})

Deno.test('PostgreSQL answers as one role, then as another, on one connection', async () => {
  const server = await startPostgres()
  const database = await openPostgres(`${server.url}?max=1`)
  try {
    await database.run('create role someone; create role another', [])
    const driver = database.connection.driver as unknown as Driver
    for (const role of ['someone', 'another', 'someone']) {
      const connection = await driver.reserve()
      await connection.unsafe('begin')
      await connection.unsafe(beSomeone, [role])
      const rows = await connection.unsafe('select current_user as me') as unknown as unknown[]
      assert.deepEqual([...rows], [{ me: role }])
      await connection.unsafe('commit')
      connection.release()
    }
  } finally {
    await database.close()
    await server.stop()
  }
})
