import assert from 'node:assert/strict'
import { promises } from '../../tests/promises.ts'
import { keepRedacted, namesSecret, redactByName, redactByValue } from './redact.ts'

Deno.test(promises.secret_not_in_parameters, () => {
  const kept = redactByName({
    apiKey: 'k',
    nested: [{ 'Client-Secret': { deep: 1 }, password: 'p', note: 'hello' }],
    max_tokens: 9,
  })
  assert.deepEqual(kept, {
    apiKey: '[redacted]',
    nested: [{ 'Client-Secret': '[redacted]', password: '[redacted]', note: 'hello' }],
    max_tokens: 9,
  })
})

Deno.test('only whole names count as secret: max_tokens and token_count are ordinary', () => {
  for (const name of ['access_token', 'Authorization', 'private-key', 'apiKey']) {
    assert.ok(namesSecret(name), name)
  }
  for (const name of ['max_tokens', 'token_count', 'secretary', 'key']) {
    assert.ok(!namesSecret(name), name)
  }
})

Deno.test('a secret is found raw, encoded and escaped, in values and in keys', () => {
  const secret = 'p@ss"word/+1'
  const seen = JSON.stringify(redactByValue({
    raw: `x ${secret} y`,
    base64: btoa(secret),
    url: `?q=${encodeURIComponent(secret)}`,
    json: JSON.stringify({ secret }),
    [secret]: 'as a key',
  }, [secret]))
  for (const form of [secret, btoa(secret).replace(/=+$/, ''), encodeURIComponent(secret)]) {
    assert.ok(!seen.includes(form), form)
  }
  assert.ok(!seen.includes('word/+1'))
})

Deno.test('a value too short to be a secret does not redact ordinary words', () => {
  const value = { text: 'a cat sat' }
  assert.equal(redactByValue(value, ['cat']), value)
})

Deno.test('a secret with half a character in it, which servers may hand out, hides like any other', () => {
  assert.equal(redactByValue('a half\ud800token b', ['half\ud800token']), 'a [redacted] b')
})

Deno.test('what holds no secret is given back as it came', () => {
  const value = { a: ['x', { b: 1 }], c: null }
  assert.equal(redactByValue(value, ['a-long-secret']), value)
  assert.notEqual(redactByValue({ a: ['a-long-secret'] }, ['a-long-secret']).a[0], 'a-long-secret')
})

Deno.test('what a person saw redacted and left alone is again what it was, at its own place only', () => {
  const original = { to: 'a', token: 's1', deep: { list: [{ password: 's2' }, 'x'] }, gone: 's3' }
  const shown = redactByName(original)
  const of = { shown, original }
  assert.deepEqual(keepRedacted({ ...shown, to: 'b' }, of), { ...original, to: 'b' })
  const moved = { to: '[redacted]', other: '[redacted]', deep: { list: ['[redacted]', 'x'] } }
  assert.deepEqual(keepRedacted(moved, of), moved)
  const inherited = JSON.parse('{"__proto__":"[redacted]","constructor":"[redacted]"}')
  assert.deepEqual(Object.entries(keepRedacted(inherited, of)), Object.entries(inherited))
  const inWords = { note: 'Bearer s1', other: 'x' }
  assert.deepEqual(
    keepRedacted({ note: 'Bearer [redacted]', other: 'Bearer [redacted]' }, {
      shown: { note: 'Bearer [redacted]', other: 'x' },
      original: inWords,
    }),
    { note: 'Bearer s1', other: 'Bearer [redacted]' },
  )
})
