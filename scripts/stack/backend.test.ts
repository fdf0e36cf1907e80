// What @supabase/lite does to the database on the stack's terms: it grants nothing by itself, leaves
// nothing running behind an answer, and tells the database who is asking.
import assert from 'node:assert/strict'
import { startBackend } from './backend.ts'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { type Database, openPglite, openPostgres } from './database.ts'
import type { Migration } from './migrations.ts'

const secrets = {
  jwt_secret: 'a secret that nothing outside this test is signed with',
  publishable_key: 'sb_publishable_test',
  secret_key: 'sb_secret_test',
  credential_keys: '',
  pepper: '',
  vapid_keys: '',
}
const migrations: Migration[] = [{
  version: '20260101000000',
  name: 'notes',
  sql: `
    create table public.notes (id serial primary key, text text, facts jsonb, at timestamptz default now());
    create table public.hidden (id int);
    alter table public.notes enable row level security;
    alter table public.hidden enable row level security;
    create policy "Everyone signed in reads notes" on public.notes for select to authenticated using (true);
    grant select (id, text, facts, at) on public.notes to authenticated;
    create function public.who() returns jsonb language sql as $$
      select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'email', auth.email(),
        'session', auth.jwt() ->> 'session_id', 'user', current_user)
    $$;
    create function public.keep(p_facts jsonb) returns jsonb language sql security definer as $$
      insert into public.notes (text, facts) values ('kept', p_facts) returning facts
    $$;
  `,
}]

type Ask = (path: string, init?: { token?: string; body?: unknown }) => Promise<Answer>
type Answer = { status: number; body: Body }
/** The fields these tests look at. */
type Body =
  & Record<string, unknown>
  & { access_token: string; refresh_token: string; user: { id: string } }
  & { at: string }[]
type Given = { database: Database; ask: Ask }

async function onPglite(test: (given: Given) => Promise<void>): Promise<void> {
  await onDatabase(await openPglite('memory://'), test)
}

async function onPostgres(test: (given: Given) => Promise<void>): Promise<void> {
  const server = await startPostgres()
  try {
    await onDatabase(await openPostgres(server.url), test)
  } finally {
    await server.stop()
  }
}

async function onDatabase(
  database: Database,
  test: (given: Given) => Promise<void>,
): Promise<void> {
  const backend = await startBackend(database, { secrets, url: 'http://127.0.0.1:1', migrations })
  const ask: Ask = async (path, { token, body } = {}) => {
    const headers = new Headers({
      apikey: secrets.publishable_key,
      'content-type': 'application/json',
    })
    if (token) headers.set('authorization', `Bearer ${token}`)
    const answer = await backend(
      new Request(`http://127.0.0.1:1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    )
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  try {
    await test({ database, ask })
  } finally {
    await database.close()
  }
}

const person = { email: 'ada@example.test', password: 'a password of ten' }

async function grantsNothing({ database, ask }: Given): Promise<void> {
  const grants = () =>
    database.run(`select relname, relacl::text, array(select attacl::text from pg_attribute
      where attrelid = pg_class.oid and attacl is not null) as columns
      from pg_class where relnamespace = 'public'::regnamespace order by relname`)
  const defaults = () => database.run('select * from pg_default_acl')
  const before = [await grants(), await defaults()]
  const { body } = await ask('/auth/v1/signup', { body: person })
  assert.equal((await ask('/rest/v1/notes', { token: body.access_token })).status, 200)
  assert.equal((await ask('/rest/v1/hidden', { token: body.access_token })).status, 403)
  assert.deepEqual([await grants(), await defaults()], before)
}

Deno.test('answering requests grants nobody anything (PGlite)', () => onPglite(grantsNothing))
Deno.test('answering requests grants nobody anything (PostgreSQL)', () => onPostgres(grantsNothing))

async function knowsWhoAsks({ database, ask }: Given): Promise<void> {
  const { body } = await ask('/auth/v1/signup', { body: person })
  const asked = (await ask('/rest/v1/rpc/who', { token: body.access_token, body: {} })).body
  assert.equal(asked.uid, body.user.id)
  assert.deepEqual([asked.role, asked.user, asked.email], [
    'authenticated',
    'authenticated',
    person.email,
  ])
  assert.ok(asked.session)
  assert.deepEqual((await ask('/rest/v1/rpc/who', { body: {} })).body, {
    uid: null,
    role: 'anon',
    email: null,
    session: null,
    user: 'anon',
  })
  const [after] = await database.run(
    `select current_user as user, current_setting('request.jwt.claims', true) as claims`,
  )
  assert.deepEqual(after, { user: 'postgres', claims: '' })
}

Deno.test('the database knows who asks, and forgets it with the request (PGlite)', () =>
  onPglite(knowsWhoAsks))
Deno.test('the database knows who asks, and forgets it with the request (PostgreSQL)', () =>
  onPostgres(knowsWhoAsks))

async function keepsJson({ ask }: Given): Promise<void> {
  const { body } = await ask('/auth/v1/signup', { body: person })
  for (const facts of [{ a: [1, 'two', null] }, ['x'], 7, true, null]) {
    const kept = await ask('/rest/v1/rpc/keep', {
      token: body.access_token,
      body: { p_facts: facts },
    })
    assert.deepEqual([kept.status, kept.body], [200, facts], JSON.stringify(facts))
  }
  const notes = await ask('/rest/v1/notes?select=at', { token: body.access_token })
  assert.match(notes.body[0]!.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/)
}

Deno.test('JSON and times arrive as they left (PGlite)', () => onPglite(keepsJson))
Deno.test('JSON and times arrive as they left (PostgreSQL)', () => onPostgres(keepsJson))

Deno.test('nothing asks the database outside a turn', async () => {
  await onPglite(async ({ database, ask }) => {
    const driver =
      (database.connection as { driver: { query: (...given: unknown[]) => unknown } }).driver
    const query = driver.query.bind(driver)
    const seen: string[] = []
    let inTurn = false
    driver.query = (...given) => {
      if (!inTurn) seen.push(String(given[0]))
      return query(...given)
    }
    const during = async (act: () => Promise<unknown>) => {
      inTurn = true
      await act()
      inTurn = false
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    let token = ''
    let refresh_token = ''
    await during(
      async () => ({ access_token: token, refresh_token } =
        (await ask('/auth/v1/signup', { body: person })).body),
    )
    await during(() => ask('/auth/v1/token?grant_type=password', { body: person }))
    await during(() => ask('/auth/v1/token?grant_type=refresh_token', { body: { refresh_token } }))
    await during(() => ask('/auth/v1/user', { token }))
    await during(() => ask('/auth/v1/recover', { body: { email: person.email } }))
    await during(() => ask('/rest/v1/notes', { token }))
    await during(() => ask('/auth/v1/logout', { token, body: {} }))
    assert.deepEqual(seen, [])
  })
})
