// What the stack will not do: each a clear line, a non-zero exit and nothing damaged.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openPglite, openPostgres } from '../../../scripts/stack/database.ts'
import { startPostgres } from '../postgres.ts'
import { bare, freePort, launchReady, refusedStart } from './launch.ts'

const newer =
  `insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'later')`

/** A failed start says one line on standard error and nothing is ready. */
function saysOnly(outcome: { code: number; stderr: string; stdout: string }, line: RegExp): void {
  assert.notEqual(outcome.code, 0)
  assert.match(outcome.stderr, line)
  assert.match(outcome.stderr, /^Astra did not start: [^\n]+\n$/)
  assert.equal(outcome.stdout, '')
}

Deno.test('a busy port is said, and whoever uses it is left alone', async () => {
  const other = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen: () => {} },
    () => new Response('other'),
  )
  try {
    saysOnly(await refusedStart({ env: bare, port: other.addr.port }), /port \d+ is in use/)
    assert.equal(await (await fetch(`http://127.0.0.1:${other.addr.port}`)).text(), 'other')
  } finally {
    await other.shutdown()
  }
})

for (const port of ['0', '65536', '54321a', '-1', '1e3']) {
  Deno.test(`ASTRA_PORT=${port} is refused by name`, async () => {
    saysOnly(
      await refusedStart({ env: { ...bare, ASTRA_PORT: port } }),
      /ASTRA_PORT must be a port/,
    )
  })
}

Deno.test('a second stack on the same folder is refused, and the first goes on', async () => {
  const first = await launchReady({ env: bare })
  try {
    saysOnly(
      await refusedStart({ env: bare, folder: first.folder }),
      /another Astra runs on the data folder/,
    )
    assert.ok((await fetch(`${(await first.status()).function_url}/health`)).ok)
  } finally {
    assert.equal(await first.stop(), 0)
  }
})

Deno.test('a data folder that cannot be used is named', async () => {
  const file = await Deno.makeTempFile()
  saysOnly(await refusedStart({ env: bare, folder: file }), /cannot read and write the data folder/)
  saysOnly(
    await refusedStart({ env: bare, folder: '/proc/astra' }),
    /cannot read and write the data folder/,
  )
})

Deno.test('a database without its secrets is not given new ones', async () => {
  const first = await launchReady({ env: bare })
  await first.stop()
  await Deno.remove(join(first.folder, 'secrets.json'))
  saysOnly(
    await refusedStart({ env: bare, folder: first.folder }),
    /holds a database but not its secrets/,
  )
})

Deno.test('unreadable secrets are not replaced', async () => {
  const first = await launchReady({ env: bare })
  await first.stop()
  const path = join(first.folder, 'secrets.json')
  await Deno.writeTextFile(path, '{"jwt_secret":')
  saysOnly(await refusedStart({ env: bare, folder: first.folder }), /cannot read .*secrets\.json/)
  assert.equal(await Deno.readTextFile(path), '{"jwt_secret":')
})

Deno.test('a database of a newer schema is refused and left as it is', async () => {
  const first = await launchReady({ env: bare })
  await first.stop()
  const path = join(first.folder, 'database')
  const database = await openPglite(path)
  await database.run(newer)
  await database.run('drop table public.astra_messages cascade')
  await database.close()
  saysOnly(
    await refusedStart({ env: bare, folder: first.folder }),
    /made by a newer Astra \(schema 29990101000000/,
  )
  const again = await openPglite(path)
  const [kept] = await again.run(`select to_regclass('public.astra_messages') as name`)
  await again.close()
  assert.equal(kept!.name, null)
})

Deno.test('a PostgreSQL of a newer schema is refused before anything is made in it', async () => {
  const postgres = await startPostgres()
  try {
    const database = await openPostgres(postgres.url)
    await database.run(`create schema supabase_migrations;
      create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);`)
    await database.run(newer)
    const env = { ...bare, ASTRA_DATABASE_URL: postgres.url }
    saysOnly(await refusedStart({ env }), /made by a newer Astra/)
    const made = await database.run(
      `select nspname from pg_namespace where nspname in ('auth', 'private')`,
    )
    assert.deepEqual(made, [])
    await database.close()
  } finally {
    await postgres.stop()
  }
})

Deno.test('a PostgreSQL that does not answer is named without its password', async () => {
  const port = freePort()
  const env = { ...bare, ASTRA_DATABASE_URL: `postgres://someone:hunter2@127.0.0.1:${port}/astra` }
  const outcome = await refusedStart({ env })
  saysOnly(outcome, new RegExp(`cannot use the PostgreSQL at 127.0.0.1:${port}/astra`))
  assert.doesNotMatch(outcome.stderr, /hunter2/)
})

Deno.test('an ASTRA_DATABASE_URL of another kind is refused without repeating it', async () => {
  const outcome = await refusedStart({
    env: { ...bare, ASTRA_DATABASE_URL: 'mysql://root:hunter2@db/astra' },
  })
  saysOnly(outcome, /ASTRA_DATABASE_URL must look like postgres:/)
  assert.doesNotMatch(outcome.stderr, /hunter2/)
})

Deno.test('a migration that fails is undone whole', async () => {
  const migrations = await Deno.makeTempDir()
  await Deno.writeTextFile(
    join(migrations, '20260101000000_good.sql'),
    'create table public.good (id int);',
  )
  await Deno.writeTextFile(
    join(migrations, '20260102000000_bad.sql'),
    'create table public.half (id int); select 1 / 0;',
  )
  const folder = await Deno.makeTempDir()
  const env = { ...bare, ASTRA_STACK_MIGRATIONS: migrations }
  saysOnly(
    await refusedStart({ env, folder }),
    /migration 20260102000000_bad failed and was undone: division by zero/,
  )
  const database = await openPglite(join(folder, 'database'))
  const tables = await database.run(`select tablename from pg_tables where schemaname = 'public'`)
  const applied = await database.run(
    'select version, name, statements from supabase_migrations.schema_migrations',
  )
  await database.close()
  assert.deepEqual(tables, [{ tablename: 'good' }])
  assert.deepEqual(applied, [{
    version: '20260101000000',
    name: 'good',
    statements: ['create table public.good (id int)'],
  }])
})
