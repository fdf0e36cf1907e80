// What happens when a call in the background ends: its person has a notice, and the team's webhook is told,
// over real HTTP, by whichever process is first.
import assert from 'node:assert/strict'
import { webhookEvent } from '../../../shared/webhook.ts'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { isSigned, startReceiver } from '../upstreams/receiving.ts'
import { startSecondFunction } from './second-function.ts'
import { addServer, isOver, people, stack, syncAndAllow, untilRow, untilRows } from './the-stack.ts'

const { owner, admin, member, analyst } = people
const upstream = startCountingServer()
const receiver = startReceiver()
Deno.test.afterAll(async () => {
  await owner.call('set_webhook', { url: null })
  await Promise.all([upstream.stop(), receiver.stop()])
})
const server_id = await addServer(upstream.url)
await syncAndAllow(server_id)

/** A webhook as if there had never been one; gives its secret. */
async function newWebhook(): Promise<string> {
  await owner.call('set_webhook', { url: null })
  receiver.forget()
  receiver.answer(200)
  const { status, body } = await admin.call('set_webhook', { url: receiver.url })
  assert.equal(status, 200, JSON.stringify(body))
  return body.secret
}

async function callInBackground(by = member.call): Promise<string> {
  const call = { server_id, tool_name: 'echo', parameters: { text: 'an argument' }, mode: 'async' }
  const { status, body } = await by('call_tool', call)
  assert.deepEqual([status, body.status], [200, 'running'], JSON.stringify(body))
  return body.execution_id
}

type Delivery = {
  id: string
  attempts: number
  leased_until: string | null
  delivered_at: string | null
  gave_up_at: string | null
  last_status: number | null
  last_error: string | null
}
const ofTeam = `team_id=eq.${stack.teams.Acme}`

/** Acme's deliveries, once all of them are as they should be. */
function deliveries(holds: (one: Delivery) => boolean, count = 1): Promise<Delivery[]> {
  const all = `webhook_deliveries?${ofTeam}&order=created_at`
  return untilRows(all, (rows) => rows.length === count && rows.every(holds))
}
const delivered = ({ delivered_at }: Delivery) => delivered_at !== null
const failed = (times: number) => ({ attempts, leased_until, last_error }: Delivery) =>
  attempts === times && leased_until === null && last_error !== null

/** Moves deliveries in time: due in so many seconds. */
async function dueIn(seconds: number, ids: string[]): Promise<void> {
  const next_at = new Date(Date.now() + seconds * 1_000).toISOString()
  const { status } = await stack.asService(`webhook_deliveries?id=in.(${ids.join(',')})`, {
    method: 'PATCH',
    body: JSON.stringify({ next_at }),
  })
  assert.equal(status, 204)
}

Deno.test(promises.told_once, async () => {
  await owner.call('set_webhook', { url: null })
  const execution_id = await callInBackground()
  const notices = `notifications?execution_id=eq.${execution_id}&select=kind,user_id,read_at`
  await untilRows(notices, (rows) => rows.length > 0)
  const mine = await member.rest(notices)
  assert.deepEqual(mine.body, [
    { kind: 'execution_ended', user_id: member.user_id, read_at: null },
  ])
  for (const other of [owner, analyst]) assert.deepEqual((await other.rest(notices)).body, [])
  assert.deepEqual((await stack.asService(notices)).body, mine.body)
  const read = { method: 'PATCH', body: JSON.stringify({ read_at: new Date().toISOString() }) }
  assert.equal((await member.rest(notices.split('&')[0]!, read)).status, 204)
  assert.notEqual((await member.rest(notices)).body[0].read_at, null)
  // Without a webhook nothing waits for one.
  assert.deepEqual((await stack.asService(`webhook_deliveries?${ofTeam}`)).body, [])
})

