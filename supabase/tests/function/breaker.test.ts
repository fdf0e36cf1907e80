// The circuit breaker: a server that keeps failing is left alone, by every process, and tried out by one call.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { until } from '../upstreams/bench.ts'
import { startMoodyServer } from '../upstreams/moody.ts'
import { check, dueAlone, endpointsOf, endRest, onServer } from './endpoints.ts'
import { startSecondFunction } from './second-function.ts'
import { addServer, people, stack, stored, syncAndAllow } from './the-stack.ts'

const upstream = startMoodyServer()
globalThis.addEventListener('unload', () => void upstream.stop())

const slow = (server_id: string) =>
  people.member.call('call_tool', { server_id, tool_name: 'slow' })
const echo = (server_id: string) =>
  people.member.call('call_tool', { server_id, tool_name: 'echo', parameters: { text: 'hi' } })

async function freshServer(): Promise<string> {
  upstream.mood = 'well'
  const server_id = await addServer(upstream.url)
  await syncAndAllow(server_id)
  return server_id
}

const sentence = (said: string, tell: (server_id: string) => Promise<void>) =>
  onServer(said, { add: freshServer, tell })

/** Five calls that fail, one after the other. */
async function wearOut(server_id: string): Promise<void> {
  upstream.mood = 503
  for (let n = 0; n < 5; n++) {
    const { status, body } = await echo(server_id)
    assert.deepEqual([status, body.status, body.error.code], [200, 'error', 'upstream_unreachable'])
    await stored(body.execution_id)
  }
  assert.equal((await endpointsOf(server_id))[0]!.failures, 5)
}

sentence(promises.failing_left_alone, async (server_id) => {
  await wearOut(server_id)
  upstream.mood = 'well'
  upstream.asked.length = 0

  const refused = await echo(server_id)
  assert.equal(refused.status, 503)
  assert.equal(refused.body.error.code, 'unavailable')
  const seconds = Number(refused.headers.get('retry-after'))
  assert.ok(seconds > 0 && seconds <= 30, `Retry-After: ${seconds}`)
  assert.deepEqual(refused.body.error.details, {
    reason: 'server_rests',
    retry_after_seconds: seconds,
  })

  const other = await startSecondFunction()
  try {
    const input = { server_id, tool_name: 'echo', parameters: { text: 'hi' } }
    const elsewhere = await other.call(people.member, 'call_tool', input)
    assert.deepEqual([elsewhere.status, elsewhere.body.error.code], [503, 'unavailable'])
  } finally {
    await other.stop()
  }
  assert.equal(upstream.asked.length, 0)
})

sentence(
  'of twenty calls at the end of a rest one goes through, and its success ends the rest',
  async (server_id) => {
    await wearOut(server_id)
    upstream.mood = 'well'
    await endRest(server_id)
    upstream.asked.length = 0
    const calls = Array.from({ length: 20 }, () => slow(server_id))
    let refused = 0
    for (const one of calls) void one.then(({ status }) => refused += status === 503 ? 1 : 0)
    await until(() => refused === 19 && upstream.behind.calls() > 0)
    assert.equal(upstream.calls(), 1)
    upstream.behind.release()
    const answers = await Promise.all(calls)
    const [tried] = answers.filter(({ status }) => status === 200)
    assert.equal(tried!.body.status, 'success')
    await stored(tried!.body.execution_id)
    assert.equal((await echo(server_id)).body.status, 'success')
    assert.equal((await endpointsOf(server_id))[0]!.status, 'online')
  },
)

sentence('a try that fails makes the rest longer', async (server_id) => {
  await wearOut(server_id)
  await endRest(server_id)
  const { body } = await echo(server_id)
  assert.equal(body.error.code, 'upstream_unreachable')
  await stored(body.execution_id)
  const seconds = Number((await echo(server_id)).headers.get('retry-after'))
  assert.ok(seconds > 30 && seconds <= 60, `Retry-After: ${seconds}`)
})

sentence('a check that finds it well ends the rest before its time', async (server_id) => {
  await wearOut(server_id)
  assert.equal((await echo(server_id)).status, 503)
  upstream.mood = 'well'
  await check(server_id)
  assert.equal((await echo(server_id)).body.status, 'success')
})

sentence('so does an admin’s test', async (server_id) => {
  await wearOut(server_id)
  upstream.mood = 'well'
  const { body } = await people.owner.call('test_server', { server_id })
  assert.ok(body.ok, JSON.stringify(body.steps))
  assert.equal((await echo(server_id)).body.status, 'success')
})

sentence(
  'a tool that is slower than it may be closes no server: a check decides',
  async (server_id) => {
    const { status } = await stack.asService(
      `mcp_tools?server_id=eq.${server_id}&tool_name=eq.slow`,
      {
        method: 'PATCH',
        body: JSON.stringify({ timeout_seconds: 1 }),
      },
    )
    assert.ok(status < 300)
    await dueAlone()
    const late = await Promise.all(Array.from({ length: 6 }, () => slow(server_id)))
    upstream.behind.release()
    for (const { body } of late) {
      assert.equal(body.status, 'timeout')
      const { attempts } = await stored(body.execution_id)
      assert.deepEqual(attempts.map(({ sent }: { sent?: boolean }) => sent), [true])
    }
    const [endpoint] = await endpointsOf(server_id)
    assert.equal(endpoint!.failures, 0)
    assert.ok(Date.parse(endpoint!.check_at) <= Date.now())
    assert.equal((await echo(server_id)).body.status, 'success')
  },
)

sentence('a server that refuses is not a server that fails', async (server_id) => {
  upstream.mood = 403
  for (let n = 0; n < 6; n++) {
    const { status, body } = await echo(server_id)
    assert.equal(status, 200)
    if (body.execution_id) await stored(body.execution_id)
  }
  assert.equal((await endpointsOf(server_id))[0]!.failures, 0)
})
