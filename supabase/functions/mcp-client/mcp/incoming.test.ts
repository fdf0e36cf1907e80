import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { bench, call, closing, failureOf, until } from '../../../tests/upstreams/bench.ts'
import { startEverything } from '../../../tests/upstreams/everything.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import type { CallOutcome } from './connection.ts'
import type { Elicitation, ElicitResult } from './elicitation.ts'

const form = {
  message: 'Who?\u202e',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
}
const accepting = (name: string) => (): Promise<ElicitResult> =>
  Promise.resolve({ action: 'accept', content: { name } })

function textOf(outcome: CallOutcome): string {
  return outcome.kind === 'answered' ? String(outcome.result.content[0]?.text) : outcome.kind
}

for (const start of [startSessions, startLegacySse]) {
  const server_type = start === startLegacySse ? 'sse' : 'http'

  Deno.test(`a question in the middle of a call reaches the caller, and the answer the server (${server_type})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    await closing(server, at, async () => {
      const asked: Elicitation[] = []
      const onElicit = (one: Elicitation) => {
        asked.push(one)
        return accepting('Ada')()
      }
      const outcome = await at.connections.callTool(at.upstream, call('ask', form, { onElicit }))
      assert.equal(textOf(outcome), '{"action":"accept","content":{"name":"Ada"}}')
      assert.deepEqual(asked, [{
        mode: 'form',
        message: 'Who?',
        requested_schema: { type: 'object', properties: { name: { type: 'string' } } },
      }])
    })
  })

  Deno.test(`a question that nobody listens to, or whose answer fails, is cancelled (${server_type})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    await closing(server, at, async () => {
      for (const onElicit of [undefined, () => Promise.reject(new Error('gone'))]) {
        const outcome = await at.connections.callTool(at.upstream, call('ask', form, { onElicit }))
        assert.equal(textOf(outcome), '{"action":"cancel"}')
      }
    })
  })

  Deno.test(`${promises.no_clock_while_asked}; the answer’s clocks go on after (${server_type})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    await closing(server, at, async () => {
      const onElicit = async () => {
        await new Promise((resolve) => setTimeout(resolve, 1_500))
        return await accepting('late')()
      }
      const short = { timeout_ms: 800, max_total_ms: 1_200, onElicit }
      const outcome = await at.connections.callTool(at.upstream, call('ask', form, short))
      assert.match(textOf(outcome), /late/)
      const slow = call('ask', { ...form, ms: 9_000 }, { ...short, timeout_ms: 200 })
      assert.equal((await failureOf(at.connections.callTool(at.upstream, slow))).reason, 'timeout')
    })
  })

  Deno.test(`a call that is cancelled stops waiting for its person (${server_type})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    await closing(server, at, async () => {
      const stop = new AbortController()
      let ended = false
      const onElicit = (_: Elicitation, signal: AbortSignal) => {
        signal.addEventListener('abort', () => ended = true)
        queueMicrotask(() => stop.abort())
        return new Promise<ElicitResult>(() => {})
      }
      const asking = call('ask', form, { onElicit, signal: stop.signal })
      const failure = await failureOf(at.connections.callTool(at.upstream, asking))
      assert.equal(failure.reason, 'cancelled')
      await until(() => ended)
    })
  })
}

Deno.test(promises.question_reaches_its_own, async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'warm' }))
    const ask = (who: string) => {
      const heard: string[] = []
      const onElicit = ({ message }: Elicitation) => {
        heard.push(message)
        return accepting(who)()
      }
      const params = { ...form, message: `for ${who}`, ms: Math.random() * 50 }
      return at.connections.callTool(at.upstream, call('ask', params, { onElicit }))
        .then((outcome) => ({ who, heard, said: textOf(outcome) }))
    }
    const people = Array.from({ length: 30 }, (_, n) => `person ${n}`)
    for (const { who, heard, said } of await Promise.all(people.map(ask))) {
      assert.deepEqual(heard, [`for ${who}`])
      assert.equal(said, `{"action":"accept","content":{"name":"${who}"}}`)
    }
    assert.equal(server.sessions(), 1)
  })
})

Deno.test(`${promises.question_reaches_its_own}: on a stream for all nobody, while two calls are in flight`, async () => {
  const server = startLegacySse()
  const at = bench(server, { server_type: 'sse' })
  await closing(server, at, async () => {
    let asked = 0
    const onElicit = () => {
      asked++
      return accepting('wrong')()
    }
    const other = at.connections.callTool(at.upstream, call('slow', { ms: 300 }, { onElicit }))
    await until(() => server.recorder.count('tools/call') === 1)
    const outcome = await at.connections.callTool(at.upstream, call('ask', form, { onElicit }))
    assert.equal(textOf(outcome), '{"action":"cancel"}')
    await other
    assert.equal(asked, 0)
    const alone = await at.connections.callTool(at.upstream, call('ask', form, { onElicit }))
    assert.match(textOf(alone), /wrong/)
  })
})

