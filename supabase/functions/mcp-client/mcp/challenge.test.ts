import assert from 'node:assert/strict'
import { bench, call, closing, failureOf } from '../../../tests/upstreams/bench.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startRefusing } from '../../../tests/upstreams/refusing.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'

const metadata = 'https://mcp.example/.well-known/oauth-protected-resource'
const challenge = `Bearer realm="x", resource_metadata="${metadata}", scope="read write"`
const starts = { sessions: startSessions, modern: startModern, sse: startLegacySse }

for (const [name, start] of Object.entries(starts)) {
  Deno.test(`a refused connect tells what the server asked for (${name})`, async () => {
    const server = startRefusing(start(), () => ({ status: 401, challenge }))
    const at = bench(server, { server_type: name === 'sse' ? 'sse' : 'http' })
    await closing(server, at, async () => {
      for (
        const failure of [
          await failureOf(at.connections.callTool(at.upstream, call('echo', { text: 'a' }))),
          await failureOf(at.connections.listTools(at.upstream)),
        ]
      ) {
        assert.equal(failure.reason, 'unauthorized')
        assert.equal(failure.message, 'The server asks for a credential (HTTP 401)')
        assert.equal(failure.sent, false)
        assert.deepEqual(failure.challenge, {
          insufficient_scope: false,
          scope: 'read write',
          resource_metadata: metadata,
        })
      }
    })
  })

  Deno.test(`a refused call tells which scope is missing (${name})`, async () => {
    const insufficient = 'Bearer error="insufficient_scope", scope="admin"'
    const server = startRefusing(
      start(),
      (_, body) => body.includes('tools/call') ? { status: 403, challenge: insufficient } : null,
    )
    const at = bench(server, { server_type: name === 'sse' ? 'sse' : 'http' })
    await closing(server, at, async () => {
      const failure = await failureOf(
        at.connections.callTool(at.upstream, call('echo', { text: 'a' })),
      )
      assert.equal(failure.reason, 'unauthorized')
      assert.deepEqual(failure.challenge, {
        insufficient_scope: true,
        scope: 'admin',
        resource_metadata: null,
      })
    })
  })

  Deno.test(`a key in the address goes with every request and into no message (${name})`, async () => {
    const key = 's3cret key&'
    const server = startRefusing(
      start(),
      (request) => new URL(request.url).searchParams.get('key') === key ? null : { status: 401 },
    )
    const where = { url: `${server.url}?fixed=%20a`, query: { key } }
    const at = bench(server, { server_type: name === 'sse' ? 'sse' : 'http', ...where })
    await closing(server, at, async () => {
      const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }))
      assert.equal(outcome.kind, 'answered')
      assert.doesNotMatch(JSON.stringify(outcome), /s3cret/)
      assert.match(server.asked[0]!.search, /^\?fixed=%20a&key=s3cret%20key%26$/)
      const wrong = { ...at.upstream, key: 'other', query: { key: 'wr0ng' } }
      const failure = await failureOf(at.connections.listTools(wrong))
      assert.equal(failure.reason, 'unauthorized')
      assert.doesNotMatch(`${failure.message}${failure.stack}`, /wr0ng/)
    })
  })
}

Deno.test('a refusal without a usable challenge has an empty one', async () => {
  const useless = [
    undefined,
    'Basic realm="x"',
    'Bearer scope="a\u00ffb"',
    `Bearer resource_metadata="not a url", scope="${'s'.repeat(3_000)}"`,
    'Bearer',
  ]
  for (const challenge of useless) {
    const server = startRefusing(startModern(), () => ({ status: 401, challenge }))
    const at = bench(server, { headers: { authorization: 'Bearer old' } })
    await closing(server, at, async () => {
      const failure = await failureOf(at.connections.listTools(at.upstream))
      assert.equal(failure.message, 'The server did not accept the credential (HTTP 401)')
      assert.deepEqual(failure.challenge, {
        insufficient_scope: false,
        scope: null,
        resource_metadata: null,
      })
    })
  }
})

Deno.test('of several challenges in one header the bearer’s is read', async () => {
  const several = `Basic realm="scope=wrong", Bearer scope="right"`
  const server = startRefusing(startModern(), () => ({ status: 401, challenge: several }))
  const at = bench(server)
  await closing(server, at, async () => {
    const failure = await failureOf(at.connections.listTools(at.upstream))
    assert.equal(failure.challenge?.scope, 'right')
  })
})
