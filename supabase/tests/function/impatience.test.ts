// Calls in the background, calls that are cancelled, limited, answered from what is known, or made again:
// what callers in a hurry get, with real servers over HTTP.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { startModern } from '../upstreams/modern.ts'
import { startSecondFunction } from './second-function.ts'
import {
  addServer,
  isOver,
  limits,
  people,
  stack,
  stored,
  syncAndAllow,
  untilRow,
} from './the-stack.ts'

const { owner, member } = people
const upstream = startCountingServer()
const tools = startModern()
globalThis.addEventListener('unload', () => void Promise.all([upstream.stop(), tools.stop()]))
const counted = await addServer(upstream.url)
await syncAndAllow(counted)
const server_id = await addServer(tools.url)
await syncAndAllow(server_id)

const call = (tool_name: string, parameters: object, more: Record<string, unknown> = {}) =>
  member.call('call_tool', { server_id, tool_name, parameters, ...more })
const change = (tool_name: string, columns: Record<string, unknown>, of = server_id) =>
  owner.rest(`mcp_tools?server_id=eq.${of}&tool_name=eq.${tool_name}`, {
    method: 'PATCH',
    body: JSON.stringify(columns),
  })

Deno.test('a call in the background is answered at once, and its end is in its row', async () => {
  const running = upstream.nextCall()
  const { status, body } = await member.call('call_tool', {
    server_id: counted,
    tool_name: 'slow',
    mode: 'async',
  })
  assert.deepEqual([status, body.status], [200, 'running'])
  await running
  upstream.release()
  const row = await untilRow(body.execution_id, isOver)
  assert.deepEqual([row.status, row.mode], ['success', 'async'])
})

Deno.test('a call in the background with a key that was used is the first one', async () => {
  const idempotency_key = crypto.randomUUID()
  const again = { server_id: counted, tool_name: 'slow', mode: 'async', idempotency_key }
  const running = upstream.nextCall()
  const first = await member.call('call_tool', again)
  await running
  const before = upstream.calls()
  const second = await member.call('call_tool', again)
  assert.deepEqual([second.status, second.body.status], [200, 'running'])
  assert.equal(second.body.execution_id, first.body.execution_id)
  upstream.release()
  await untilRow(first.body.execution_id, isOver)
  const third = await member.call('call_tool', again)
  assert.equal(third.body.status, 'success')
  assert.equal(upstream.calls(), before)
})

Deno.test('the progress of a long call can be read by whoever asks', async () => {
  const { body } = await call('progress', { steps: 60, ms: 100 }, { mode: 'async' })
  await untilRow(body.execution_id, (row) => row.progress !== null)
  const { body: read } = await member.call('get_execution', { execution_id: body.execution_id })
  assert.equal(read.execution.status, 'running')
  assert.equal(read.execution.progress.total, 60)
  await member.call('cancel_execution', { execution_id: body.execution_id })
})

Deno.test('a call is cancelled from another device, in another process, at its server too', async () => {
  const { body } = await call('progress', { steps: 600, ms: 100 }, { mode: 'async' })
  const { execution_id } = body
  await untilRow(execution_id, () => tools.running() === 1)
  const second = await startSecondFunction()
  try {
    const cancelled = await second.call(member, 'cancel_execution', { execution_id })
    assert.equal(cancelled.body.status, 'cancelled', JSON.stringify(cancelled.body))
  } finally {
    await second.stop()
  }
  assert.equal((await stored(execution_id)).status, 'cancelled')
  await untilRow(execution_id, () => tools.running() === 0)
})

Deno.test('progress keeps a call alive beyond its timeout, and its longest time ends it', async () => {
  await change('progress', { timeout_seconds: 1 })
  await change('slow', { timeout_seconds: 1 })
  const alive = await call('progress', { steps: 5, ms: 400 })
  assert.equal(alive.body.status, 'success', JSON.stringify(alive.body))
  const silent = await call('slow', { ms: 3_000 })
  assert.equal(silent.body.status, 'timeout')
  const endless = await call('progress', { steps: 100, ms: 400 })
  assert.equal(endless.body.status, 'timeout')
  assert.ok(endless.body.duration_ms >= 3_500 && endless.body.duration_ms < 6_000)
  await change('progress', { timeout_seconds: 30 })
  await change('slow', { timeout_seconds: 30 })
})

