// Servers with several endpoints: calls are spread, go on when one is gone, and are never doubled. A
// credential follows to no further host.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { until } from '../upstreams/bench.ts'
import { startMoodyServer } from '../upstreams/moody.ts'
import { check, endpointsOf, onServer } from './endpoints.ts'
import { addServer, people, stack, stored, syncAndAllow } from './the-stack.ts'

const one = startMoodyServer()
const other = startMoodyServer()
const both = [one, other]
globalThis.addEventListener('unload', () => void Promise.all([one.stop(), other.stop()]))

const config = { url: one.url, replicas: [other.url] }

async function freshServer(): Promise<string> {
  for (const upstream of both) upstream.mood = 'well'
  const server_id = await addServer(one.url, { config })
  await syncAndAllow(server_id)
  for (const upstream of both) upstream.asked.length = 0
  return server_id
}

const sentence = (said: string, tell: (server_id: string) => Promise<void>) =>
  onServer(said, { add: freshServer, tell })

const echo = (server_id: string) =>
  people.member.call('call_tool', { server_id, tool_name: 'echo', parameters: { text: 'hi' } })

async function healthOf(server_id: string): Promise<string> {
  const { body } = await people.member.call('list_servers')
  return body.servers.find(({ id }: { id: string }) => id === server_id).health
}

/** Calls until one was first sent to this endpoint; gives the row of that call. Each call has to end so. */
async function callUntilSentTo(server_id: string, url: string, status: string) {
  for (let n = 0; n < 40; n++) {
    const { body } = await echo(server_id)
    assert.equal(body.status, status, JSON.stringify(body))
    const row = await stored(body.execution_id)
    if (row.attempts[0].endpoint === url) return row
  }
  throw new Error('no call was ever sent there first')
}

sentence(
  'calls at the same time are spread over all endpoints, and their rows say which',
  async (server_id) => {
    const calls = Array.from(
      { length: 10 },
      () => people.member.call('call_tool', { server_id, tool_name: 'slow' }),
    )
    await until(() => one.behind.calls() + other.behind.calls() === 10)
    assert.deepEqual([one.calls(), other.calls()], [5, 5])
    for (const upstream of both) upstream.behind.release()
    const answers = await Promise.all(calls)
    const rows = await Promise.all(answers.map(({ body }) => stored(body.execution_id)))
    assert.ok(rows.every(({ status }) => status === 'success'))
    const went = rows.map(({ attempts }) => attempts[0].endpoint)
    assert.deepEqual(both.map(({ url }) => went.filter((at) => at === url).length), [5, 5])
  },
)

sentence(
  'when one endpoint is gone nobody notices, but its server shows it, and it comes back',
  async (server_id) => {
    await check(server_id)
    assert.equal(await healthOf(server_id), 'online')
    await one.die()
    const row = await callUntilSentTo(server_id, one.url, 'success')
    assert.deepEqual(
      row.attempts.map((tried: { endpoint: string; error_code: string | null }) => [
        tried.endpoint,
        tried.error_code,
      ]),
      [[one.url, 'upstream_unreachable'], [other.url, null]],
    )
    assert.equal(await healthOf(server_id), 'degraded')
    for (let n = 0; n < 5; n++) {
      assert.equal((await echo(server_id)).body.status, 'success')
      await check(server_id)
    }
    assert.deepEqual((await endpointsOf(server_id)).map(({ status }) => status), [
      'offline',
      'online',
    ])
    assert.equal(await healthOf(server_id), 'degraded')

    one.revive()
    await check(server_id)
    assert.equal(await healthOf(server_id), 'online')
    await callUntilSentTo(server_id, one.url, 'success')
  },
)

sentence(promises.sent_once, async (server_id) => {
  one.mood = 'break'
  const row = await callUntilSentTo(server_id, one.url, 'success').catch(() => null)
  assert.equal(row, null, 'a call that was sent to the broken one must not end well')
  const { body: rows } = await stack.asService(
    `mcp_tool_executions?server_id=eq.${server_id}&status=eq.error`,
  )
  assert.equal(rows.length, 1)
  assert.equal(rows[0].error_code, 'upstream_unreachable')
  assert.deepEqual(rows[0].attempts.map(({ endpoint }: { endpoint: string }) => endpoint), [
    one.url,
  ])
  assert.equal(one.calls(), 1)
})

