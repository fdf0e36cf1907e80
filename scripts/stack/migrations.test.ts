import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Migration, pendingOf, readMigrations } from './migrations.ts'

const migration = (version: string): Migration => ({ version, name: 'some', sql: '' })
const known = ['20260101000000', '20260201000000', '20260301000000'].map(migration)

Deno.test('what was not applied is pending, in order', () => {
  assert.deepEqual(pendingOf(known, []), known)
  assert.deepEqual(pendingOf(known, ['20260101000000']), known.slice(1))
  assert.deepEqual(pendingOf(known, known.map(({ version }) => version)), [])
})

Deno.test('a migration that came late to an older place is still applied', () => {
  assert.deepEqual(pendingOf(known, ['20260101000000', '20260301000000']), [known[1]])
})

Deno.test('a database that knows more is a newer Astra’s', () => {
  assert.throws(
    () => pendingOf(known, ['20260101000000', '20270101000000']),
    /a newer Astra \(schema 20270101000000/,
  )
})

Deno.test('a database with other migrations is another Astra’s', () => {
  assert.throws(() => pendingOf(known, ['20260115000000']), /another Astra \(schema 20260115000000/)
  assert.throws(() => pendingOf([], ['20260115000000']), /this one knows none/)
})

Deno.test('migrations are read in the order of their versions, and a misnamed one is refused', async () => {
  const folder = await Deno.makeTempDir()
  for (const version of ['20260301000000', '20260101000000']) {
    await Deno.writeTextFile(join(folder, `${version}_part-of_it.sql`), `select ${version};`)
  }
  await Deno.writeTextFile(join(folder, 'README.md'), '')
  const found = await readMigrations(folder)
  assert.deepEqual(found.map(({ version, name }) => [version, name]), [
    ['20260101000000', 'part-of_it'],
    ['20260301000000', 'part-of_it'],
  ])
  await Deno.writeTextFile(join(folder, 'extra.sql'), '')
  await assert.rejects(readMigrations(folder), /extra\.sql is not named/)
  await Deno.remove(folder, { recursive: true })
})
