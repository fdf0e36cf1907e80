import assert from 'node:assert/strict'
import { startEverything } from '../../../tests/upstreams/everything.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import { definitions } from '../../../tests/upstreams/tools.ts'
import { type Connections, openConnections } from './connection.ts'
import type { ToolCall } from './call.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

type Server = { url: string; host: string; stop(): Promise<void> }
type Bench = { connections: Connections; upstream: Upstream }

function bench(server: Server, given: Partial<Upstream> = {}, settings = {}): Bench {
  return {
    connections: openConnections({ allowed_private_hosts: [server.host], ...settings }),
    upstream: {
      key: 'k',
      server_type: 'http',
      url: server.url,
      headers: {},
      protocol: null,
      ...given,
    },
  }
}

function call(
  name: string,
  args: Record<string, unknown> = {},
  more: Partial<ToolCall> = {},
): ToolCall {
  const definition = definitions.find((one) => one.name === name) ??
    { name, inputSchema: { type: 'object' } }
  return { name, definition, arguments: args, timeout_ms: 5_000, max_total_ms: 10_000, ...more }
}

async function closing<T extends Server>(
  server: T,
  { connections }: Bench,
  work: () => Promise<void>,
) {
  try {
    await work()
  } finally {
    await connections.close()
    await server.stop()
  }
}

Deno.test('a warm call is one upstream request in the session era, and the session is ended', async () => {
  for (const json of [true, false]) {
    const server = startSessions({ json })
    const at = bench(server)
    await closing(server, at, async () => {
      await at.connections.callTool(at.upstream, call('echo', { text: 'cold' }))
      assert.equal(server.recorder.count('initialize'), 1)
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

Deno.test('a warm call over legacy SSE is one request', async () => {
  const server = await startLegacySse()
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
  const server = await startLegacySse()
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
      if (mode === 'sse') await until(() => true)
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

Deno.test('tool definitions keep every field the server sent', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      const listing = await at.connections.listTools(at.upstream)
      assert.deepEqual(listing.tools, definitions)
      assert.equal(listing.instructions, 'Be kind')
      assert.match(listing.server_info?.name ?? '', /^fixture-v/)
    })
  }
})

Deno.test('a parameter marked x-mcp-header travels as a header when called from a stored definition', async () => {
  const server = startModern()
  const at = bench(server)
  await closing(server, at, async () => {
    const outcome = await at.connections.callTool(at.upstream, call('region', { region: 'eu-1' }))
    assert.equal(outcome.kind === 'answered' && outcome.result.content[0]?.text, 'header: eu-1')
    assert.equal(server.recorder.seen.some((one) => one.headers.has('x-astra-request')), false)
  })
})

Deno.test('the credential is sent with every request, the session’s end included', async () => {
  const server = startSessions()
  const at = bench(server, { headers: { authorization: 'Bearer s3cret' } })
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await at.connections.close()
    assert.ok(server.recorder.count('DELETE') === 1)
    for (const { headers } of server.recorder.seen) {
      assert.equal(headers.get('authorization'), 'Bearer s3cret')
    }
  })
})

Deno.test('a tool’s error is its result; a JSON-RPC error is a failed tool with clean, capped text', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      const failed = await at.connections.callTool(at.upstream, call('fail'))
      assert.equal(failed.kind === 'answered' && failed.result.isError, true)
      const unknown = await at.connections.callTool(at.upstream, call('x'.repeat(3_000)))
      assert.equal(unknown.kind, 'tool_failed')
      if (unknown.kind !== 'tool_failed') return
      assert.equal(unknown.code, -32602)
      assert.equal(unknown.message.length, 2_000)
      const short = await at.connections.callTool(at.upstream, call('nope'))
      assert.match(short.kind === 'tool_failed' ? short.message : '', /^[ -~]*nope$/)
    })
  }
})

Deno.test('an answer that breaks its output schema is a protocol failure that was sent', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const added = await at.connections.callTool(at.upstream, call('add', { a: 1, b: 2 }))
    assert.deepEqual(added.kind === 'answered' && added.result.structuredContent, { sum: 3 })
    const failure = await failureOf(at.connections.callTool(at.upstream, call('liar')))
    assert.equal(failure.code, 'upstream_protocol')
    assert.equal(failure.sent, true)
  })
})

Deno.test('progress is relayed and extends the timeout, never the total', async () => {
  for (const start of [startSessions, startModern]) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      const told: number[] = []
      const onProgress = (step: { progress: number }) => told.push(step.progress)
      const patient = { timeout_ms: 400, max_total_ms: 5_000, onProgress }
      const steps = call('progress', { steps: 5, ms: 150 }, patient)
      assert.equal((await at.connections.callTool(at.upstream, steps)).kind, 'answered')
      assert.deepEqual(told, [1, 2, 3, 4, 5])

      const bounded = { ...patient, max_total_ms: 500 }
      const started = performance.now()
      const failure = await failureOf(
        at.connections.callTool(at.upstream, call('progress', { steps: 99, ms: 150 }, bounded)),
      )
      assert.equal(failure.reason, 'timeout')
      assert.ok(performance.now() - started < 1_500)
    })
  }
})

Deno.test('a call that is cancelled or too slow ends at the server too, and the connection stays', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    const late = await failureOf(
      at.connections.callTool(at.upstream, call('slow', { ms: 9_000 }, { timeout_ms: 200 })),
    )
    assert.equal(late.reason, 'timeout')
    assert.equal(late.sent, true)
    await until(() => server.running() === 0)

    const stop = new AbortController()
    const slow = call('slow', { ms: 9_000 }, { signal: stop.signal })
    const pending = failureOf(at.connections.callTool(at.upstream, slow))
    await until(() => server.running() === 1)
    stop.abort()
    assert.equal((await pending).reason, 'cancelled')
    await until(() => server.running() === 0)

    server.recorder.clear()
    await at.connections.callTool(at.upstream, call('echo', { text: 'b' }))
    assert.equal(server.recorder.seen.length, 1)
  })
})

Deno.test('a caller that gives up before the connection is there has sent nothing', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const signal = AbortSignal.abort()
    const failure = await failureOf(
      at.connections.callTool(at.upstream, call('echo', {}, { signal })),
    )
    assert.equal(failure.reason, 'cancelled')
    assert.equal(failure.sent, false)
    assert.equal(server.recorder.count('tools/call'), 0)
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
      assert.ok(server.recorder.seen.length <= 303)
    })
  }
})

Deno.test('a cut event stream fails the calls on it and the next call connects anew', async () => {
  const server = await startLegacySse()
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

async function failureOf(work: Promise<unknown>): Promise<UpstreamError> {
  try {
    await work
  } catch (error) {
    assert.ok(error instanceof UpstreamError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the call did not fail' })
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 3_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