sentence(
  'a call that may run twice goes on elsewhere, although it may have arrived',
  async (server_id) => {
    await people.owner.rest(`mcp_tools?server_id=eq.${server_id}&tool_name=eq.echo`, {
      method: 'PATCH',
      body: JSON.stringify({ is_idempotent: true }),
    })
    one.mood = 'break'
    const repeated = await callUntilSentTo(server_id, one.url, 'success')
    assert.deepEqual(repeated.attempts.map(({ endpoint }: { endpoint: string }) => endpoint), [
      one.url,
      other.url,
    ])
  },
)

sentence('a call that reaches no endpoint ends, with every try on record', async (server_id) => {
  await one.die()
  await other.die()
  const { body } = await echo(server_id)
  assert.deepEqual([body.status, body.error.code], ['error', 'upstream_unreachable'])
  const { attempts } = await stored(body.execution_id)
  assert.equal(attempts.length, 3)
  assert.equal(new Set(attempts.map(({ endpoint }: { endpoint: string }) => endpoint)).size, 2)
  // However often it was tried, it was one call to each.
  assert.deepEqual((await endpointsOf(server_id)).map(({ failures }) => failures), [1, 1])
  one.revive()
  other.revive()
})

const credential = { credential_type: 'oauth_token', value: 'hush' }

sentence('every address is judged, and none is listed twice or holds a key', async (server_id) => {
  const refused: [string[], RegExp][] = [
    [['http://10.0.0.1/mcp'], /config\.replicas\.0: .*https/],
    [['https://localhost/mcp'], /config\.replicas\.0: .*private/],
    [[`${one.url}#again`], /config\.replicas\.0: this address is listed twice/],
    [[other.url, other.url], /config\.replicas\.1: this address is listed twice/],
    [[`${other.url}?api_key=hush`], /config\.replicas\.0: .*looks like a secret/],
  ]
  for (const [replicas, message] of refused) {
    const changed = { url: one.url, replicas }
    const name = `Test ${crypto.randomUUID().slice(0, 8)}`
    for (
      const { status, body } of [
        await people.owner.call('add_server', { name, server_type: 'http', config: changed }),
        await people.owner.call('update_server', { server_id, config: changed }),
      ]
    ) {
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(body.error.message, message)
    }
  }
})

Deno.test('a credential goes to the hosts it was given for, and to no further one', async () => {
  const given = await addServer(one.url, { config, credential })
  await check(given)
  for (const upstream of both) {
    assert.equal(upstream.lastHeaders().get('authorization'), 'Bearer hush', upstream.url)
  }
  // Fewer hosts, another order, another path: nothing that it was not given for.
  const fewer = { server_id: given, config: { url: other.url, replicas: [`${one.url}?v=2`] } }
  assert.equal((await people.owner.call('update_server', fewer)).status, 200)
  const alone = { server_id: given, config: { url: other.url } }
  assert.equal((await people.owner.call('update_server', alone)).status, 200)

  const refused = await people.owner.call('update_server', { server_id: given, config })
  assert.equal(refused.status, 409)
  assert.match(refused.body.error.message, /Remove the credential first/)
  await people.owner.call('set_credential', { server_id: given, credential: null })
  assert.equal((await people.owner.call('update_server', { server_id: given, config })).status, 200)
})

Deno.test('a person’s own credential is forgotten when a further host is added', async () => {
  const server_id = await addServer(one.url, { account: 'person' })
  const own = { server_id, account: 'person', credential }
  const connected = async () => {
    const { body } = await people.owner.call('list_servers')
    return body.servers.find(({ id }: { id: string }) => id === server_id).connected
  }
  await people.owner.call('set_credential', own)
  await people.owner.call('update_server', {
    server_id,
    config: { url: one.url, replicas: [`${one.url}?v=2`] },
  })
  assert.equal(await connected(), true)
  await people.owner.call('update_server', { server_id, config })
  assert.equal(await connected(), false)
})
