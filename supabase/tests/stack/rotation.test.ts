// New sealing keys for a running Astra: everything that is sealed moves under them, calls go on meanwhile,
// and what another one stores at the same moment stays. The real command, stack and function.
import assert from 'node:assert/strict'
import { holdFolder, kept } from '../../../scripts/stack/folder.ts'
import { createApp, createDoors } from '../../functions/mcp-client/app.ts'
import { open, seal } from '../../functions/mcp-client/credentials.ts'
import { promises } from '../promises.ts'
import { startAskingModern, startAskingSessions } from '../upstreams/asking.ts'
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
  type Placed,
  rotate,
  rows,
  sealedOf,
  settings,
  stack,
  syncAndAllow,
} from './rotation-bench.ts'

const plain = startCountingServer()
const signing = startAuthorization()
const stateless = startAskingModern()
const sessions = startAskingSessions()
Deno.test.afterAll(async () => {
  await Promise.all([plain.stop(), signing.stop(), stateless.stop(), sessions.stop()])
})

const call = (server_id: string, tool_name: string) =>
  owner.call('call_tool', { server_id, tool_name, parameters: {} })
const newestOf = async () => (await keys())[0]!

/** A sealed value in each place where values are sealed; gives the servers they belong to. */
async function sealEverywhere(): Promise<string[]> {
  const team = await addServer(plain.url, { credential })
  const person = await addServer(plain.url, { account: 'person' })
  const own = { server_id: person, account: 'person', credential }
  assert.equal((await owner.call('set_credential', own)).status, 200)
  const oauth = await addServer(signing.url)
  assert.equal((await owner.call('connect_server', { server_id: oauth })).status, 200)
  const asking = await addServer(stateless.url)
  await syncAndAllow(asking)
  const { body } = await call(asking, 'book')
  assert.equal(body.status, 'awaiting_input', JSON.stringify(body))
  // An answer on its way to a worker is sealed too; here nobody fetches it.
  const wait = `mcp_execution_waits?execution_id=eq.${body.execution_id}`
  const [{ encrypted_value, key_version }] = await rows(wait)
  await change(wait, { answer: { encrypted_value, key_version } })
  return [team, person, oauth, asking]
}

Deno.test(promises.rotation, async () => {
  const servers = await sealEverywhere()
  const sealed = async () => (await Promise.all(servers.map(sealedOf))).flat()
  const before = await sealed()
  assert.deepEqual(before.map(({ place }) => place.field.split(':')[0]), [
    'credential',
    'credential',
    'client',
    'flow',
    'wait',
    'wait',
  ])
  const old = await newestOf()

  assert.match(await rotate(), / [1-9]\d* resealed, 0 unreadable, 0 left/)

  const newest = await newestOf()
  assert.equal(newest.version, old.version + 1)
  for (const [at, { sealed: now, place }] of (await sealed()).entries()) {
    assert.equal(now.key_version, newest.version, place.field)
    const opened = await open(now, { keys: [newest], place })
    assert.ok(opened, place.field)
    assert.deepEqual(opened, await open(before[at]!.sealed, { keys: [old], place }))
    const asBefore = { ...now, key_version: old.version }
    assert.equal(await open(now, { keys: [old], place }), null)
    assert.equal(await open(asBefore, { keys: [old], place }), null)
  }

  assert.match(await rotate('--drop-old'), new RegExp(`Only key ${newest.version} is left`))
  assert.deepEqual(await keys(), [newest])
  const told = await door({ apikey: stack.secret_key })
  assert.deepEqual(told.body, { keys: [newest.version], resealed: 0, unreadable: 0, left: 0 })
})

