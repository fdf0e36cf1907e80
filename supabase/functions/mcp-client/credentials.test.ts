import assert from 'node:assert/strict'
import { promises } from '../../tests/promises.ts'
import { asHeaders, open, seal } from './credentials.ts'
import type { Credential } from '../../../shared/server.ts'

const key = (version: number) => ({ version, bytes: crypto.getRandomValues(new Uint8Array(32)) })
const keys = [key(2), key(1)]
const place = { team_id: crypto.randomUUID(), server_id: crypto.randomUUID() }
const secret: Credential = { credential_type: 'oauth_token', value: 'astra-test-value-1' }

Deno.test('a sealed credential comes back as it was', async () => {
  assert.deepEqual(await open(await seal(secret, { keys, place }), { keys, place }), secret)
})

Deno.test('the newest key seals and an older one still opens', async () => {
  const old = await seal(secret, { keys: [keys[1]!], place })
  assert.equal(old.key_version, 1)
  assert.equal((await seal(secret, { keys, place })).key_version, 2)
  assert.deepEqual(await open(old, { keys, place }), secret)
})

Deno.test(promises.seal_bound, async () => {
  const sealed = await seal(secret, { keys, place })
  const elsewhere = [
    { ...place, team_id: crypto.randomUUID() },
    { ...place, server_id: crypto.randomUUID() },
  ]
  for (const other of elsewhere) assert.equal(await open(sealed, { keys, place: other }), null)
  assert.equal(await open({ ...sealed, key_version: 1 }, { keys, place }), null)
  assert.equal(await open(sealed, { keys: [key(2)], place }), null)
  assert.equal(await open({ ...sealed, encrypted_value: 'AAAA' }, { keys, place }), null)
  assert.equal(await open({ ...sealed, encrypted_value: '%' }, { keys, place }), null)
})

Deno.test('two seals of one secret share nothing', async () => {
  const [a, b] = [await seal(secret, { keys, place }), await seal(secret, { keys, place })]
  assert.notEqual(a.encrypted_value.slice(0, 16), b.encrypted_value.slice(0, 16))
})

Deno.test('every kind of credential travels in its header and names what to hide', () => {
  assert.deepEqual(asHeaders({ credential_type: 'api_key', header: 'X-Key', value: 'v1v1v1' }), {
    headers: { 'X-Key': 'v1v1v1' },
    secrets: ['v1v1v1'],
  })
  assert.equal(asHeaders(secret).headers.Authorization, 'Bearer astra-test-value-1')
  const basic = asHeaders({ credential_type: 'basic_auth', username: 'ü', password: 'pä55word' })
  assert.equal(basic.headers.Authorization, `Basic ${btoa('\u00c3\u00bc:p\u00c3\u00a455word')}`)
  assert.ok(basic.secrets.includes('pä55word'))
  assert.deepEqual(asHeaders({ credential_type: 'custom', headers: { A: '1', B: '2' } }).secrets, [
    '1',
    '2',
  ])
  assert.deepEqual(asHeaders({ credential_type: 'custom', env: { TOKEN: 'abc' } }), {
    headers: {},
    secrets: ['abc'],
  })
})
