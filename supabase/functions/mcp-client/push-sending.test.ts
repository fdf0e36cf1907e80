import assert from 'node:assert/strict'
import { outcomeOf, push } from './push-sending.ts'
import type { GuardedFetch } from './mcp/egress.ts'
import { EgressError } from './mcp/egress-error.ts'
import { openPush, startSubscription } from '../../tests/upstreams/push-browser.ts'
import { makeVapidKeys } from '../../../scripts/stack/vapid.ts'

const [publicKey, privateKey] = (await makeVapidKeys()).split(':') as [string, string]
const settings = { publicKey, privateKey, subject: 'mailto:ops@acme.test' }
const message = {
  tag: '0a000000-0000-4000-8000-00000000ac3e',
  title: 'Run create_issue?',
  body: 'In Tracker',
  url: '/chat',
  quiet: false,
  asks: true,
  sent_at: '2026-11-21T10:00:00Z',
}
const manner = { message, ttl_seconds: 90.9, urgency: 'high' } as const

Deno.test('a message says how long it is worth having, how urgent it is and what it replaces', async () => {
  const device = startSubscription('https://push.example/abc')
  let seen: Request | undefined
  const guarded: GuardedFetch = (input, init) => {
    seen = new Request(input, init)
    return Promise.resolve(new Response(null, { status: 201 }))
  }
  const { outcome } = await push({ fetch: guarded, settings }, device.subscription, manner)
  assert.equal(outcome, 'taken')
  const { headers } = seen!
  assert.deepEqual(
    ['ttl', 'urgency', 'topic', 'content-encoding'].map((name) => headers.get(name)),
    ['90', 'high', 'CgAAAAAAQACAAAAAAACsPg', 'aes128gcm'],
  )
  const body = new Uint8Array(await seen!.arrayBuffer())
  assert.deepEqual(openPush(device, body), message)
  // Whatever it says, it is as long as any other: its length tells a push service nothing.
  assert.equal(body.byteLength, 4_096)
})

Deno.test('what a push service answers is taken, gone, refused or for later', () => {
  const outcomes = [201, 404, 410, 429, 500, 503, 400, 401, 403, 413, 302].map(outcomeOf)
  assert.deepEqual(outcomes, [
    'taken',
    'gone',
    'gone',
    'later',
    'later',
    'later',
    'refused',
    'refused',
    'refused',
    'refused',
    'refused',
  ])
})

Deno.test('how long a push service wants to be left alone is heard; one that cannot be reached is tried later', async () => {
  const { subscription } = startSubscription('https://push.example/abc')
  const answering = (answer: () => Promise<Response>) =>
    push({ fetch: answer, settings }, subscription, manner)
  const busy = await answering(() =>
    Promise.resolve(new Response(null, { status: 429, headers: { 'retry-after': '120' } }))
  )
  assert.deepEqual(busy, { outcome: 'later', status: 429, retry_after_seconds: 120 })
  const dead = await answering(() => Promise.reject(EgressError.timeout()))
  assert.equal(dead.outcome, 'later')
  const refused = new EgressError('address_refused', 'no')
  assert.equal((await answering(() => Promise.reject(refused))).outcome, 'refused')
})
