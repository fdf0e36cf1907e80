import assert from 'node:assert/strict'
import { bench, call, closing, failureOf, until } from '../../../tests/upstreams/bench.ts'
import { startCountingServer } from '../../../tests/upstreams/counting.ts'
import { startEverything } from '../../../tests/upstreams/everything.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startRefusing } from '../../../tests/upstreams/refusing.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'

for (const start of [startSessions, startModern, startLegacySse]) {
  const server_type = start === startLegacySse ? 'sse' : 'http'
  const name = start.name.slice('start'.length)

  Deno.test(`resources, prompts and suggestions come whole, unknown fields and all (${name})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    const { connections, upstream } = at
    await closing(server, at, async () => {
      assert.deepEqual(await connections.listResources(upstream), {
        resources: [
          { uri: 'test://one', name: 'one', mimeType: 'text/plain', 'x-vendor': 1 },
          { uri: 'test://two', name: 'two' },
        ],
        templates: [{ uriTemplate: 'test://{name}', name: 'any', 'x-vendor': 2 }],
      })
      assert.deepEqual(await connections.readResource(upstream, 'test://one'), {
        contents: [{ uri: 'test://one', text: 'One', 'x-vendor': 4 }],
      })
      const { prompts } = await connections.listPrompts(upstream)
      assert.deepEqual(prompts.map((prompt) => prompt['x-vendor']), [3])
      const asked = { name: 'greet', arguments: { who: 'Ada' } }
      assert.deepEqual(await connections.getPrompt(upstream, asked), {
        description: 'A greeting',
        messages: [{
          role: 'user',
          content: { type: 'text', text: 'Greet Ada', 'x-vendor': 5 },
        }],
      })
      const ref = { type: 'ref/prompt', name: 'greet' } as const
      const argument = { name: 'who', value: 'A' }
      const context = { Anna: 'x' }
      assert.deepEqual(await connections.complete(upstream, { ref, argument, context }), {
        values: ['Ada', 'Alan', 'Anna'],
        total: 7,
        has_more: true,
      })
      await connections.ping(upstream)
    })
  })

  Deno.test(`what is not there, or too large, is a failure in our words (${name})`, async () => {
    const server = start()
    const at = bench(server, { server_type })
    await closing(server, at, async () => {
      const read = (uri: string) => failureOf(at.connections.readResource(at.upstream, uri))
      const missing = await read('test://nowhere')
      assert.equal(missing.reason, 'protocol')
      assert.equal(missing.message, 'The server has no such resource')
      assert.equal((await read('test://deep')).reason, 'too_large')
      assert.equal((await read('test://huge')).reason, 'too_large')
      const signal = AbortSignal.abort()
      const cancelled = at.connections.listPrompts(at.upstream, { signal })
      assert.equal((await failureOf(cancelled)).reason, 'cancelled')
    })
  })
}

Deno.test('on a warm connection a resource is read with one request, and a lost session is opened anew', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
    await until(() => server.recorder.count('GET') === 1)
    server.recorder.clear()
    await at.connections.readResource(at.upstream, 'test://one')
    assert.deepEqual(server.recorder.seen.map(({ rpc }) => rpc), ['resources/read'])
    server.forgetSessions()
    await at.connections.readResource(at.upstream, 'test://one')
    assert.equal(server.recorder.count('initialize'), 1)
  })
})

Deno.test('a server that offers none of it lists nothing, and says so when asked for one', async () => {
  const server = startCountingServer()
  const { host } = new URL(server.url)
  const at = bench({ ...server, host })
  await closing({ ...server, host }, at, async () => {
    const { connections, upstream } = at
    assert.deepEqual(await connections.listResources(upstream), { resources: [], templates: [] })
    assert.deepEqual(await connections.listPrompts(upstream), { prompts: [] })
    const ref = { type: 'ref/resource', uri: 'test://{name}' } as const
    const asked = { ref, argument: { name: 'name', value: '' }, context: {} }
    assert.deepEqual(await connections.complete(upstream, asked), {
      values: [],
      total: null,
      has_more: false,
    })
    const none = await failureOf(connections.readResource(upstream, 'test://one'))
    assert.equal(none.message, 'The server offers no resources')
    const prompt = connections.getPrompt(upstream, { name: 'greet', arguments: {} })
    assert.equal((await failureOf(prompt)).message, 'The server offers no prompts')
  })
})

Deno.test('a server that asks for input when a resource is read is a protocol failure', async () => {
  const server = startRefusing(startModern(), () => null)
  const asks = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, async (request) => {
    const rpc = await request.clone().json()
    if (rpc.method !== 'resources/read') {
      const { method, headers } = request
      return await fetch(server.url, { method, headers, body: await request.text() })
    }
    const inputRequests = { a: { method: 'roots/list' } }
    const result = { resultType: 'input_required', inputRequests }
    return Response.json({ jsonrpc: '2.0', id: rpc.id, result })
  })
  const host = `127.0.0.1:${asks.addr.port}`
  const at = bench({ url: `http://${host}/mcp`, host, stop: () => server.stop() })
  try {
    const failure = await failureOf(at.connections.readResource(at.upstream, 'test://one'))
    assert.equal(failure.reason, 'protocol')
    assert.match(failure.message, /only when a tool is called/)
  } finally {
    await at.connections.close()
    await server.stop()
    await asks.shutdown()
  }
})

Deno.test('the reference server’s resources, prompts and suggestions are read, on both transports', async () => {
  for (const mode of ['streamableHttp', 'sse'] as const) {
    const server = await startEverything(mode)
    const at = bench(server, { server_type: mode === 'sse' ? 'sse' : 'http' })
    const { connections, upstream } = at
    await closing(server, at, async () => {
      const { resources, templates } = await connections.listResources(upstream)
      assert.ok(resources.length > 0 && templates.length > 0)
      const { contents } = await connections.readResource(upstream, resources[0]!.uri)
      assert.ok(contents.length > 0)
      const { prompts } = await connections.listPrompts(upstream)
      assert.ok(prompts.length > 0)
      const simple = prompts.find((prompt) => !prompt.arguments?.length)!
      const filled = await connections.getPrompt(upstream, { name: simple.name, arguments: {} })
      assert.ok(filled.messages.length > 0)
      await connections.ping(upstream)
    })
  }
})
