import assert from 'node:assert/strict'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { bench, call, closing, failureOf, until } from '../../../tests/upstreams/bench.ts'
import { startEverything } from '../../../tests/upstreams/everything.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import type { StoredProtocol } from './upstream.ts'

Deno.test('a warm call is one upstream request in the session era, and the session is ended', async () => {
  for (const json of [true, false]) {
    const server = startSessions({ json })
    const at = bench(server)
    await closing(server, at, async () => {
      await at.connections.callTool(at.upstream, call('echo', { text: 'cold' }))
      assert.equal(server.recorder.count('initialize'), 1)
      await until(() => server.recorder.count('GET') === 1)
      server.recorder.clear()
      for (let n = 0; n < 5; n++) {
        const { protocol: _, ...outcome } = await at.connections
          .callTool(at.upstream, call('echo', { text: 'warm' }))
        assert.deepEqual(outcome, {
          kind: 'answered',
          result: {
            content: [{ type: 'text', text: 'Echo: warm' }],
            'x-result': 'kept',
          },
        })
      }
      assert.equal(server.recorder.seen.length, 5)
      assert.equal(server.recorder.count('tools/call'), 5)
      await at.connections.close()
      assert.equal(server.recorder.count('DELETE'), 1)
      assert.equal(server.sessions(), 0)
    })
  }
})

Deno.test('a warm 2026-07-28 call is one request, and with a stored verdict so is the first', async () => {
  const server = startModern()
  const at = bench(server)
  await closing(server, at, async () => {
    const first = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    assert.equal(first.protocol?.era, 'modern')
    assert.equal(first.protocol?.protocol_version, '2026-07-28')
    assert.equal(server.recorder.count('server/discover'), 1)
    server.recorder.clear()
    await at.connections.callTool(at.upstream, call('echo', { text: 'b' }))
    assert.equal(server.recorder.seen.length, 1)

    const stored = JSON.parse(JSON.stringify(first.protocol)) as StoredProtocol
    const later = bench(server, { protocol: stored })
    server.recorder.clear()
    const known = await later.connections.callTool(later.upstream, call('echo', { text: 'c' }))
    assert.equal(known.protocol, undefined)
    assert.deepEqual(server.recorder.seen.map((one) => one.rpc), ['tools/call'])
    await later.connections.close()
  })
})

Deno.test('what a server says of itself can be stored, whatever is in it', async () => {
  const handler = createMcpHandler(
    () => new McpServer({ name: 'a\0b\ud800', version: '1' }, { instructions: 'c\0' }),
    { legacy: 'reject', keepAliveMs: 0 },
  )
  const http = Deno.serve(
    { port: 0, hostname: '127.0.0.1', onListen() {} },
    (request) => handler.fetch(request),
  )
  const host = `127.0.0.1:${http.addr.port}`
  const server = { url: `http://${host}/mcp`, host, stop: () => http.shutdown() }
  const at = bench(server)
  await closing(server, at, async () => {
    const { protocol } = await at.connections.listTools(at.upstream)
    assert.equal(protocol.era, 'modern')
    assert.doesNotMatch(JSON.stringify(protocol), /\\u0000|\\ud800/)
  })
})

Deno.test('a warm call over legacy SSE is one request', async () => {
  const server = startLegacySse()
  const at = bench(server, { server_type: 'sse' })
  await closing(server, at, async () => {
    const first = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    assert.equal(first.protocol?.transport, 'sse')
    assert.deepEqual(server.recorder.seen.map((one) => one.rpc ?? one.http), [
      'GET',
      'initialize',
      'notifications/initialized',
      'tools/call',
    ])
    server.recorder.clear()
    await at.connections.callTool(at.upstream, call('echo', { text: 'b' }))
    assert.deepEqual(server.recorder.seen.map((one) => one.rpc), ['tools/call'])
    await at.connections.close()
    await until(() => server.streams() === 0)
  })
})

Deno.test('an http server that only speaks legacy SSE is found out, and the verdict says so', async () => {
  const server = startLegacySse()
  const at = bench(server)
  await closing(server, at, async () => {
    const listing = await at.connections.listTools(at.upstream)
    assert.equal(listing.protocol.transport, 'sse')
    const later = bench(server, { protocol: listing.protocol })
    server.recorder.clear()
    await later.connections.callTool(later.upstream, call('echo', { text: 'x' }))
    assert.equal(server.recorder.seen[0]?.http, 'GET')
    await later.connections.close()
  })
})

Deno.test('a legacy verdict older than a day is not believed', async () => {
  const server = startModern({ legacy: 'stateless' })
  const verdict: StoredProtocol = {
    era: 'legacy',
    protocol_version: '2025-11-25',
    transport: 'streamable_http',
    checked_at: new Date(Date.now() - 60_000).toISOString(),
  }
  const fresh = bench(server, { protocol: verdict })
  await closing(server, fresh, async () => {
    await fresh.connections.callTool(fresh.upstream, call('echo', { text: 'a' }))
    assert.equal(server.recorder.count('server/discover'), 0)
    const checked_at = new Date(Date.now() - 25 * 3_600_000).toISOString()
    const old = bench(server, { protocol: { ...verdict, checked_at } })
    const outcome = await old.connections.callTool(old.upstream, call('echo', { text: 'a' }))
    assert.equal(outcome.protocol?.era, 'modern')
    await old.connections.close()
  })
})

