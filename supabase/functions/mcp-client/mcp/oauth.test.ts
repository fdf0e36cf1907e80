// Who Astra is at an authorization server, against the real fixture: given client, then its document, then
// registration.
import assert from 'node:assert/strict'
import {
  type Behaviour,
  type Fixture,
  startAuthorization,
} from '../../../tests/upstreams/authorization.ts'
import { finishFlow, startFlow } from './oauth.ts'
import { discover } from './oauth-discovery.ts'
import { SignInError } from './oauth-error.ts'
import { signInFetch, within } from './oauth-fetch.ts'
import { renewToken } from './oauth-token.ts'
import type { SignInClient } from '../credentials.ts'

const allowed_private_hosts = ['127.0.0.1']
const fetch = within(signInFetch({ allowed_private_hosts }), 20_000)
const callback_url = 'http://127.0.0.1:1/callback'
const document = 'https://astra.example/client.json'
const supported = { client_id_metadata_document_supported: true }

type Given = { client?: SignInClient; client_metadata_url?: string | null }

async function start(fixture: Fixture, { client, client_metadata_url = document }: Given = {}) {
  const registered: SignInClient[] = []
  const found = await discover({ url: fixture.url, challenge: null, fetch, allowed_private_hosts })
  const started = await startFlow({
    server_url: fixture.url,
    callback_url,
    client_metadata_url,
    found,
    client: client ?? null,
    state: 'state-of-a-test',
    scopes: ['read'],
    allowed_private_hosts,
    fetch,
    registered: (one) => Promise.resolve(void registered.push(one)),
  })
  return { ...started, registered }
}

async function withServer(
  behaviour: Partial<Behaviour>,
  work: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const fixture = startAuthorization(behaviour)
  try {
    await work(fixture)
  } finally {
    await fixture.stop()
  }
}

Deno.test('a client that is known comes before our document, and our document before registration', async () => {
  await withServer({ metadata: supported }, async (fixture) => {
    const client = { client_id: 'given', client_secret: 'given-secret' }
    const given = await start(fixture, { client })
    assert.equal(new URL(given.authorization_url).searchParams.get('client_id'), 'given')
    const named = await start(fixture)
    assert.equal(new URL(named.authorization_url).searchParams.get('client_id'), document)
    assert.deepEqual(named.flow.client, { client_id: document })
    assert.deepEqual([given.registered, named.registered], [[], []])
    assert.equal(fixture.seen.registrations.length, 0)
  })
  await withServer({}, async (fixture) => {
    const { registered, flow } = await start(fixture)
    assert.equal(fixture.seen.registrations.length, 1)
    assert.deepEqual(registered, [flow.client])
    assert.match(flow.client.client_id, /^client-/)
  })
})

Deno.test('without our document and without registration an admin has to give a client', async () => {
  await withServer({ metadata: supported, registers: false }, async (fixture) => {
    await start(fixture)
    await assert.rejects(
      start(fixture, { client_metadata_url: null }),
      (thrown) => thrown instanceof SignInError && thrown.reason === 'client_needed',
    )
  })
})

Deno.test('a client without a secret signs in and renews as a public one', async () => {
  await withServer({ secrets: false }, async (fixture) => {
    const { authorization_url, flow } = await start(fixture)
    const response = await globalThis.fetch(authorization_url, { redirect: 'manual' })
    await response.body?.cancel()
    const params = new URL(response.headers.get('location')!).searchParams
    const token = await finishFlow(flow, { params, fetch })
    assert.equal(token.resource, fixture.url)
    assert.equal(token.scope, 'read')
    const renewed = await renewToken(token, fetch)
    assert.notEqual(renewed.access_token, token.access_token)
    assert.notEqual(renewed.refresh_token, token.refresh_token)
    const again = await renewToken(token, fetch).catch((thrown) => thrown)
    assert.equal(again.reason, 'grant_refused')
    for (const form of fixture.seen.tokens) assert.equal(form.has('client_secret'), false)
  })
})

Deno.test('a refresh token stays when no new one comes with the renewed access token', async () => {
  const server = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen() {} },
    () => Response.json({ access_token: 'new-access', token_type: 'bearer', expires_in: -5 }),
  )
  const held = {
    access_token: 'old-access',
    refresh_token: 'kept-refresh',
    issuer: 'http://127.0.0.1',
    token_endpoint: `http://127.0.0.1:${server.addr.port}/token`,
    client: { client_id: 'public' },
    scope: 'read',
  }
  const renewed = await renewToken(held, fetch)
  await server.shutdown()
  assert.equal(renewed.access_token, 'new-access')
  assert.equal(renewed.refresh_token, 'kept-refresh')
  assert.equal(renewed.scope, 'read')
  assert.ok(Date.parse(renewed.ends_at!) <= Date.now())
})
