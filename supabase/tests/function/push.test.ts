// Devices from outside: what reaches a push service can be read by its device alone and says who sent it; what
// does not arrive is tried again, and what is over is taken back.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { openPush, senderOf, startSubscription } from '../upstreams/push-browser.ts'
import { device, message, propose, rule, server_id, service, untilPush } from './push-ground.ts'
import { people, stack, untilRows } from './the-stack.ts'

const { owner, member } = people

Deno.test(promises.push_for_its_device, async () => {
  const { browser } = await device(member)
  const { execution_id, chat_id } = await propose(member)
  const arrived = await service.arrived(1)
  const said = openPush(browser, arrived.body)
  assert.deepEqual({ ...said, sent_at: '', answers: Object.keys(said.answers!) }, {
    tag: execution_id,
    title: 'Run echo?',
    body: 'In Push room\ntext: "shown"',
    url: `/chat/${chat_id}?team=${stack.teams.Acme}`,
    quiet: false,
    asks: true,
    sent_at: '',
    answers: ['approve', 'reject'],
  })
  // Nobody else: not another browser at the same address, not with one bit changed.
  const other = startSubscription(browser.subscription.endpoint)
  assert.throws(() => openPush(other, arrived.body))
  const secret = { ...browser, secrets: { ...browser.secrets, auth: other.secrets.auth } }
  assert.throws(() => openPush(secret, arrived.body))
  for (const at of [0, 30, 90, arrived.body.length - 1]) {
    const changed = arrived.body.slice()
    changed[at]! ^= 1
    assert.throws(() => openPush(browser, changed))
  }
  const { public_key } = (await member.call('get_push')).body
  const sender = senderOf(arrived.headers.get('authorization'))
  assert.deepEqual([sender.key, sender.aud], [
    public_key,
    new URL(browser.subscription.endpoint).origin,
  ])
  assert.match(sender.sub, /^mailto:/)
  const lasts = sender.exp - Date.now() / 1_000
  assert.ok(lasts > 0 && lasts <= 24 * 3_600, String(lasts))
  const forged = arrived.headers.get('authorization')!.replace(/\.[\w-]{4}/, '.eyJi')
  assert.throws(() => senderOf(forged))
  const ttl = Number(arrived.headers.get('ttl'))
  assert.ok(ttl > 3_000 && ttl <= 3_600, String(ttl))
  assert.equal(arrived.headers.get('urgency'), 'high')
  assert.ok(!new TextDecoder().decode(arrived.body).includes('echo'))
  await member.call('cancel_execution', { execution_id })
})

Deno.test('no answer shows where a device is reached or what encrypts for it', async () => {
  const { browser, id } = await device(member)
  const { endpoint, keys } = browser.subscription
  const answers = [
    await member.call('get_push'),
    await member.call('test_device', { device_id: id }),
    await member.rest('devices?select=id,label,created_at,reached_at'),
  ]
  for (const { status, body } of answers) {
    assert.equal(status, 200)
    for (const secret of [endpoint, keys.p256dh, keys.auth]) {
      assert.ok(!JSON.stringify(body).includes(secret))
    }
  }
  assert.equal(answers[2]!.body.length, 1)
  for (const column of ['endpoint', 'p256dh', 'auth', '*']) {
    assert.equal((await member.rest(`devices?select=${column}`)).status, 403, column)
  }
  assert.deepEqual((await owner.rest('devices?select=id&id=eq.' + id)).body, [])
  assert.deepEqual((await owner.call('remove_device', { device_id: id })).body, { removed: false })
  assert.equal((await owner.call('test_device', { device_id: id })).status, 404)
  assert.equal((await message(browser, 1)).title, 'Astra reaches this device')
})

Deno.test('an address that Astra would not call, or keys that are none, are refused', async () => {
  const { endpoint, keys } = service.subscribe().subscription
  const bad: [string, unknown][] = [
    ['http://10.0.0.1/push', keys],
    ['http://push.example/abc', keys],
    ['https://user:secret@push.example/abc', keys],
    ['file:///etc/passwd', keys],
    ['not an address', keys],
    [`${endpoint}/ä`, keys],
    [endpoint, { ...keys, auth: 'AAAA' }],
    [endpoint, { ...keys, p256dh: 'B'.repeat(87) }],
    [endpoint, { ...keys, p256dh: keys.auth }],
    [endpoint, { p256dh: keys.p256dh }],
  ]
  for (const [to, given] of bad) {
    const input = { endpoint: to, keys: given, label: 'x' }
    const { status, body } = await member.call('add_device', input)
    assert.deepEqual([status, body.error.code], [400, 'invalid_request'], to)
    assert.ok(!JSON.stringify(body).includes(keys.auth))
  }
})

