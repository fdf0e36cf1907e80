// The doors of a sign-in that need no database: the way back, and the document that says who Astra is.
import assert from 'node:assert/strict'
import { Hono } from 'hono'
import type { App } from './app.ts'
import type { Variables } from './http.ts'
import { callbackDoor, clientDocument, wayBack } from './sign-in-doors.ts'

const said = { connected: 'a' }

Deno.test('the way back is a page of the app, under the path that the app has', () => {
  const base = 'https://astra.example/app/'
  const to = (return_to: string) => wayBack(base, { return_to, said })
  assert.equal(to('/chat/1?x=2'), 'https://astra.example/app/chat/1?x=2&connected=a')
  assert.equal(to('/'), 'https://astra.example/app/?connected=a')
  assert.equal(to('/settings?connected=b'), 'https://astra.example/app/settings?connected=a')
  const elsewhere = [
    '//evil.example/x',
    'https://evil.example/x',
    '/\t/evil.example/x',
    'javascript:x',
  ]
  for (const return_to of elsewhere) {
    assert.equal(to(return_to), 'https://astra.example/app/?connected=a', return_to)
  }
  assert.equal(new URL(to('/..//evil.example')!).host, 'astra.example')
  assert.equal(wayBack(null, { return_to: '/', said }), null)
})

const app = (clientMetadataUrl: string | null) =>
  ({
    settings: { clientMetadataUrl, callbackUrl: 'https://x.example/oauth/callback', webUrl: null },
  }) as unknown as App

Deno.test('the client document names itself, and is not there where nobody could read it', async () => {
  const url = 'https://x.example/oauth/client.json'
  const doors = (of: App) => new Hono<Variables>().get('/oauth/client.json', clientDocument(of))
  const served = await doors(app(url)).request('/oauth/client.json')
  const document = await served.json()
  assert.equal(document.client_id, url)
  assert.deepEqual(document.redirect_uris, ['https://x.example/oauth/callback'])
  assert.equal(document.token_endpoint_auth_method, 'none')
  assert.equal((await doors(app(null)).request('/oauth/client.json')).status, 404)
})

Deno.test('a callback without a state that could be ours asks no database', async () => {
  const doors = new Hono<Variables>().get('/oauth/callback', callbackDoor(app(null)))
  for (
    const query of ['', '?state=short', `?state=${'a'.repeat(44)}`, `?x=${'a'.repeat(20_000)}`]
  ) {
    const answer = await doors.request(`/oauth/callback${query}`)
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  }
})