Deno.test(promises.rotation_loses_nothing, async () => {
  const [server_id, held_by] = [
    await addServer(plain.url, { credential }),
    await addServer(sessions.url),
  ]
  for (const id of [server_id, held_by]) await syncAndAllow(id)
  const held = (await call(held_by, 'book')).body
  assert.equal(held.status, 'awaiting_input', JSON.stringify(held))
  const over = new AbortController()
  const answers: string[] = []
  const callers = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      const { status, body } = await call(server_id, 'show_headers')
      answers.push(status === 200 ? body.status : JSON.stringify(body))
    }
  })
  let during = 0
  try {
    await until('calls are under way', () => answers.length > 4)
    const began = answers.length
    for (const args of [[], [], ['--drop-old']]) await rotate(...args)
    during = answers.length - began
  } finally {
    over.abort()
    await Promise.all(callers)
  }
  assert.ok(during > 20, `${during} calls`)
  assert.deepEqual(answers.filter((answer) => answer !== 'success'), [])
  assert.equal(plain.lastHeaders().get('authorization'), `Bearer ${credential.value}`)
  // Its server held this one open all the time, in the process that was told of the new keys.
  const { execution_id } = held
  const ended = await owner.call('answer_input', {
    execution_id,
    answer: 'accept',
    content: { guests: 2 },
  })
  assert.equal(ended.body.status, 'success', JSON.stringify(ended.body))
})

Deno.test('a credential that is entered while its row is sealed anew stays', async () => {
  const server_id = await addServer(plain.url, { credential })
  await rotate()
  await makeOld(server_id, credential)
  const newer = { ...credential, value: 'rotation-secret-2' } as const
  // Between reading the row and writing it, someone enters another credential; both keys are in use.
  const between = Promise.withResolvers<void>()
  let written = 0
  const proxy = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url)
    const body = request.body ? await request.text() : null
    if (request.method === 'PATCH' && written++ === 0) {
      const entered = await owner.call('set_credential', { server_id, credential: newer })
      assert.equal(entered.status, 200)
      await makeOld(server_id, newer)
      between.resolve()
    }
    const { method, headers } = request
    return await fetch(`${stack.url}${pathname}${search}`, { method, headers, body })
  })
  const through = { ...await settings(), supabaseUrl: `http://127.0.0.1:${proxy.addr.port}` }
  const app = createApp(through, () => {})
  try {
    const headers = { apikey: stack.secret_key }
    const ask = async () =>
      await (await createDoors(app).request('/mcp-client/reseal', { method: 'POST', headers }))
        .json()
    const raced = await ask()
    await between.promise
    assert.deepEqual([raced.resealed, raced.left], [0, 1])
    const again = await ask()
    assert.deepEqual([again.resealed, again.left], [1, 0])
    const { sealed, place } = (await sealedOf(server_id))[0]!
    assert.deepEqual(await open(sealed, { keys: [await newestOf()], place }), newer)
  } finally {
    await app.connections.close()
    await proxy.shutdown()
  }
})

Deno.test('a sealed value of another row is not made to fit', async () => {
  const [one, other] = [
    await addServer(plain.url, { credential }),
    await addServer(plain.url, { credential }),
  ]
  await syncAndAllow(other)
  const { encrypted_value, key_version } = (await sealedOf(one))[0]!.sealed
  await change(`mcp_server_credentials?server_id=eq.${other}`, { encrypted_value, key_version })
  const refused = async () => {
    const { body } = await call(other, 'echo')
    assert.equal(body.error?.code, 'credential_unreadable', JSON.stringify(body))
  }
  await refused()
  assert.match(await rotate(), /1 unreadable, 0 left\nWhat is unreadable/)
  await refused()
  await owner.call('remove_server', { server_id: other })
})

Deno.test('what is too much for one request is left for the next ones, whatever does not open between', async () => {
  const server_id = await addServer(plain.url)
  await rotate()
  const [newest, old] = await keys()
  const team_id = stack.teams.Acme!
  const clients = await Promise.all(
    Array.from({ length: 400 }, async (_, at) => {
      const issuer = `https://issuer-${at}.example`
      const place = {
        team_id,
        server_id,
        field: `client:${at % 5 ? issuer : 'elsewhere'}`,
      } as const
      const sealed = await seal({ client_id: `client-${at}` }, { keys: [old!], place })
      return { team_id, server_id, issuer, is_given: false, ...sealed }
    }),
  )
  const body = JSON.stringify(clients)
  const inserted = await stack.asService('mcp_oauth_clients', { method: 'POST', body })
  assert.equal(inserted.status, 201, JSON.stringify(inserted.body))
  const told = async () => (await door({ apikey: stack.secret_key })).body
  const first = await told()
  assert.ok(first.resealed >= 200 && first.resealed <= 250 && first.left > 0, JSON.stringify(first))
  const rest = await told()
  assert.deepEqual([first.resealed + rest.resealed, rest.unreadable, rest.left], [320, 80, 0])
  const of = `server_id=eq.${server_id}&key_version=eq.${newest!.version}`
  assert.equal((await rows(`mcp_oauth_clients?${of}`)).length, 320)
  await owner.call('remove_server', { server_id })
})