Deno.test('a question on the stream beside all calls reaches the one call in flight, and none of two', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    let asked = 0
    const onElicit = () => {
      asked++
      return accepting('Ada')()
    }
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await until(() => server.recorder.count('GET') === 1)
    const aside = { ...form, aside: true }
    const alone = await at.connections.callTool(at.upstream, call('ask', aside, { onElicit }))
    assert.match(textOf(alone), /Ada/)
    const other = at.connections.callTool(at.upstream, call('slow', { ms: 300 }, { onElicit }))
    await until(() => server.running() === 1)
    const outcome = await at.connections.callTool(at.upstream, call('ask', aside, { onElicit }))
    assert.equal(textOf(outcome), '{"action":"cancel"}')
    await other
    assert.equal(asked, 1)
  })
})

Deno.test('a question while a resource is read belongs to no call', async () => {
  const server = startLegacySse()
  const at = bench(server, { server_type: 'sse' })
  await closing(server, at, async () => {
    const onElicit = () => Promise.reject(new assert.AssertionError({ message: 'asked' }))
    const asking = at.connections
      .callTool(at.upstream, call('ask', { ...form, ms: 100 }, { onElicit }))
    await until(() => server.recorder.count('tools/call') === 1)
    const reading = at.connections.readResource(at.upstream, 'test://slow')
    assert.equal(textOf(await asking), '{"action":"cancel"}')
    await reading
  })
})

Deno.test('what a given-up call still asks reaches nobody else', async () => {
  const server = startLegacySse()
  const at = bench(server, { server_type: 'sse' })
  await closing(server, at, async () => {
    let asked = 0
    const onElicit = () => {
      asked++
      return accepting('wrong')()
    }
    const first = at.connections.callTool(at.upstream, call('slow', { ms: 500 }, { onElicit }))
    await until(() => server.recorder.count('tools/call') === 1)
    const late = call('ask', { ...form, ms: 150, aside: true }, { onElicit, timeout_ms: 50 })
    await failureOf(at.connections.callTool(at.upstream, late))
    await first
    assert.equal(asked, 0)
    await at.connections.callTool(at.upstream, call('echo', { text: 'next' }))
    assert.equal(server.recorder.count('initialize'), 2)
  })
})

Deno.test('a question that cannot be shown is an error for the server, not for a person', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const onElicit = () => Promise.reject(new assert.AssertionError({ message: 'asked' }))
    const nested = { properties: { a: { type: 'object' } }, type: 'object' }
    for (
      const params of [
        { message: 'a', requestedSchema: nested },
        { message: 'a', mode: 'url', url: 'javascript:alert(1)', elicitationId: '1' },
        { message: 'a', mode: 'url', url: 'http://example.com/', elicitationId: '1' },
      ]
    ) {
      const outcome = await at.connections.callTool(at.upstream, call('ask', params, { onElicit }))
      assert.equal(outcome.kind, 'tool_failed')
    }
  })
})

Deno.test('the reference server’s questions are answered, on both transports', async () => {
  for (const mode of ['streamableHttp', 'sse'] as const) {
    const server = await startEverything(mode)
    const at = bench(server, { server_type: mode === 'sse' ? 'sse' : 'http' })
    await closing(server, at, async () => {
      const onElicit = () => Promise.resolve({ action: 'decline' } as const)
      const trigger = call('trigger-elicitation-request', {}, { onElicit })
      assert.match(textOf(await at.connections.callTool(at.upstream, trigger)), /declined/)
    })
  }
})

Deno.test('a server that asks without end and takes no answer is not talked to any longer', async () => {
  const open = { answers: 0, most: 0 }
  const server = startFlood(open)
  const at = bench(server)
  await closing(server, at, async () => {
    const onElicit = () => Promise.resolve({ action: 'decline' } as const)
    const failure = await failureOf(
      at.connections.callTool(at.upstream, call('any', {}, { onElicit })),
    )
    assert.equal(failure.reason, 'unreachable')
    assert.ok(open.most <= 64, `${open.most} answers at once`)
  })
})

/** Asks 2,000 questions in the middle of a call and leaves every answer waiting. */
function startFlood(open: { answers: number; most: number }) {
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (request) => {
    const rpc = request.body ? await request.json() : {}
    if (rpc.method === 'initialize') {
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'flood', version: '1' },
      }
      return Response.json({ jsonrpc: '2.0', id: rpc.id, result })
    }
    if (rpc.method === 'tools/call') {
      const asking = Array.from({ length: 2_000 }, (_, n) => {
        const asked = { jsonrpc: '2.0', id: `q${n}`, method: 'elicitation/create', params: form }
        return `data: ${JSON.stringify(asked)}\n\n`
      })
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(asking.join(''))),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    if (rpc.method) return new Response(null, { status: rpc.id === undefined ? 202 : 404 })
    open.most = Math.max(open.most, ++open.answers)
    return await new Promise<Response>(() => {})
  })
  const host = `127.0.0.1:${http.addr.port}`
  return {
    host,
    url: `http://${host}/mcp`,
    async stop() {
      end.abort()
      await http.finished
    },
  }
}
