// New sealing keys for a running Astra: everything that is sealed moves under them, calls go on meanwhile.
// The real command, stack and function.
import assert from 'node:assert/strict'
import { holdFolder, kept } from '../../../scripts/stack/folder.ts'
import { open, seal } from '../../functions/mcp-client/credentials.ts'
import { promises } from '../promises.ts'
import { startAskingModern, startAskingSessions } from '../upstreams/asking.ts'
import { startAuthorization } from '../upstreams/authorization.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { runScript, until } from './launch.ts'
import {
  addServer,
  change,
  credential,
  door,
  keys,
  owner,
  rotate,
  rows,
  sealedModel,
  sealedOf,
  sealedWebhook,
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
  assert.equal((await owner.call('set_webhook', { url: plain.url })).status, 200)
  const model = { provider: 'openai_compatible', base_url: plain.url, name: 'm', api_key: 'k' }
  assert.equal((await owner.call('set_model', { model })).status, 200)
  return [team, person, oauth, asking]
}

Deno.test(promises.rotation, async () => {
  const servers = await sealEverywhere()
  const sealed = async () => [
    ...(await Promise.all(servers.map(sealedOf))).flat(),
    await sealedWebhook(),
    await sealedModel(),
  ]
  const before = await sealed()
  assert.deepEqual(before.map(({ place }) => place.field.split(':')[0]), [
    'credential',
    'credential',
    'client',
    'flow',
    'wait',
    'wait',
    'webhook',
    'model',
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

Deno.test('of a hosted project only the values are moved, and its operator is told what to set', async () => {
  const hosted = (url: string, key: string, ...args: string[]) =>
    runScript('rotate-keys.ts', { SUPABASE_URL: url, SUPABASE_SECRET_KEY: key }, args)
  await rotate()
  const before = await keys()
  const { version } = before[0]!
  const told = await hosted(`${stack.url}/`, stack.secret_key)
  assert.equal(told.code, 0, told.stderr)
  assert.match(
    told.stdout,
    new RegExp(`under key ${version}[^]*secrets set ASTRA_CREDENTIAL_KEYS="${version}:`),
  )
  await rotate('--drop-old')
  const alone = await hosted(stack.url, stack.secret_key)
  assert.match(alone.stdout, new RegExp(`only key ${version}[^]*NEW="${version + 1}:`))
  assert.deepEqual(await keys(), [before[0]])
  const refusals = [
    [await hosted('http://project.example', stack.secret_key), /must be https/],
    [await hosted(stack.url, `${stack.secret_key}x`), /answered 401/],
    [await hosted(stack.url, stack.secret_key, '--drop-old'), /hosted project/],
  ] as const
  for (const [{ code, stdout, stderr }, why] of refusals) {
    assert.equal(code, 1)
    assert.match(stderr, why)
    assert.ok(!`${stdout}${stderr}`.includes(stack.secret_key))
  }
})