/** A server the team is signed in at, whose token is about to end. */
async function signedIn(): Promise<string> {
  const server_id = await addServer(signing.url)
  signing.behaviour.seconds = 20
  const { body } = await owner.call('connect_server', { server_id })
  for (let link = body.authorization_url; link.startsWith('http://127.0.0.1');) {
    const response = await fetch(link, { redirect: 'manual' })
    await response.body?.cancel()
    link = response.headers.get('location') ?? ''
    if (response.status === 303) break
  }
  await syncAndAllow(server_id)
  return server_id
}

Deno.test('a token that is just being renewed is left alone, and renewed once', async () => {
  const server_id = await signedIn()
  await rotate()
  const [newest, old] = await keys()
  await makeOld(server_id, await openedOf(server_id))
  const held = Promise.withResolvers<void>()
  Object.assign(signing.behaviour, { seconds: 3_600, hold: held.promise })
  signing.seen.tokens.length = 0
  const answer = call(server_id, 'whoami')
  await until('the token is asked for', () => signing.seen.tokens.length === 1)
  const { body } = await door({ apikey: stack.secret_key })
  assert.deepEqual([body.resealed, body.left], [0, 1])
  held.resolve()
  assert.equal((await answer).body.status, 'success')
  const [{ sealed, place }] = await sealedOf(server_id) as [Placed]
  assert.equal(sealed.key_version, newest!.version)
  assert.equal(await open(sealed, { keys: [old!], place }), null)
  assert.deepEqual([signing.seen.tokens.length, signing.books.reuses], [1, 0])
})

Deno.test('a token that is sealed anew while a worker waits to renew it is renewed all the same', async () => {
  const server_id = await signedIn()
  const credentials = `mcp_server_credentials?server_id=eq.${server_id}`
  await change(credentials, { renewing_until: new Date(Date.now() + 60_000).toISOString() })
  signing.behaviour.seconds = 3_600
  signing.books.endAccess()
  const answer = call(server_id, 'whoami')
  const running = `mcp_tool_executions?server_id=eq.${server_id}&status=eq.running`
  await until('a worker holds the old value', async () => (await rows(running)).length > 0)
  const place = (await sealedOf(server_id))[0]!.place
  const anew = await seal(await openedOf(server_id), { keys: await keys(), place })
  await change(credentials, { ...anew, renewing_until: null })
  assert.equal((await answer).body.status, 'success', JSON.stringify((await answer).body))
  assert.equal(signing.books.reuses, 0)
})

Deno.test('the door opens with the project’s secret key and with nothing else', async () => {
  const wrong: Record<string, string>[] = [
    {},
    { apikey: '' },
    { apikey: stack.publishable_key },
    { apikey: `${stack.secret_key}x` },
    { apikey: stack.publishable_key, Authorization: `Bearer ${owner.token}` },
    { apikey: stack.publishable_key, Authorization: `Bearer ${stack.secret_key}` },
  ]
  for (const headers of wrong) {
    const { status, body } = await door(headers)
    assert.equal(status, 401, JSON.stringify(headers))
    assert.equal(body.error.code, 'unauthenticated')
  }
  const asked = await fetch(`${stack.url}/functions/v1/mcp-client/reseal`, {
    headers: { apikey: stack.secret_key },
  })
  await asked.body?.cancel()
  assert.equal(asked.status, 404)
  assert.equal((await owner.call('reseal')).body.error.code, 'unknown_action')
})

Deno.test('while one rotation is under way another one is refused, and changes nothing', async () => {
  const before = await keys()
  const hold = await holdFolder(stack.folder, kept.rotation)
  try {
    await assert.rejects(rotate(), /another rotation is under way/)
  } finally {
    hold!.release()
  }
  assert.deepEqual(await keys(), before)
})