Deno.test(promises.delivery_signed, async () => {
  const secret = await newWebhook()
  const execution_id = await callInBackground()
  const [row] = await deliveries(delivered)
  assert.equal(receiver.seen.length, 1)
  const [request] = receiver.seen
  assert.equal(request!.id, row!.id)
  assert.ok(isSigned(request!, secret))
  assert.ok(!isSigned({ ...request!, body: `${request!.body} ` }, secret))
  assert.ok(!isSigned(request!, await newWebhook()))

  assert.equal(request!.headers.get('content-type'), 'application/json')
  const event = webhookEvent.parse(JSON.parse(request!.body))
  assert.deepEqual(JSON.parse(request!.body), event)
  assert.ok(event.type === 'execution.ended')
  const { tool_name, status, error_code, chat_id } = event.data
  assert.equal(event.data.execution_id, execution_id)
  assert.deepEqual([tool_name, status, error_code, chat_id], ['echo', 'success', null, null])
  assert.ok(!request!.body.includes('an argument'))
})

Deno.test(`tried again: ${promises.delivered_or_given_up}`, async () => {
  const secret = await newWebhook()
  receiver.answer(500, 500, 200)
  await callInBackground()
  for (const times of [1, 2]) {
    const [row] = await deliveries(failed(times))
    assert.equal(row!.last_error, 'The receiver answered 500.')
    const { body } = await admin.call('get_webhook')
    const { last_status, waiting } = body.webhook
    assert.deepEqual([last_status, waiting], [500, 1], JSON.stringify(body))
    await dueIn(-1, [row!.id])
    await owner.call('set_webhook', { url: receiver.url, is_active: true })
  }
  const [row] = await deliveries(delivered)
  assert.deepEqual([row!.attempts, row!.last_status, row!.last_error], [3, 200, null])
  assert.equal(receiver.seen.length, 3)
  assert.equal(new Set(receiver.seen.map(({ id, body }) => id + body)).size, 1)
  for (const request of receiver.seen) assert.ok(isSigned(request, secret))
  const { body } = await admin.call('get_webhook')
  assert.deepEqual([body.webhook.waiting, body.webhook.last_error], [0, null])
})

Deno.test(`by two processes: ${promises.delivered_or_given_up}`, async () => {
  await newWebhook()
  const other = await startSecondFunction()
  const there = (action: string, input: Record<string, unknown>) =>
    other.call(member, action, input)
  try {
    receiver.answer(500)
    for (let calls = 0; calls < 10; calls++) await callInBackground()
    const tried = ({ attempts, leased_until }: Delivery) => attempts > 0 && leased_until === null
    const ids = (await deliveries(tried, 10)).map(({ id }) => id)
    await dueIn(3_600, ids)
    receiver.forget()
    receiver.answer(200)

    // The other process sends three, and hears nothing yet; this one takes the next two, and not those.
    receiver.hold()
    await dueIn(-1, ids.slice(0, 2))
    await callInBackground(there)
    await receiver.arrived(3)
    await dueIn(-1, ids.slice(2, 4))
    await callInBackground()
    await receiver.arrived(5)
    receiver.release()

    const again = { url: receiver.url, is_active: true }
    await Promise.all([
      owner.call('set_webhook', again),
      other.call(owner, 'set_webhook', again),
    ])
    const all = await deliveries(delivered, 12)
    assert.equal(receiver.seen.length, 12)
    assert.deepEqual(
      receiver.seen.map(({ id }) => id).toSorted(),
      all.map(({ id }) => id).toSorted(),
    )
  } finally {
    receiver.release()
    await other.stop()
  }
})

Deno.test('a redirect is not followed, not even to the receiver itself', async () => {
  await newWebhook()
  for (const status of [302, 307, 308]) {
    receiver.answer(status)
    const { body } = await owner.call('test_webhook')
    assert.deepEqual([body.delivered, body.status], [false, status])
    assert.match(body.message, /Redirects are not followed/)
  }
  assert.deepEqual(receiver.seen.map(({ path }) => path), ['/hook', '/hook', '/hook'])
})

Deno.test('an address inside is refused when it is set, and nothing is kept of it', async () => {
  await newWebhook()
  const { port } = new URL(receiver.url)
  const refused = [
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hook',
    'https://metadata.google.internal/',
    `http://localhost:${port}/hook`,
    'http://example.com/hook',
    'https://example.com:8443/hook',
    'https://user:password@example.com/hook',
    'file:///etc/passwd',
    'not an address',
  ]
  for (const url of refused) {
    const { status, body } = await owner.call('set_webhook', { url })
    assert.equal(status, 400, url)
    assert.equal(body.error.details[0].path, 'url', url)
  }
  assert.equal((await owner.call('get_webhook')).body.webhook.url, receiver.url)
})

