import assert from 'node:assert/strict'
import { makeVapidKeys } from '../../../scripts/stack/vapid.ts'
import { promises } from '../../tests/promises.ts'
import { readSettings } from './env.ts'

const key = btoa(String.fromCharCode(...new Uint8Array(32)))
const embedded: Record<string, string> = {
  SUPABASE_URL: 'http://127.0.0.1:54321/',
  SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
  SUPABASE_SECRET_KEY: 'sb_secret_x',
  ASTRA_CREDENTIAL_KEYS: `1:${key},3:${key}, 2:${key}`,
  ASTRA_JWT_SECRET: 'j'.repeat(40),
  ASTRA_ALLOWED_PRIVATE_HOSTS: '127.0.0.1:3001, Intranet.example ,',
  ASTRA_FUNCTION_PORT: '4000',
}
const read = (variables: Record<string, string>) => readSettings((name) => variables[name])

const hostedAs = (): Record<string, string> => ({
  ...embedded,
  SUPABASE_URL: 'https://x.supabase.co',
})

Deno.test('settings are read once, trimmed, with the newest credential key first', () => {
  const settings = read(embedded)
  assert.equal(settings.supabaseUrl, 'http://127.0.0.1:54321')
  assert.deepEqual(settings.credentialKeys.map(({ version }) => version), [3, 2, 1])
  assert.deepEqual(settings.allowedPrivateHosts, ['127.0.0.1:3001', 'intranet.example'])
  assert.equal(settings.port, 4000)
})

Deno.test('a missing or malformed variable is named, and its value is not', () => {
  const { SUPABASE_URL: _, ...without } = embedded
  assert.throws(() => read(without), /SUPABASE_URL is not set/)
  const short = { ...embedded, ASTRA_CREDENTIAL_KEYS: '1:c2hvcnQ=' }
  assert.throws(() => read(short), (error: Error) => !error.message.includes('c2hvcnQ='))
})

Deno.test(promises.hosted_refuses_private_hosts, () => {
  const { ASTRA_JWT_SECRET: _, ...hosted } = hostedAs()
  assert.throws(() => read(hosted), /ASTRA_ALLOWED_PRIVATE_HOSTS/)
})

Deno.test('a hosted configuration with a shared token secret refuses to start', () => {
  const { ASTRA_ALLOWED_PRIVATE_HOSTS: _, ...hosted } = hostedAs()
  assert.throws(() => read(hosted), /ASTRA_JWT_SECRET/)
})

Deno.test('hosted keys are found by their newer and their older names', () => {
  const { SUPABASE_PUBLISHABLE_KEY: _, SUPABASE_SECRET_KEY: __, ...plain } = embedded
  const newer = read({
    ...plain,
    SUPABASE_PUBLISHABLE_KEYS: '{"default":"p"}',
    SUPABASE_SECRET_KEYS: '{"default":"s"}',
  })
  assert.deepEqual([newer.publishableKey, newer.secretKey], ['p', 's'])
  const older = read({ ...plain, SUPABASE_ANON_KEY: 'a', SUPABASE_SERVICE_ROLE_KEY: 'r' })
  assert.deepEqual([older.publishableKey, older.secretKey], ['a', 'r'])
})

Deno.test('a hosted project serves its own client document, a laptop has none, the operator may say where', () => {
  const { ASTRA_ALLOWED_PRIVATE_HOSTS: _, ASTRA_JWT_SECRET: __, ...hosted } = hostedAs()
  const base = 'https://x.supabase.co/functions/v1/mcp-client/oauth'
  assert.equal(read(hosted).clientMetadataUrl, `${base}/client.json`)
  assert.equal(read(hosted).callbackUrl, `${base}/callback`)
  assert.equal(read(embedded).clientMetadataUrl, null)
  const own = { ...embedded, ASTRA_CLIENT_METADATA_URL: 'https://app.example/client.json' }
  assert.equal(read(own).clientMetadataUrl, 'https://app.example/client.json')
  for (const bad of ['http://app.example/client.json', 'https://app.example', 'client.json']) {
    assert.throws(() => read({ ...own, ASTRA_CLIENT_METADATA_URL: bad }), /https address/)
  }
})

Deno.test('a sign-in comes back to the app where the operator says, or to the stack itself', () => {
  const { ASTRA_FUNCTION_PORT: _, ...hosted } = embedded
  assert.equal(read(embedded).webUrl, 'http://127.0.0.1:54321')
  assert.equal(read(hosted).webUrl, null)
  const named = { ...hosted, ASTRA_WEB_URL: 'https://astra.example/app/' }
  assert.equal(read(named).webUrl, 'https://astra.example/app/')
  assert.throws(() => read({ ...named, ASTRA_WEB_URL: 'javascript:alert(1)' }), /ASTRA_WEB_URL/)
})

Deno.test('push messages need a pair of keys that belong together, and have someone to answer for them', async () => {
  const ASTRA_VAPID_KEYS = await makeVapidKeys()
  const [publicKey, privateKey] = ASTRA_VAPID_KEYS.split(':') as [string, string]
  assert.equal(read(embedded).push, null)
  assert.deepEqual(read({ ...embedded, ASTRA_VAPID_KEYS }).push, {
    publicKey,
    privateKey,
    subject: 'mailto:astra@example.com',
  })
  const named = { ...embedded, ASTRA_VAPID_KEYS, ASTRA_WEB_URL: 'https://astra.example' }
  assert.equal(read(named).push?.subject, 'https://astra.example')
  const said = { ...named, ASTRA_VAPID_SUBJECT: 'mailto:ops@acme.test' }
  assert.equal(read(said).push?.subject, 'mailto:ops@acme.test')

  const strange = `${publicKey}:${'A'.repeat(42)}E`
  for (const keys of ['x', publicKey, strange, `${privateKey}:${publicKey}`]) {
    const wrong = { ...embedded, ASTRA_VAPID_KEYS: keys }
    assert.throws(
      () => read(wrong),
      (thrown: Error) => /ASTRA_VAPID_KEYS/.test(thrown.message) && !thrown.message.includes(keys),
    )
  }
  for (const ASTRA_VAPID_SUBJECT of ['ops@acme.test', 'http://acme.test', 'mailto:']) {
    assert.throws(
      () => read({ ...embedded, ASTRA_VAPID_KEYS, ASTRA_VAPID_SUBJECT }),
      /ASTRA_VAPID_SUBJECT/,
    )
  }
})

Deno.test('whether the operator’s model takes pictures is said outright, or left to its provider', () => {
  const taking = (given: string) =>
    read({ ...embedded, ASTRA_MODEL_TAKES_IMAGES: given }).model.takesImages
  assert.deepEqual([taking('true'), taking('false'), taking('')], [true, false, undefined])
  assert.throws(() => taking('yes'), /ASTRA_MODEL_TAKES_IMAGES must be true or false/)
})
