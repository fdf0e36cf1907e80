// What may happen to a value while it is sealed anew: someone enters another one, a token is renewed, a
// worker still holds it as it was. What is newer stays, and no token is renewed twice.
import assert from 'node:assert/strict'
import { createApp, createDoors } from '../../functions/mcp-client/app.ts'
import { open, seal } from '../../functions/mcp-client/credentials.ts'
import { startAuthorization } from '../upstreams/authorization.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { until } from './launch.ts'
import {
  addServer,
  change,
  credential,
  door,
  keys,
  makeOld,
  openedOf,
  owner,
  rotate,
  rows,
  sealedOf,
  settings,
  stack,
  syncAndAllow,
} from './rotation-bench.ts'

const plain = startCountingServer()
const signing = startAuthorization()
Deno.test.afterAll(async () => {
  await Promise.all([plain.stop(), signing.stop()])
})

const whoami = (server_id: string) =>
  owner.call('call_tool', { server_id, tool_name: 'whoami', parameters: {} })

/** The door in this process, whose first write of a row waits until something else has happened. */
async function askWith(between: () => Promise<void>): Promise<Record<string, unknown>> {
  let written = 0
  const listen = { hostname: '127.0.0.1', port: 0, onListen() {} }
  const proxy = Deno.serve(listen, async (request) => {
    const { pathname, search } = new URL(request.url)
    const body = request.body ? await request.text() : null
    if (request.method === 'PATCH' && written++ === 0) await between()
    const { method, headers } = request
    return await fetch(`${stack.url}${pathname}${search}`, { method, headers, body })
  })
  const supabaseUrl = `http://127.0.0.1:${proxy.addr.port}`
  const app = createApp({ ...await settings(), supabaseUrl }, () => {})
  try {
    const init = { method: 'POST', headers: { apikey: stack.secret_key } }
    const answer = await createDoors(app).request('/mcp-client/reseal', init)
    assert.ok(written > 0)
    return await answer.json()
  } finally {
    await app.connections.close()
    await proxy.shutdown()
  }
}

const newer = { ...credential, value: 'rotation-secret-2' }
const meanwhile = {
  'is entered': async (server_id: string) => {
    const { status } = await owner.call('set_credential', { server_id, credential: newer })
    assert.equal(status, 200)
  },
  // By a worker of an isolate that does not know the new key yet.
  'is stored in its row': (server_id: string) => makeOld(server_id, newer),
}

for (const [happens, act] of Object.entries(meanwhile)) {
  Deno.test(`another credential that ${happens} while a row is sealed anew stays`, async () => {
    const server_id = await addServer(plain.url, { credential })
    await rotate()
    await makeOld(server_id, credential)
    const raced = await askWith(() => act(server_id))
    assert.deepEqual([raced.resealed, raced.left], [0, 1])
    await door({ apikey: stack.secret_key })
    assert.deepEqual(await openedOf(server_id), newer)
    const { sealed } = (await sealedOf(server_id))[0]!
    assert.equal(sealed.key_version, (await keys())[0]!.version)
  })
}

/** A server the team is signed in at, with a token that lasts so long. */
async function signedIn(seconds: number): Promise<string> {
  const server_id = await addServer(signing.url)
  Object.assign(signing.behaviour, { seconds, hold: Promise.resolve() })
  const { body } = await owner.call('connect_server', { server_id })
  const consent = await fetch(body.authorization_url, { redirect: 'manual' })
  await consent.body?.cancel()
  const back = await fetch(consent.headers.get('location')!, { redirect: 'manual' })
  await back.body?.cancel()
  assert.equal(back.status, 303)
  await syncAndAllow(server_id)
  return server_id
}

Deno.test('a token that is just being renewed is left alone, and renewed once', async () => {
  const server_id = await signedIn(20)
  await rotate()
  const [newest, old] = await keys()
  await makeOld(server_id, await openedOf(server_id))
  const held = Promise.withResolvers<void>()
  Object.assign(signing.behaviour, { seconds: 3_600, hold: held.promise })
  signing.seen.tokens.length = 0
  const answer = whoami(server_id)
  await until('the token is asked for', () => signing.seen.tokens.length === 1)
  const { body } = await door({ apikey: stack.secret_key })
  assert.deepEqual([body.resealed, body.left], [0, 1])
  held.resolve()
  assert.equal((await answer).body.status, 'success')
  const { sealed, place } = (await sealedOf(server_id))[0]!
  assert.equal(sealed.key_version, newest!.version)
  assert.equal(await open(sealed, { keys: [old!], place }), null)
  assert.deepEqual([signing.seen.tokens.length, signing.books.reuses], [1, 0])
})

Deno.test('a token that is sealed anew while a worker wants to renew it is renewed all the same', async () => {
  const server_id = await signedIn(3_600)
  const credentials = `mcp_server_credentials?server_id=eq.${server_id}`
  // As if another worker renewed it: this one waits with the value it has read.
  await change(credentials, { renewing_until: new Date(Date.now() + 60_000).toISOString() })
  signing.books.endAccess()
  const answer = whoami(server_id)
  const running = `mcp_tool_executions?server_id=eq.${server_id}&status=eq.running`
  await until('a worker holds the old value', async () => (await rows(running)).length > 0)
  const place = (await sealedOf(server_id))[0]!.place
  const anew = await seal(await openedOf(server_id), { keys: await keys(), place })
  await change(credentials, { ...anew, renewing_until: null })
  assert.equal((await answer).body.status, 'success', JSON.stringify((await answer).body))
  assert.equal(signing.books.reuses, 0)
})
