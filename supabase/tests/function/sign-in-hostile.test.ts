// Authorization servers that mean harm: what they say of themselves reaches no private address, no browser,
// and no secret. A listener on an address that nobody listed counts what reaches it.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import type { Behaviour } from '../upstreams/authorization.ts'
import { comeBack, connect, consent, credentialsOf, withFixture } from './sign-in-steps.ts'
import { people } from './the-stack.ts'

const { owner } = people

let hits = 0
const canary = Deno.serve({ hostname: '127.0.0.2', port: 0, onListen() {} }, () => {
  hits++
  return Response.json({ access_token: 'x', token_type: 'Bearer', client_id: 'x' })
})
Deno.test.afterAll(() => canary.shutdown())
const inside = `http://127.0.0.2:${canary.addr.port}`

const addresses = [
  `${inside}/x`,
  `http://localhost:${canary.addr.port}/x`,
  `http://user:secret@127.0.0.1:${canary.addr.port}/x`,
  'http://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/x',
  'https://[::1]/x',
  'https://metadata.google.internal/x',
  'https://user:secret@example.com/x',
  'https://example.com:8443/x',
  'http://example.com/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'ftp://example.com/x',
  'vbscript:x',
  '--flag',
  '$(touch /tmp/x)',
  '/relative',
  '',
]

/** True when a link leads to the fixture itself: nothing of the hostile text survived. */
async function startsSafely(behaviour: Partial<Behaviour>): Promise<string | null> {
  let link: string | null = null
  await withFixture({ behaviour }, async (fixture, server_id) => {
    const { status, body } = await connect(owner, server_id)
    if (status === 200) {
      link = body.authorization_url
      assert.equal(new URL(link!).origin, fixture.issuer)
    } else {
      const said = JSON.stringify(body)
      assert.ok(status >= 400 && status !== 500, said)
      for (const words of ['/x', 'alert', 'passwd', 'touch']) assert.ok(!said.includes(words), said)
    }
    assert.deepEqual(await credentialsOf(server_id), [])
  })
  return link
}

for (const field of ['authorization_endpoint', 'token_endpoint', 'registration_endpoint']) {
  Deno.test(`a hostile ${field} starts no sign-in`, async () => {
    for (const address of addresses) {
      const link = await startsSafely({ metadata: { [field]: address } })
      assert.equal(link, null, `${field}: ${address}`)
    }
    assert.equal(hits, 0)
  })
}

Deno.test('a line break in an address is gone before anyone sees it', async () => {
  const metadata = { authorization_endpoint: 'https://example.com/a\r\nSet-Cookie: b' }
  await withFixture({ behaviour: { metadata } }, async (_, server_id) => {
    const { body } = await connect(owner, server_id)
    assert.ok(!/[\r\n ]/.test(body.authorization_url))
  })
})

Deno.test(promises.hostile_metadata, async () => {
  for (const address of addresses) {
    await startsSafely({ resource_metadata: { authorization_servers: [address] } })
    await startsSafely({ metadata: { issuer: address } })
    await startsSafely({ resource_metadata: { resource: address } })
  }
  assert.equal(hits, 0)
})

Deno.test('metadata that is not what it should be starts no sign-in', async () => {
  const wrong: Partial<Behaviour>[] = [
    { metadata: { code_challenge_methods_supported: undefined } },
    { metadata: { code_challenge_methods_supported: ['plain'] } },
    { metadata: { issuer: 'https://attacker.example' } },
    { metadata: { response_types_supported: ['token'] } },
    { metadata: { authorization_endpoint: undefined } },
    { metadata: { padding: 'x'.repeat(1_000_000) } },
    { resource_metadata: { resource: 'https://other.example/mcp' } },
  ]
  for (const behaviour of wrong) {
    assert.equal(await startsSafely(behaviour), null, Object.keys(behaviour.metadata ?? {}).join())
  }
})

Deno.test('a challenge that names a private address for the metadata is not followed there', async () => {
  const server = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen() {} },
    () =>
      new Response(null, {
        status: 401,
        headers: { 'www-authenticate': `Bearer resource_metadata="${inside}/x", scope="a"` },
      }),
  )
  const added = await owner.call('add_server', {
    name: `Hostile ${crypto.randomUUID().slice(0, 8)}`,
    server_type: 'http',
    config: { url: `http://127.0.0.1:${server.addr.port}/mcp` },
  })
  const server_id = added.body.server.id
  const { status, body } = await connect(owner, server_id)
  assert.equal(status, 501, JSON.stringify(body))
  assert.equal(hits, 0)
  await owner.call('remove_server', { server_id })
  await server.shutdown()
})

const answers: [string, string | null][] = [
  [
    'a token with a line break',
    JSON.stringify({ access_token: 'a\r\nX: y', token_type: 'Bearer' }),
  ],
  ['a token of another type', JSON.stringify({ access_token: 'a', token_type: 'mac' })],
  ['no token', JSON.stringify({ token_type: 'Bearer' })],
  ['half a document', '{"access_token": "a'],
  ['a page', '<html>sign in here</html>'],
  ['a very long token', JSON.stringify({ access_token: 'a'.repeat(20_000), token_type: 'Bearer' })],
  ['an error with words', '{"error":"<script>","error_description":"words-of-a-stranger"}'],
]

Deno.test('a token endpoint that answers nonsense leaves nothing behind', async () => {
  for (const [what, text] of answers) {
    const endpoint = Deno.serve(
      { hostname: '127.0.0.1', port: 0, onListen() {} },
      () => new Response(text, { headers: { 'content-type': 'application/json' } }),
    )
    const token_endpoint = `http://127.0.0.1:${endpoint.addr.port}/token`
    await withFixture({ behaviour: { metadata: { token_endpoint } } }, async (_, server_id) => {
      const { body } = await connect(owner, server_id)
      const back = await comeBack(await consent(body.authorization_url))
      assert.ok(back.error && back.error !== 'internal', `${what}: ${back.error}`)
      assert.ok(!back.way!.href.includes('stranger') && !back.way!.href.includes('script'))
      assert.deepEqual(await credentialsOf(server_id), [], what)
    })
    await endpoint.shutdown()
  }
})
