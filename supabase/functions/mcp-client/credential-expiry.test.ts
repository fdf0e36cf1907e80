import assert from 'node:assert/strict'
import { expiryOf } from './credential-expiry.ts'
import { AppError } from './http.ts'

const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '')
const bearer = (value: string, expires_at?: string) =>
  expiryOf({ credential_type: 'oauth_token', value, ...(expires_at && { expires_at }) })

Deno.test('a token that is a JWT ends when it says, unless its owner knows better', () => {
  const jwt = `${part({ alg: 'none' })}.${part({ exp: 2_000_000_000 })}.x`
  assert.equal(bearer(jwt), '2033-05-18T03:33:20.000Z')
  assert.equal(bearer(jwt, '2030-01-01'), '2030-01-01T00:00:00.000Z')
})

Deno.test('what names no end, or a strange one, has none', () => {
  const ends = ['soon', null, 1e300, -1e300, 8e12, {}]
  const tokens = ends.map((exp) => `${part({ alg: 'none' })}.${part({ exp })}.x`)
  for (const token of [...tokens, 'plain', 'a.b.c', `${part({})}.${part({})}.x`]) {
    assert.equal(bearer(token), null, token)
  }
  assert.equal(expiryOf({ credential_type: 'api_key', header: 'X', value: 'v' }), null)
})

Deno.test('an expiry that is no time is refused by name', () => {
  for (const wrong of ['next spring', '+200000-01-01T00:00:00Z', '2026-13-01']) {
    assert.throws(
      () => bearer('plain', wrong),
      (thrown) => thrown instanceof AppError && /credential\.expires_at/.test(thrown.message),
    )
  }
})
