import assert from 'node:assert/strict'
import { isSigned, startReceiver } from '../../tests/upstreams/receiving.ts'
import { newSecret, send, webhookFetch } from './webhook-sending.ts'

const body = '{"type":"webhook.test"}'
const guarded = webhookFetch({ allowed_private_hosts: ['127.0.0.1'] })

Deno.test('what is sent is signed so that another implementation verifies it', async () => {
  const receiver = startReceiver()
  const signing = newSecret()
  const sent = await send(guarded, { id: 'one', url: receiver.url, body }, signing)
  assert.deepEqual(sent, { status: 200, error: null })
  const [request] = receiver.seen
  assert.deepEqual([request!.id, request!.body], ['one', body])
  assert.ok(isSigned(request!, signing.secret))
  assert.ok(!isSigned(request!, newSecret().secret))
  await receiver.stop()
})

Deno.test('of an answer only its status counts: bodies without end and redirects are left alone', async () => {
  const receiver = startReceiver()
  for (const status of [200, 204, 301, 307, 400, 410, 500]) {
    receiver.answer(status)
    const sent = await send(guarded, { id: 'one', url: receiver.url, body }, newSecret())
    assert.equal(sent.status, status)
    assert.equal(sent.error === null, status < 300, `${status}`)
  }
  assert.equal(receiver.seen.length, 7)
  assert.ok(receiver.seen.every(({ path }) => path === '/hook'))
  await receiver.stop()
})

Deno.test('a receiver inside that no operator listed is never contacted', async () => {
  const receiver = startReceiver()
  const strict = webhookFetch({ allowed_private_hosts: [] })
  for (const url of [receiver.url, receiver.url.replace('http:', 'https:')]) {
    const { status, error } = await send(strict, { id: 'one', url, body }, newSecret())
    assert.equal(status, null)
    assert.match(error!, /^(?:The address must start with https|This is a private address)/)
  }
  const resolve = () => Promise.resolve(['127.0.0.1'])
  const rebound = webhookFetch({ allowed_private_hosts: [], resolve })
  const { error } = await send(
    rebound,
    { id: 'one', url: 'https://hooks.example.com/', body },
    newSecret(),
  )
  assert.ok(error)
  assert.equal(receiver.seen.length, 0)
  await receiver.stop()
})
