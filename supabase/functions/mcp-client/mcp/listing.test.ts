import assert from 'node:assert/strict'
import { bench, call, closing, until } from '../../../tests/upstreams/bench.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import { headerFault } from './header-parameters.ts'

const header = (name: unknown, type: unknown = 'string') => ({ type, 'x-mcp-header': name })
const object = (properties: Record<string, unknown>, more = {}) => ({
  type: 'object',
  properties,
  ...more,
})

Deno.test('the rules of x-mcp-header declarations', () => {
  const good = [
    object({ a: header('A'), b: header('B', 'integer'), c: header('C', 'boolean') }),
    object({ a: object({ b: header('Nested') }) }),
    object({ properties: { type: 'string' } }),
  ]
  for (const schema of good) assert.equal(headerFault(schema), null)
  const bad = [
    { ...object({}), 'x-mcp-header': 'Root' },
    object({ a: header('') }),
    object({ a: header('two words') }),
    object({ a: header('a\r\nX: y') }),
    object({ a: header(7) }),
    object({ a: header('A', 'number') }),
    object({ a: header('A', 'object') }),
    object({ a: header('Same'), b: header('same') }),
    object({ a: { type: 'array', items: header('A') } }),
    object({ a: { anyOf: [header('A')] } }),
    object({}, { $defs: { a: header('A') } }),
    object({}, { anyOf: [object({ a: header('A') })] }),
    object({}, { additionalProperties: header('A') }),
  ]
  for (const schema of bad) assert.notEqual(headerFault(schema), null, JSON.stringify(schema))
})

Deno.test('a tool whose header declarations are invalid is left out on 2026-07-28, and told why', async () => {
  const tools = [
    { name: 'good', inputSchema: object({ a: header('A') }), 'x-vendor': 1 },
    { name: 'bad', inputSchema: object({ a: header('A', 'number') }) },
  ]
  const server = startModern({ tools, ttlMs: 120_000 })
  const at = bench(server)
  await closing(server, at, async () => {
    const listing = await at.connections.listTools(at.upstream)
    assert.deepEqual(listing.tools, [tools[0]])
    assert.deepEqual(listing.left_out.map(({ tool_name }) => tool_name), ['bad'])
    assert.match(listing.left_out[0]!.message, /x-mcp-header.*not a string, integer or boolean/)
    assert.equal(listing.fresh_seconds, 120)
  })
})

Deno.test('how long a list holds is kept within a minute and a day', async () => {
  for (const [ttlMs, seconds] of [[0, 60], [90_500, 91], [1e12, 86_400]] as const) {
    const server = startModern({ ttlMs })
    const at = bench(server)
    await closing(server, at, async () => {
      const { fresh_seconds } = await at.connections.listTools(at.upstream)
      assert.equal(fresh_seconds, seconds)
    })
  }
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    assert.equal((await at.connections.listTools(at.upstream)).fresh_seconds, null)
  })
})

Deno.test('of many tools that are left out a hundred are named', async () => {
  const tools = Array.from({ length: 150 }, () => ({ name: 'same', inputSchema: object({}) }))
  const server = startModern({ tools })
  const at = bench(server)
  await closing(server, at, async () => {
    const { tools, left_out } = await at.connections.listTools(at.upstream)
    assert.equal(tools.length, 1)
    assert.equal(left_out.length, 100)
  })
})

Deno.test('the news that tools changed comes once for many, with the key of the server', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const news: string[] = []
    const onToolsChanged = (key: string) => news.push(key)
    const at = bench(server, { key: 'this one' }, { onToolsChanged })
    await closing(server, at, async () => {
      await at.connections.listTools(at.upstream)
      const asked = start === startSessions ? 'GET' : 'subscriptions/listen'
      await until(() => server.recorder.count(asked) === 1)
      const told = setInterval(() => server.announce(), 50)
      try {
        await until(() => news.length === 1)
        await new Promise((resolve) => setTimeout(resolve, 300))
      } finally {
        clearInterval(told)
      }
      assert.deepEqual(news, ['this one'])
    })
  }
})

Deno.test('a warm 2026-07-28 call subscribes to nothing', async () => {
  const server = startModern()
  const at = bench(server, {}, { onToolsChanged: () => {} })
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await at.connections.callTool(at.upstream, call('echo', { text: 'b' }))
    assert.deepEqual(server.recorder.seen.map(({ rpc }) => rpc), [
      'server/discover',
      'tools/call',
      'tools/call',
    ])
  })
})

Deno.test('a server that does not answer the listening stream delays nothing', async () => {
  for (const listening of ['refused', 'silent', 'ended'] as const) {
    const server = startSessions({ listening })
    const at = bench(server)
    await closing(server, at, async () => {
      const started = performance.now()
      const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
      assert.equal(outcome.kind, 'answered')
      assert.ok(performance.now() - started < 5_000)
      await until(() => server.recorder.count('GET') > 0)
    })
  }
})

Deno.test('the listening stream ends with its connection', async () => {
  const server = startSessions({ listening: 'silent' })
  const at = bench(server, {}, { idle_ms: 100 })
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await until(() => server.listeners() === 1)
    await until(() => at.connections.size() === 0 && server.listeners() === 0)
  })
})

Deno.test('a server that keeps ending its listening stream is not listened to for ever', async () => {
  const server = startSessions({ listening: 'ended' })
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await until(() => server.recorder.count('GET') === 5)
    await new Promise((resolve) => setTimeout(resolve, 700))
    assert.equal(server.recorder.count('GET'), 5)
  })
})