Deno.test('a modern verdict that no longer holds is replaced, and the call runs once', async () => {
  const modern = startModern()
  const asked = bench(modern)
  const { protocol } = await asked.connections.listTools(asked.upstream)
  await asked.connections.close()
  await modern.stop()

  const server = startSessions()
  const at = bench(server, { protocol })
  await closing(server, at, async () => {
    const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    assert.equal(outcome.kind, 'answered')
    assert.equal(outcome.protocol?.era, 'legacy')
  })
})

Deno.test('an expired session is opened anew once, without the call running twice', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    server.forgetSessions()
    server.recorder.clear()
    const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'b' }))
    assert.equal(outcome.kind, 'answered')
    assert.equal(server.recorder.count('initialize'), 1)
    assert.equal(server.recorder.count('tools/call'), 2)
    assert.equal(at.connections.size(), 1)
  })
})

Deno.test('the reference server survives a restart under a warm connection, on both transports', async () => {
  for (const mode of ['streamableHttp', 'sse'] as const) {
    let server = await startEverything(mode)
    const at = bench(server, { server_type: mode === 'sse' ? 'sse' : 'http' })
    const echo = call('echo', { message: 'hi' })
    try {
      await at.connections.callTool(at.upstream, echo)
      await server.stop()
      server = await startEverything(mode, server.port)
      const outcome = await at.connections.callTool(at.upstream, echo)
      assert.equal(outcome.kind, 'answered')
    } finally {
      await at.connections.close()
      await server.stop()
    }
  }
})

Deno.test('callers that come first together share one connect', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const calls = Array.from({ length: 20 }, (_, n) => call('echo', { text: String(n) }))
    const outcomes = await Promise.all(
      calls.map((one) => at.connections.callTool(at.upstream, one)),
    )
    outcomes.forEach((outcome, n) => {
      assert.equal(outcome.kind === 'answered' && outcome.result.content[0]?.text, `Echo: ${n}`)
    })
    assert.equal(server.recorder.count('initialize'), 1)
  })
})

Deno.test('the pool is bounded, closes what idles, and 300 calls leave no session behind', async () => {
  const server = startSessions()
  const at = bench(server, {}, { max_connections: 4, idle_ms: 200 })
  await closing(server, at, async () => {
    let most = 0
    for (let n = 0; n < 300; n += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, m) => {
        const upstream = { ...at.upstream, key: `k${(n + m) % 12}` }
        return at.connections.callTool(upstream, call('echo', { text: 'x' }))
      }))
      most = Math.max(most, at.connections.size())
    }
    assert.equal(most, 4)
    await until(() => at.connections.size() === 0 && server.sessions() === 0)
  })
})

Deno.test('300 calls on one connection open no further session and keep no stream', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      for (let n = 0; n < 300; n++) {
        await at.connections.callTool(at.upstream, call('echo', { text: 'x' }))
      }
      assert.equal(server.recorder.count('tools/call'), 300)
      // Besides: what era it is, two to begin a session, and its listening stream.
      assert.ok(server.recorder.seen.length <= 304)
    })
  }
})

Deno.test('a cut event stream fails the calls on it and the next call connects anew', async () => {
  const server = startLegacySse()
  const at = bench(server, { server_type: 'sse' })
  await closing(server, at, async () => {
    const pending = failureOf(at.connections.callTool(at.upstream, call('slow', { ms: 9_000 })))
    await until(() => server.recorder.count('tools/call') === 1)
    server.cut()
    const failure = await pending
    assert.equal(failure.reason, 'unreachable')
    assert.equal(failure.sent, true)
    const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'again' }))
    assert.equal(outcome.kind, 'answered')
    assert.equal(server.streams(), 1)
  })
})

Deno.test('silence while connecting ends a call as silence after it does, and proves that nothing ran', async () => {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const host = `127.0.0.1:${listener.addr.port}`
  for (const server_type of ['http', 'sse'] as const) {
    // It takes connections, for the system does that for it, and never reads from one.
    const server = { url: `http://${host}/mcp`, host, stop: () => Promise.resolve() }
    const { connections, upstream } = bench(server, { server_type }, { connect_ms: 1_500 })
    const started = performance.now()
    const impatient = call('echo', {}, { timeout_ms: 200, max_total_ms: 800 })
    const { reason, sent } = await failureOf(connections.callTool(upstream, impatient))
    assert.deepEqual([reason, sent], ['timeout', false])
    assert.ok(performance.now() - started < 700)
    await connections.close()
  }
  listener.close()
})

Deno.test('a sign of life that is asked for in passing leaves no connection, and uses the one there is', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.ping(at.upstream, { in_passing: true })
    assert.equal(at.connections.size(), 0)
    await until(() => server.sessions() === 0)
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    server.recorder.clear()
    await at.connections.ping(at.upstream, { in_passing: true })
    assert.deepEqual(server.recorder.seen.flatMap(({ rpc }) => rpc ?? []), ['ping'])
    assert.equal(at.connections.size(), 1)
  })
})

Deno.test('a sign of life is waited for as long as was said', async () => {
  const over = Promise.withResolvers<Response>()
  const silent = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen() {} },
    () => over.promise,
  )
  const host = `127.0.0.1:${silent.addr.port}`
  const server = { url: `http://${host}/mcp`, host, stop: () => Promise.resolve() }
  const at = bench(server)
  const failed = await failureOf(at.connections.ping(at.upstream, { max_ms: 30 }))
  assert.equal(failed.reason, 'timeout')
  over.resolve(new Response())
  await at.connections.close()
  await silent.shutdown()
})