Deno.test(promises.webhook_secret_once, async () => {
  const secret = await newWebhook()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  await callInBackground()
  await deliveries(delivered)
  const told = [
    await owner.call('get_webhook'),
    await owner.call('set_webhook', { url: receiver.url }),
    await owner.call('set_webhook', { url: receiver.url, is_active: false }),
    await owner.call('test_webhook'),
    await owner.rest(`team_webhooks?select=*`),
    await owner.rest(`team_webhooks?select=encrypted_value`),
    await owner.rest(`webhook_deliveries?${ofTeam}`),
    await stack.asService(`team_webhooks?${ofTeam}`),
    await stack.asService(`webhook_deliveries?${ofTeam}`),
  ]
  assert.deepEqual(told.map(({ status }) => status), [200, 200, 200, 200, 403, 403, 200, 200, 200])
  assert.equal(told[1]!.body.secret, undefined)
  const log = await Deno.readTextFile(`${stack.folder}/logs/function.log`)
  const everywhere = JSON.stringify([told.map(({ body }) => body), log, receiver.seen])
  assert.ok(!everywhere.includes(secret.slice('whsec_'.length)))
  assert.equal((await member.rest('team_webhooks?select=url')).body.length, 0)
})

Deno.test('a new secret ends the old one, and another address gets its own', async () => {
  const old = await newWebhook()
  const again = { url: receiver.url, rotate: true }
  const { secret } = (await owner.call('set_webhook', again)).body
  await owner.call('test_webhook')
  const moved = (await owner.call('set_webhook', { url: `${receiver.url}/new` })).body.secret
  await owner.call('test_webhook')
  const [first, second] = receiver.seen
  assert.deepEqual([old, secret, moved].map((one) => isSigned(first!, one)), [false, true, false])
  assert.deepEqual([old, secret, moved].map((one) => isSigned(second!, one)), [false, false, true])
  assert.equal(second!.path, '/hook/new')
})

Deno.test('trying a webhook out says how it went, whatever the receiver does', async () => {
  const secret = await newWebhook()
  const test = async () => (await admin.call('test_webhook')).body
  // Its answer has no end: nothing of it is waited for.
  assert.deepEqual(await test(), {
    delivered: true,
    status: 200,
    message: 'The receiver answered 200.',
  })
  assert.ok(isSigned(receiver.seen[0]!, secret))
  const { type, data } = webhookEvent.parse(JSON.parse(receiver.seen[0]!.body))
  assert.deepEqual([type, data], ['webhook.test', { team_id: stack.teams.Acme }])
  receiver.answer(503)
  assert.deepEqual(await test(), {
    delivered: false,
    status: 503,
    message: 'The receiver answered 503.',
  })
  const gone = startReceiver()
  await gone.stop()
  await owner.call('set_webhook', { url: gone.url })
  assert.deepEqual(await test(), {
    delivered: false,
    status: null,
    message: 'Nothing answers at the server’s address.',
  })
  await owner.call('set_webhook', { url: null })
  assert.equal((await admin.call('test_webhook')).status, 404)
})

Deno.test('a receiver that wants no more switches the webhook off, and an admin on again', async () => {
  await newWebhook()
  receiver.answer(410, 200)
  await callInBackground()
  const [row] = await deliveries(({ gave_up_at }) => gave_up_at !== null)
  assert.equal(row!.attempts, 1)
  const { webhook } = (await owner.call('get_webhook')).body
  assert.deepEqual([webhook.is_active, webhook.last_status, webhook.given_up], [false, 410, 1])
  // Ended while it was off: one that is still under way would be told of.
  await untilRow(await callInBackground(), isOver)
  const on = await owner.call('set_webhook', { url: receiver.url, is_active: true })
  assert.equal(on.body.webhook.is_active, true)
  const execution_id = await callInBackground()
  await receiver.arrived(2)
  assert.equal(JSON.parse(receiver.seen[1]!.body).data.execution_id, execution_id)
})
