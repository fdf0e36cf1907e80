import assert from 'node:assert/strict'
import { bench, call, closing, failureOf, until } from '../../../tests/upstreams/bench.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import { definitions } from '../../../tests/upstreams/tools.ts'

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
    await until(() => server.recorder.count('GET') === 1)
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

Deno.test('a cancelled call is told in the way of its era: a message, or its stream closed', async () => {
  for (const start of [startSessions, startLegacySse, startModern]) {
    const server = start()
    const at = bench(server, { server_type: start === startLegacySse ? 'sse' : 'http' })
    await closing(server, at, async () => {
      const stop = new AbortController()
      const watched = { signal: stop.signal, onProgress: () => stop.abort() }
      const long = call('progress', { steps: 200, ms: 50 }, watched)
      const failure = await failureOf(at.connections.callTool(at.upstream, long))
      assert.equal(failure.reason, 'cancelled')
      await until(() => server.running() === 0)
      const messages = start === startModern ? 0 : 1
      await until(() => server.recorder.count('notifications/cancelled') === messages)
    })
  }
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
