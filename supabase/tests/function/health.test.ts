// Health checks, as the tick makes them: what counts as a sign of life, and what a check never does.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startMoodyServer } from '../upstreams/moody.ts'
import { check, dueAlone, endpointsOf } from './endpoints.ts'
import { addServer, people, stack } from './the-stack.ts'

const upstream = startMoodyServer()
globalThis.addEventListener('unload', () => void upstream.stop())

const credential = { credential_type: 'oauth_token', value: 'hush-of-the-team' }

async function shown(server_id: string) {
  const { body } = await people.member.call('list_servers')
  return body.servers.find(({ id }: { id: string }) => id === server_id)
}

async function freshServer(more: Record<string, unknown> = {}): Promise<string> {
  upstream.mood = 'well'
  const server_id = await addServer(upstream.url, more)
  upstream.asked.length = 0
  return server_id
}

Deno.test('the tick opens with the project’s secret key and answers counts only', async () => {
  const bearer = { Authorization: `Bearer ${people.owner.token}` }
  for (const headers of [{}, { apikey: '' }, { apikey: 'sb_secret_wrong' }, bearer]) {
    const { status, body } = await stack.post('', headers as Record<string, string>, '/tick')
    assert.equal(status, 401, JSON.stringify(body))
  }
  await dueAlone()
  const { status, body, headers } = await stack.tick()
  assert.equal(status, 200)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(body.endpoints_checked, 0)
  for (const count of Object.values(body)) assert.ok(Number.isInteger(count), JSON.stringify(body))
})

Deno.test(promises.checks_call_nothing, async () => {
  const rows = async () =>
    (await stack.asService('mcp_tool_executions?select=id', {
      headers: { Prefer: 'count=exact' },
    })).headers.get('content-range')
  const before = await rows()
  const team = await freshServer({ credential })
  assert.equal((await check(team)).endpoints_checked, 1)
  assert.equal(upstream.lastHeaders().get('authorization'), 'Bearer hush-of-the-team')
  const person = await freshServer({ account: 'person' })
  const own = { ...credential, value: 'hush-of-the-owner' }
  await people.owner.call('set_credential', {
    server_id: person,
    account: 'person',
    credential: own,
  })
  await check(person)
  assert.ok(upstream.asked.length > 0)
  assert.equal(upstream.lastHeaders().get('authorization'), null)
  assert.equal(upstream.calls(), 0)
  assert.equal(await rows(), before)
  assert.equal((await shown(person)).health, 'online')
})

Deno.test('a server that answers is online, with when it was seen and how fast', async () => {
  const server_id = await freshServer()
  const unknown = await shown(server_id)
  assert.deepEqual([unknown.health, unknown.checked_at, unknown.latency_ms], [
    'unknown',
    null,
    null,
  ])
  await check(server_id)
  const { health, checked_at, latency_ms, health_error } = await shown(server_id)
  assert.deepEqual([health, health_error], ['online', null])
  assert.ok(Math.abs(Date.now() - Date.parse(checked_at)) < 60_000)
  assert.ok(latency_ms >= 0 && latency_ms < 2_000)
  upstream.asked.length = 0
  await stack.tick()
  assert.equal(upstream.asked.length, 0, 'it was checked less than a minute ago')
})

Deno.test('a server that is gone is degraded, then offline, and online as soon as a check finds it', async () => {
  const server_id = await freshServer()
  await upstream.die()
  const seen: string[] = []
  for (let n = 0; n < 5; n++) {
    await check(server_id)
    seen.push((await shown(server_id)).health)
  }
  assert.deepEqual(seen, ['degraded', 'degraded', 'degraded', 'degraded', 'offline'])
  assert.equal((await shown(server_id)).health_error, 'Nothing answers at the server’s address')
  assert.notEqual((await endpointsOf(server_id))[0]!.rests_until, null)
  upstream.revive()
  await check(server_id)
  const { health, health_error } = await shown(server_id)
  assert.deepEqual([health, health_error], ['online', null])
  assert.equal((await endpointsOf(server_id))[0]!.rests_until, null)
})

Deno.test('a credential of the team’s that is refused is said, and is no failure', async () => {
  const server_id = await freshServer({ credential })
  upstream.mood = 401
  for (let n = 0; n < 6; n++) await check(server_id)
  const { health, health_error } = await shown(server_id)
  assert.deepEqual(
    [health, health_error],
    ['degraded', 'The server did not accept the credential (HTTP 401)'],
  )
  assert.deepEqual((await endpointsOf(server_id)).map((one) => [one.failures, one.rests_until]), [
    [0, null],
  ])
  const without = await freshServer({ account: 'person' })
  upstream.mood = 401
  await check(without)
  assert.equal((await shown(without)).health, 'online')
})

const moods = [
  [500, 1, 'The server failed with HTTP 500'],
  [503, 1, 'The server failed with HTTP 503'],
  [404, 0, 'The server refused the request (HTTP 404)'],
] as const

for (const [status, failures, error] of moods) {
  Deno.test(`an answer of HTTP ${status} counts as ${failures} failure(s)`, async () => {
    const server_id = await freshServer()
    upstream.mood = status
    await check(server_id)
    const [endpoint] = await endpointsOf(server_id)
    assert.deepEqual(
      [endpoint!.status, endpoint!.failures, endpoint!.last_error],
      ['degraded', failures, error],
    )
  })
}

Deno.test('what is switched off, runs nowhere, or has a refused address is not checked', async () => {
  const off = await freshServer()
  await people.owner.call('update_server', { server_id: off, is_active: false })
  const refused = await freshServer()
  await stack.asService(`mcp_servers?id=eq.${refused}`, {
    method: 'PATCH',
    body: JSON.stringify({ config: { url: 'http://10.0.0.1/mcp' } }),
  })
  const { body } = await people.owner.call('add_server', {
    name: `Local ${crypto.randomUUID().slice(0, 8)}`,
    server_type: 'stdio',
    config: { command: 'npx', args: [], env: {} },
  })
  const servers = [off, refused, body.server.id]
  assert.equal((await check(...servers)).endpoints_checked, 0)
  assert.equal(upstream.asked.length, 0)
  for (const server_id of servers) assert.equal((await shown(server_id)).health, 'unknown')
})

Deno.test('clocks that ring at once check a server once', async () => {
  const servers = [await freshServer(), await freshServer(), await freshServer()]
  await dueAlone(...servers)
  const ticks = await Promise.all(Array.from({ length: 6 }, () => stack.tick()))
  const checked = ticks.map(({ body }) => body.endpoints_checked)
  assert.equal(checked.reduce((sum, one) => sum + one, 0), servers.length)
})

Deno.test('a call that nobody ended is ended by the tick', async () => {
  const { body } = await stack.asService('mcp_tools?select=id,team_id,server_id&limit=1')
  const [{ id: tool_id, team_id, server_id }] = body
  const lost = await stack.asService('mcp_tool_executions', {
    method: 'POST',
    headers: { Prefer: 'return=representation' },
    body: JSON.stringify({
      team_id,
      server_id,
      tool_id,
      user_id: people.member.user_id,
      status: 'running',
      input_parameters: {},
      lease_expires_at: new Date(Date.now() - 1_000).toISOString(),
    }),
  })
  await dueAlone()
  const { body: counts } = await stack.tick()
  assert.equal(counts.executions_reaped, 1)
  const { body: rows } = await stack.asService(`mcp_tool_executions?id=eq.${lost.body[0].id}`)
  assert.deepEqual([rows[0].status, rows[0].error_code], ['unknown', 'lost'])
})
