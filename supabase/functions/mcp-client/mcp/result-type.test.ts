import assert from 'node:assert/strict'
import { bench, call, closing } from '../../../tests/upstreams/bench.ts'

/** Speaks 2026-07-28, and says of its calls only what came out of them. */
function startTerse() {
  const end = new AbortController()
  const listen = { port: 0, hostname: '127.0.0.1', signal: end.signal, onListen() {} }
  const http = Deno.serve(listen, async (request) => {
    const { id, method } = await request.json()
    const result = method === 'server/discover'
      ? {
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        serverInfo: { name: 'terse', version: '1' },
      }
      : { content: [{ type: 'text', text: 'It ran' }] }
    return Response.json({ jsonrpc: '2.0', id, result })
  })
  const host = `127.0.0.1:${http.addr.port}`
  const stop = async () => {
    end.abort()
    await http.finished
  }
  return { url: `http://${host}/mcp`, host, stop }
}

Deno.test('an answer that does not say what it is, is complete', async () => {
  const server = startTerse()
  const at = bench(server)
  await closing(server, at, async () => {
    const outcome = await at.connections.callTool(at.upstream, call('any'))
    assert.ok(outcome.kind === 'answered')
    assert.deepEqual(outcome.result, { content: [{ type: 'text', text: 'It ran' }] })
    assert.equal(outcome.protocol?.era, 'modern')
  })
})