Deno.test(promises.limits_hold + ': from two processes', async () => {
  const second = await startSecondFunction()
  await change('echo', { rate_limit: 5 })
  try {
    const input = { server_id, tool_name: 'echo', parameters: { text: 'x' } }
    const answers = await Promise.all(
      Array.from(
        { length: 40 },
        (_, at) =>
          at % 2 ? member.call('call_tool', input) : second.call(member, 'call_tool', input),
      ),
    )
    const refused = answers.filter(({ status }) => status === 429)
    assert.equal(answers.filter(({ status }) => status === 200).length, 5)
    assert.equal(refused.length, 35)
    const [{ body, headers }] = refused as [typeof refused[number]]
    assert.equal(body.error.code, 'rate_limited')
    assert.equal(body.error.details.limit, 'tool')
    const seconds = Number(headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60)
    assert.equal(seconds, body.error.details.retry_after_seconds)
  } finally {
    await change('echo', { rate_limit: null })
    await second.stop()
  }
})

Deno.test('a person at their limit hears so, whichever tool they call', async () => {
  await stack.asService(`rate_windows?team_id=eq.${stack.teams.Acme}`, { method: 'DELETE' })
  await limits({ rate_per_person: 1 })
  try {
    assert.equal((await call('echo', { text: 'x' })).status, 200)
    const { status, body } = await call('add', { a: 1, b: 2 })
    assert.deepEqual([status, body.error.details.limit], [429, 'person'])
    const listed = await member.call('list_prompts', { server_id })
    assert.deepEqual([listed.status, listed.body.error.code], [429, 'rate_limited'])
    const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: 'hi' }] }
    const turn = JSON.stringify({ chat_id: crypto.randomUUID(), message })
    const bearer = { Authorization: `Bearer ${member.token}` }
    assert.equal((await stack.post(turn, bearer, '/chat')).status, 429)
    const theirs = await owner.call('call_tool', {
      server_id,
      tool_name: 'echo',
      parameters: { text: 'x' },
    })
    assert.equal(theirs.status, 200)
  } finally {
    await limits({ rate_per_person: null })
  }
})

Deno.test('a deterministic tool is called once, and later answers say how old they are', async () => {
  await change('echo', { cache_seconds: 300 }, counted)
  const ask = (text: string) =>
    member.call('call_tool', { server_id: counted, tool_name: 'echo', parameters: { text } })
  const before = upstream.calls()
  const first = await ask('again')
  await stored(first.body.execution_id)
  assert.equal(first.body.cached_at, undefined)
  const second = await ask('again')
  assert.deepEqual(second.body.result, first.body.result)
  assert.ok(Date.parse(second.body.cached_at) <= Date.now())
  assert.notEqual(second.body.execution_id, first.body.execution_id)
  assert.equal(upstream.calls(), before + 1)
  await ask('other')
  assert.equal(upstream.calls(), before + 2)
  await change('echo', { cache_seconds: null }, counted)
  await ask('again')
  assert.equal(upstream.calls(), before + 3)
})

Deno.test('secret arguments are told apart in what is kept, though stored redacted', async () => {
  await change('echo', { cache_seconds: 300 })
  const ask = async (token: string) =>
    (await call('echo', { text: 'same', token })).body as {
      execution_id: string
      cached_at?: string
    }
  const first = await ask('one-secret')
  await stored(first.execution_id)
  assert.equal((await ask('two-secret')).cached_at, undefined)
  assert.ok((await ask('one-secret')).cached_at)
  await change('echo', { cache_seconds: null })
})

Deno.test('a call that never reached its server is tried again, and each try is on record', async () => {
  const gone = startModern()
  const lost = await addServer(gone.url)
  await syncAndAllow(lost)
  await gone.stop()
  const { body } = await member.call('call_tool', {
    server_id: lost,
    tool_name: 'echo',
    parameters: { text: 'x' },
  })
  assert.equal(body.error.code, 'upstream_unreachable')
  assert.equal(body.tries, 3)
  const row = await stored(body.execution_id)
  assert.equal(row.attempts.length, 3)
  for (const { error_code, endpoint } of row.attempts) {
    assert.deepEqual([error_code, endpoint], ['upstream_unreachable', gone.url])
  }
  const [first, second, third] = row.attempts.map(({ after_ms }: { after_ms: number }) => after_ms)
  assert.ok(second - first >= 50 && third - second >= 100)
  await owner.call('remove_server', { server_id: lost })
})
