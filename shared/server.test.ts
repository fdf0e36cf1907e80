import assert from 'node:assert/strict'
import { credential } from './server.ts'

Deno.test('a pasted secret loses the white space around it, so that it is found when it is echoed', () => {
  assert.deepEqual(credential.parse({ credential_type: 'oauth_token', value: ' abc-123\n' }), {
    credential_type: 'oauth_token',
    value: 'abc-123',
  })
})

Deno.test('a secret that no header can carry is refused where it is entered, by name', () => {
  for (const value of ['two\nlines', 'a\0b', '“quoted”', 'schlüssel', ' ']) {
    for (
      const given of [
        { credential_type: 'api_key', header: 'X-Key', value },
        { credential_type: 'oauth_token', value },
        { credential_type: 'custom', headers: { 'X-Key': value } },
      ]
    ) {
      const { success, error } = credential.safeParse(given)
      assert.equal(success, false, JSON.stringify(given))
      assert.match(error!.issues[0]!.path.join('.'), /^(value|headers\.X-Key)$/)
    }
  }
})

Deno.test('a password may be anything, a user name has no colon', () => {
  const basic = { credential_type: 'basic_auth', username: 'ann', password: 'schlüssel\n' }
  assert.ok(credential.safeParse(basic).success)
  assert.equal(credential.safeParse({ ...basic, username: 'a:b' }).success, false)
})

Deno.test('no credential travels in a header that the protocol speaks by', () => {
  for (const header of ['Mcp-Session-Id', 'mcp-protocol-version', 'x-astra-request']) {
    const custom = { credential_type: 'custom', headers: { [header]: 'abc' } }
    assert.equal(credential.safeParse(custom).success, false, header)
  }
  const kept = { credential_type: 'api_key', header: 'Mcp-Api-Key', value: 'abc' }
  assert.ok(credential.safeParse(kept).success)
})
