import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { until } from '../upstreams/bench.ts'
import { startHostile } from '../upstreams/hostile.ts'
import { startSessions } from '../upstreams/sessions.ts'
import { addServer, people, plantTool, stack, stored, syncAndAllow } from './the-stack.ts'

const good = startCountingServer()
const bad = startHostile()
globalThis.addEventListener('unload', () => {
  void good.stop()
  void bad.stop()
})
const goodId = await addServer(good.url)
await syncAndAllow(goodId)

Deno.test(promises.bad_upstream_leaves_good, async () => {
  const call = () =>
    people.member.call('call_tool', {
      server_id: goodId,
      tool_name: 'echo',
      parameters: { text: 'fine' },
    })
  const server_id = await addServer(bad.url('call', 'huge'))
  await plantTool(server_id, 'anything')
  const misbehaving = { server_id, tool_name: 'anything', parameters: {} }
  const [, answer] = await Promise.all([people.member.call('call_tool', misbehaving), call()])
  assert.equal(answer.body.status, 'success')
  assert.equal((await call()).body.status, 'success')
})

Deno.test('a dead upstream is named as such, and its server shows it', async () => {
  const port = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port: closed } = port.addr as Deno.NetAddr
  port.close()
  const server_id = await addServer(`http://127.0.0.1:${closed}/mcp`)
  await plantTool(server_id, 'anything')
  const { body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'anything',
    parameters: {},
  })
  assert.equal(body.error.code, 'upstream_unreachable')
  await stored(body.execution_id)
  const { body: listed } = await people.member.call('list_servers')
  const shown = listed.servers.find(({ id }: { id: string }) => id === server_id)
  assert.equal(shown.connection_status, 'error')
  assert.equal(shown.last_error, body.error.message)
  const tested = await people.owner.call('test_server', { server_id })
  assert.equal(tested.status, 200)
  assert.equal(tested.body.ok, false)
  assert.ok(tested.body.steps.some(({ outcome }: { outcome: string }) => outcome === 'failed'))
})

Deno.test(promises.failed_sync_keeps_tools, async () => {
  const server_id = await addServer(good.url)
  await syncAndAllow(server_id)
  await people.owner.call('update_server', { server_id, config: { url: bad.url('mcp', 'html') } })
  const { status, body } = await people.owner.call('sync_tools', { server_id })
  assert.equal(status, 503)
  assert.equal(body.error.code, 'unavailable')
  const { body: tools } = await people.owner.rest(
    `mcp_tools?server_id=eq.${server_id}&removed_at=is.null`,
  )
  assert.equal(tools.length, 3)
})

Deno.test('a caller that hangs up cancels the upstream call and ends the row', async () => {
  const watched = startSessions()
  const server_id = await addServer(watched.url)
  await syncAndAllow(server_id)
  const leaving = new AbortController()
  const call = fetch(`${stack.url}/functions/v1/mcp-client`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { Authorization: `Bearer ${people.member.token}`, apikey: stack.publishable_key },
    body: JSON.stringify({
      action: 'call_tool',
      server_id,
      tool_name: 'slow',
      parameters: { ms: 20_000 },
    }),
  }).catch(() => null)
  await until(() => watched.running() === 1)
  leaving.abort()
  await call
  await until(() => watched.running() === 0)
  const { body: [row] } = await stack.asService(
    `mcp_tool_executions?server_id=eq.${server_id}&order=executed_at.desc&limit=1`,
  )
  assert.equal((await stored(row.id)).status, 'cancelled')
  await watched.stop()
})
