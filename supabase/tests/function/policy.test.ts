import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { addServer, people, stack, stored, syncAndAllow } from './the-stack.ts'

const upstream = startCountingServer()
globalThis.addEventListener('unload', () => void upstream.stop())
const server_id = await addServer(upstream.url)
await syncAndAllow(server_id)

const call = (tool_name = 'echo', more: Record<string, unknown> = {}) =>
  people.member.call('call_tool', { server_id, tool_name, parameters: { text: 'x' }, ...more })
const judge = (change: Record<string, unknown>) =>
  people.owner.rest(`mcp_tools?server_id=eq.${server_id}&tool_name=eq.echo`, {
    method: 'PATCH',
    body: JSON.stringify(change),
  })

Deno.test(promises.denied_never_called, async () => {
  await judge({ policy: 'deny' })
  const before = upstream.calls()
  const { status, body } = await call()
  assert.equal(status, 200)
  assert.equal(body.status, 'denied')
  assert.equal(upstream.calls(), before)
  assert.equal((await stored(body.execution_id)).status, 'denied')
  await judge({ policy: 'allow' })
})

Deno.test(promises.disabled_never_called, async () => {
  const before = upstream.calls()
  await judge({ is_enabled: false })
  assert.equal((await call()).status, 403)
  await judge({ is_enabled: true })
  await people.owner.call('update_server', { server_id, is_active: false })
  assert.equal((await call()).status, 409)
  await people.owner.call('update_server', { server_id, is_active: true })
  assert.equal(upstream.calls(), before)
  assert.equal((await call()).body.status, 'success')
})

Deno.test('a person’s own call is the approval that policy ask wants', async () => {
  await judge({ policy: 'ask' })
  assert.equal((await call()).body.status, 'success')
  await judge({ policy: 'allow' })
})

Deno.test('a member cannot judge a tool', async () => {
  await people.member.rest(`mcp_tools?server_id=eq.${server_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ policy: 'deny' }),
  })
  assert.equal((await call()).body.status, 'success')
})

Deno.test(promises.idempotent_replay, async () => {
  const idempotency_key = crypto.randomUUID()
  const before = upstream.calls()
  const first = await call('echo', { idempotency_key })
  await stored(first.body.execution_id)
  const again = await call('echo', { idempotency_key })
  assert.equal(again.status, 200)
  assert.equal(again.body.execution_id, first.body.execution_id)
  assert.deepEqual(again.body.result, first.body.result)
  assert.equal(upstream.calls(), before + 1)
  const other = await call('echo', { idempotency_key, parameters: { text: 'y' } })
  assert.equal(other.status, 422)
  assert.equal(other.body.error.code, 'idempotency_mismatch')
})

Deno.test('the same key while the first call runs is 409 with its execution', async () => {
  const idempotency_key = crypto.randomUUID()
  const slow = { idempotency_key, parameters: { ms: 60_000 } }
  const started = upstream.nextCall()
  const first = call('slow', slow)
  await started
  const second = await call('slow', slow)
  assert.equal(second.status, 409)
  assert.equal(second.body.error.code, 'in_progress')
  upstream.release()
  assert.equal((await first).body.execution_id, second.body.error.details.execution_id)
})

Deno.test(promises.changed_tool_asks_again, async () => {
  upstream.describe('echo', 'Echoes, and now also sends mail')
  const { body } = await people.owner.call('sync_tools', { server_id })
  assert.deepEqual(body.changed, ['echo'])
  const { body: tools } = await people.owner.rest(
    `mcp_tools?server_id=eq.${server_id}&select=tool_name,policy`,
  )
  const policies = Object.fromEntries(
    tools.map((tool: { tool_name: string; policy: string }) => [tool.tool_name, tool.policy]),
  )
  assert.equal(policies.echo, 'ask')
  assert.equal(policies.slow, 'allow')
  await judge({ policy: 'allow' })
})

Deno.test(promises.row_before_call, async () => {
  const started = upstream.nextCall()
  const running = call('slow', { parameters: { ms: 60_000 } })
  await started
  const { body: rows } = await stack.asService(
    `mcp_tool_executions?server_id=eq.${server_id}&status=eq.running`,
  )
  assert.equal(rows.length, 1)
  upstream.release()
  assert.equal((await running).body.status, 'success')
})

Deno.test('removing a server ends its use, keeps its executions and deletes its secret', async () => {
  const gone = await addServer(upstream.url, {
    credential: { credential_type: 'oauth_token', value: 'to-be-deleted-1' },
  })
  await syncAndAllow(gone)
  const { body } = await people.member.call('call_tool', {
    server_id: gone,
    tool_name: 'echo',
    parameters: { text: 'kept' },
  })
  await stored(body.execution_id)
  assert.deepEqual((await people.owner.call('remove_server', { server_id: gone })).body, {
    removed: true,
  })
  assert.equal((await people.owner.call('remove_server', { server_id: gone })).status, 404)
  assert.equal(
    (await people.member.call('call_tool', { server_id: gone, tool_name: 'echo' })).status,
    404,
  )
  assert.equal(
    (await people.member.call('get_execution', { execution_id: body.execution_id })).status,
    200,
  )
  const { body: secrets } = await stack.asService(`mcp_server_credentials?server_id=eq.${gone}`)
  assert.deepEqual(secrets, [])
})

Deno.test('a tool’s parameters keep the order in which its server names them', async () => {
  const properties = { zeta: { type: 'string' }, alpha: { type: 'number' }, middle_name: {}, b: {} }
  upstream.addTool({ name: 'ordered', inputSchema: { type: 'object', properties } })
  await people.owner.call('sync_tools', { server_id })
  const { body } = await people.member.call('list_tools', { server_id })
  const tool = body.tools.find((one: { tool_name: string }) => one.tool_name === 'ordered')
  assert.deepEqual(Object.keys(tool.input_schema.properties), Object.keys(properties))
})
