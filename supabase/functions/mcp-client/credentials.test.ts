import assert from 'node:assert/strict'
import { promises } from '../../tests/promises.ts'
import {
  asHeaders,
  credentialField,
  type HeldToken,
  open,
  seal,
  type SealField,
} from './credentials.ts'
import type { Credential } from '../../../shared/server.ts'

const key = (version: number) => ({ version, bytes: crypto.getRandomValues(new Uint8Array(32)) })
const keys = [key(2), key(1)]
const place = {
  team_id: crypto.randomUUID(),
  server_id: crypto.randomUUID(),
  field: credentialField(null),
}
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

const fields: SealField[] = [
  credentialField(crypto.randomUUID()),
  'client:',
  'client:https://issuer.example',
  'flow:abc',
  'wait:abc',
]

Deno.test(promises.seal_bound, async () => {
  const sealed = await seal(secret, { keys, place })
  const elsewhere = [
    { ...place, team_id: crypto.randomUUID() },
    { ...place, server_id: crypto.randomUUID() },
    ...fields.map((field) => ({ ...place, field })),
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

Deno.test('every kind of credential travels in its own way and names what to hide', () => {
  assert.deepEqual(asHeaders({ credential_type: 'api_key', header: 'X-Key', value: 'v1v1v1' }), {
    headers: { 'X-Key': 'v1v1v1' },
    query: {},
    secrets: ['v1v1v1'],
  })
  const query = { parameter: 'key', value: 'v2v2v2', accept_risk: true } as const
  assert.deepEqual(asHeaders({ credential_type: 'query_key', ...query }), {
    headers: {},
    query: { key: 'v2v2v2' },
    secrets: ['v2v2v2'],
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
    query: {},
    secrets: ['abc'],
  })
})

Deno.test('of a sign-in the access token travels, and all that is secret is named', () => {
  const token: HeldToken = {
    access_token: 'access-1',
    refresh_token: 'refresh-1',
    issuer: 'https://issuer.example',
    token_endpoint: 'https://issuer.example/token',
    client: { client_id: 'id-1', client_secret: 'secret-1' },
  }
  assert.deepEqual(asHeaders({ credential_type: 'oauth', token }), {
    headers: { Authorization: 'Bearer access-1' },
    query: {},
    secrets: ['access-1', 'refresh-1', 'secret-1'],
  })
  const machine = { credential_type: 'client_credentials', client_id: 'id-1', client_secret: 's-1' }
  const before = asHeaders(machine as Credential)
  assert.deepEqual(before, { headers: {}, query: {}, secrets: ['s-1'] })
  const after = asHeaders({ ...machine, token } as Parameters<typeof asHeaders>[0])
  assert.equal(after.headers.Authorization, 'Bearer access-1')
  assert.ok(after.secrets.includes('s-1') && after.secrets.includes('access-1'))
})