Deno.test(`tried again: ${promises.push_sent_or_given_up}`, async () => {
  const { browser, id } = await device(member)
  service.answer(503, 429, 201)
  const { execution_id } = await propose(member)
  const row = async () =>
    (await stack.asService(`pushes?device_id=eq.${id}&execution_id=eq.${execution_id}`)).body[0]
  for (const attempt of [1, 2]) {
    await service.arrived(attempt)
    await untilPush(id, (push) => push.attempts === attempt && push.leased_until === null)
    assert.ok(Date.parse((await row()).next_at) > Date.now() + 6_000)
    await stack.asService(`pushes?device_id=eq.${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ next_at: new Date().toISOString() }),
    })
    assert.ok((await stack.tick()).body.pushes_tried >= 1)
  }
  await untilPush(id, (push) => push.sent_at !== null)
  const told = await Promise.all([1, 2, 3].map((count) => message(browser, count)))
  assert.deepEqual(new Set(told.map(({ tag }) => tag)), new Set([execution_id]))
  await member.call('cancel_execution', { execution_id })
})

Deno.test('a device that its push service knows no more is forgotten', async () => {
  for (const status of [404, 410]) {
    const { id } = await device(member)
    service.answer(status)
    const { execution_id } = await propose(member)
    await service.arrived(1)
    await untilRows(`devices?id=eq.${id}`, (rows) => rows.length === 0)
    assert.deepEqual((await member.call('get_push')).body.devices, [], String(status))
    await member.call('cancel_execution', { execution_id })
  }
})

Deno.test('a push service that redirects is not followed', async () => {
  const { id } = await device(member)
  service.answer(307)
  const { body } = await member.call('test_device', { device_id: id })
  assert.equal(body.taken, false)
  assert.deepEqual(service.seen.map(({ path }) => path.startsWith('/push/')), [true])
})

Deno.test(promises.answered_is_taken_back, async () => {
  const { browser } = await device(member)
  const { id: approval_id, execution_id } = await propose(member)
  await service.arrived(1)
  await member.call('answer_approval', { approval_id, decision: 'reject' })
  const settled = await message(browser, 2)
  assert.deepEqual([settled.tag, settled.quiet, settled.asks], [execution_id, true, false])
  assert.equal(settled.answers, undefined)
  const [asked, taken] = service.seen.map(({ headers }) => headers.get('topic'))
  assert.equal(asked, taken)
})

Deno.test('the end of a call in the background is told, and of one that somebody waits for it is not', async () => {
  const { browser } = await device(member)
  await rule('allow')
  const call = { server_id, tool_name: 'echo', parameters: { text: 'far away' } }
  assert.equal((await member.call('call_tool', call)).body.status, 'success')
  const { execution_id } = (await member.call('call_tool', { ...call, mode: 'async' })).body
  const said = await message(browser, 1)
  assert.deepEqual([said.tag, said.title], [execution_id, 'echo is done'])
  assert.equal((await service.arrived(1)).headers.get('urgency'), 'normal')
})

Deno.test('a browser that gets another subscription moves by showing the old one', async () => {
  const { browser, id } = await device(member)
  const next = service.subscribe()
  const move = (auth: string, now = next.subscription) =>
    stack.post(
      JSON.stringify({ old: { endpoint: browser.subscription.endpoint, auth }, now }),
      {},
      '/push/moved',
    )
  const { auth } = browser.subscription.keys
  const guess = startSubscription('https://x.example').subscription.keys.auth
  // What exists is nobody's to learn: a wrong guess is answered as a right one.
  const answers = [await move(guess), await move(auth)]
  for (const { status, body } of answers) assert.deepEqual([status, body], [200, { ok: true }])
  assert.equal(
    (await move(auth, { ...next.subscription, endpoint: 'http://10.0.0.1/' })).status,
    400,
  )
  await member.call('test_device', { device_id: id })
  assert.equal((await message(next, 1)).title, 'Astra reaches this device')
})
