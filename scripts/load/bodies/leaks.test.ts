import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { leakFinder } from './leaks.ts'

const secret = 'planted+secret/with=signs-7d41'
const leak = leakFinder({ 'the secret': secret })

Deno.test('a secret is found in whatever dress it comes', () => {
  const dresses = {
    plain: secret,
    address: `https://a.test/?key=${encodeURIComponent(secret)}&x=1`,
    hex: Buffer.from(secret).toString('hex'),
    ...Object.fromEntries(
      [0, 1, 2, 3].map((before) => [
        `base64 after ${before} bytes`,
        Buffer.from(`${'{'.repeat(before)}${secret}","and":"more"}`).toString('base64'),
      ]),
    ),
  }
  for (const [dress, text] of Object.entries(dresses)) {
    assert.equal(leak(`{"message":"${text}"}`), 'the secret', dress)
  }
})

Deno.test('stacks, paths and words of the database are found, refusals of ours are not', () => {
  const leaks = [
    '    at read (file:///srv/functions/mcp-client/db.ts:49:9)',
    'at async openTurn (ext:deno_web/00_url.js:1:1270)',
    'TypeError: x is undefined',
    'duplicate key value violates unique constraint',
    'relation "mcp_tools" does not exist',
    'PGRST116',
    'postgres://postgres:x@127.0.0.1/postgres',
    '{"error":{"code":"internal","message":"…"}}',
  ]
  for (const text of leaks) assert.notEqual(leak(text), null, text)
  const fine = [
    '{"error":{"code":"invalid_request","message":"body: Unrecognized key: \\"x\\"","details":[]}}',
    '{"error":{"code":"not_found","message":"No such tool on a server of this team."}}',
    'content-type: text/event-stream',
  ]
  for (const text of fine) assert.equal(leak(text), null, text)
})
