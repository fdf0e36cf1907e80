// What becomes of the stack when PostgreSQL stops under it: whoever asks is told, and nothing needs to be
// started again but PostgreSQL.
import assert from 'node:assert/strict'
import { type Postgres, startPostgres } from '../../supabase/tests/postgres.ts'
import { startBackend } from './backend.ts'
import { type Database, openPostgres } from './database.ts'
import { DatabaseAway } from './session-pool.ts'

type Given = { server: Postgres; database: Database }

async function onDatabase(test: (given: Given) => Promise<void>): Promise<void> {
  const server = await startPostgres({ durable: true })
  const database = await openPostgres(server.url)
  try {
    await test({ server, database })
  } finally {
    await database.close()
    await server.stop()
  }
}

/** Resolves when so many sessions are in the middle of a long statement. */
async function untilBusy(database: Database, wanted: number): Promise<void> {
  const deadline = Date.now() + 5_000
  for (;;) {
    const [row] = await database.run<{ busy: number }>(
      `select count(*)::int as busy from pg_stat_activity where state = 'active' and query like '%pg_sleep(30)%'
        and pid <> pg_backend_pid()`,
      [],
    )
    if (row!.busy >= wanted) return
    assert.ok(Date.now() < deadline, `${row!.busy} of ${wanted} are busy`)
  }
}

Deno.test('statements under way when the database stops fail, and the next ones succeed once it is back', async () => {
  await onDatabase(async ({ server, database }) => {
    for (let time = 0; time < 3; time++) {
      const running = Array.from({ length: 4 }, () => database.run('select pg_sleep(30)', []))
      // Behind the first one on the same session, where nobody would ever hear of it.
      const within = database.transaction((run) =>
        Promise.all([run('select pg_sleep(30)', []), run('select $1::int', [1])])
      )
      const failures = [...running, within].map((work) => assert.rejects(work, DatabaseAway))
      await untilBusy(database, failures.length)
      await server.crash()
      await Promise.all(failures)
      await assert.rejects(database.run('select 1', []), DatabaseAway)
      await server.start()
      assert.deepEqual(await database.run('select 1 as one', []), [{ one: 1 }])
    }
  })
})

Deno.test('whoever waits for a turn gets one, also when sessions are lost', async () => {
  await onDatabase(async ({ server, database }) => {
    const many = Array.from({ length: 25 }, () => database.run('select pg_sleep(0.01)', []))
    assert.equal((await Promise.all(many)).length, 25)
    const asleep = () => database.run('select pg_sleep(30)', [])
    const first = Array.from({ length: 9 }, asleep)
    const ends = Promise.allSettled(first)
    await untilBusy(database, first.length)
    const crowd = Promise.allSettled(Array.from({ length: 25 }, asleep))
    await server.crash()
    for (const end of [...await ends, ...await crowd]) assert.equal(end.status, 'rejected')
  })
})

Deno.test('the Data API says that the database is away as PostgREST does, and that only', async () => {
  await onDatabase(async ({ server, database }) => {
    const secrets = {
      jwt_secret: 'a secret that nothing outside this test is signed with',
      publishable_key: 'sb_publishable_test',
      secret_key: 'sb_secret_test',
      credential_keys: '',
      vapid_keys: '',
      pepper: '',
    }
    const sql = `create function public.one() returns int language sql as 'select 1';
      create function public.bad() returns int language plpgsql as 'begin raise division_by_zero; end';`
    const backend = await startBackend(database, {
      secrets,
      url: 'http://127.0.0.1:1',
      migrations: [{ version: '20260101000000', name: 'one', sql }],
    })
    const ask = async (name: string) => {
      const request = new Request(`http://127.0.0.1:1/rest/v1/rpc/${name}`, {
        method: 'POST',
        headers: { apikey: secrets.secret_key, 'content-type': 'application/json' },
        body: '{}',
      })
      const answer = await backend(request)
      return [answer.status, (await answer.json()).code]
    }
    assert.deepEqual(await ask('one'), [200, undefined])
    await server.crash()
    assert.deepEqual(await ask('one'), [503, 'PGRST001'])
    await server.start()
    assert.deepEqual(await ask('one'), [200, undefined])
    assert.notEqual((await ask('bad'))[0], 503)
  })
})
