// Devices from outside: what reaches a push service can be read by its device alone and says who sent it, and a
// notification answers as its person could in the app, once.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import type { Person } from '../running-stack.ts'
import { startModern } from '../upstreams/modern.ts'
import {
  type Browser,
  openPush,
  senderOf,
  startPushService,
  startSubscription,
} from '../upstreams/push-service.ts'
import { addServer, isOver, people, stack, stored, syncAndAllow, untilRow } from './the-stack.ts'

const { owner, admin, member, stranger } = people
const upstream = startModern()
const service = startPushService()
Deno.test.afterAll(async () => {
  for (const one of [owner, admin, member]) await forgetDevices(one)
  await Promise.all([upstream.stop(), service.stop()])
})
const server_id = await addServer(upstream.url, { name: 'Push room' })
await syncAndAllow(server_id)
const calls = () => upstream.recorder.count('tools/call')

async function rule(policy: string): Promise<void> {
  const tool_names = ['echo', 'add']
  const { status } = await owner.call('set_tool_policy', { server_id, tool_names, policy })
  assert.equal(status, 200)
}

async function forgetDevices(person: Person): Promise<void> {
  const { body } = await person.call('get_push')
  for (const { id } of body.devices) await person.call('remove_device', { device_id: id })
}

/** A person with a device, no one with another, and nothing on its way. */
async function device(person: Person, browser?: Browser) {
  // One that is given may be somebody's: it is taken from them as it is.
  for (const one of browser ? [person] : [owner, admin, member]) await forgetDevices(one)
  return await deviceAt(person, browser ?? service.subscribe())
}

async function deviceAt(person: Person, browser: Browser) {
  service.forget()
  service.answer(201)
  const added = await person.call('add_device', { ...browser.subscription, label: 'A phone' })
  assert.equal(added.status, 200, JSON.stringify(added.body))
  return { browser, id: added.body.device.id as string }
}

/** What arrived as the so-manieth, opened by its browser. */
async function message(browser: Browser, count: number) {
  return openPush(browser, (await service.arrived(count)).body)
}

/** The so-manieth word on one call: calls of before may come up again too. */
async function messageOn(execution_id: string, browser: Browser, nth = 1) {
  for (let count = 1;; count++) {
    const said = await message(browser, count)
    if (said.tag === execution_id && --nth === 0) return said
  }
}

/** Asks in the chat, where the router proposes the call: nobody has approved it. */
async function propose(person: Person, text = 'shown') {
  await rule('ask')
  const words = `please could somebody echo of push room says text="${text}" for us`
  const turn = {
    chat_id: crypto.randomUUID(),
    message: { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: words }] },
  }
  const bearer = { Authorization: `Bearer ${person.token}` }
  assert.equal((await stack.post(JSON.stringify(turn), bearer, '/chat')).status, 200)
  const { body } = await stack.asService(
    `mcp_approvals?user_id=eq.${person.user_id}&decision=is.null&order=asked_at.desc&limit=1`,
  )
  return { ...body[0] as { id: string; execution_id: string }, chat_id: turn.chat_id }
}

/** A call of a member’s that an admin has to approve. */
async function askAdmin(parameters: Record<string, unknown>) {
  await rule('ask_admin')
  const call = { server_id, tool_name: 'echo', parameters, mode: 'async' }
  const { body } = await member.call('call_tool', call)
  assert.equal(body.status, 'awaiting_approval', JSON.stringify(body))
  return body.execution_id as string
}

const answer = (token: unknown, decision: unknown = 'approve') =>
  stack.post(JSON.stringify({ token, decision }), {}, '/push/answer')

async function approvalOf(execution_id: string) {
  const { body } = await stack.asService(`mcp_approvals?execution_id=eq.${execution_id}`)
  return body[0]
}

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
    for (let tries = 0; tries < 400; tries++) {
      if ((await stack.asService(`devices?id=eq.${id}`)).body.length === 0) break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
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

Deno.test(promises.device_answers_as_its_person, async () => {
  const { browser } = await device(member)
  const before = calls()
  const { execution_id } = await propose(member)
  const { answers } = await message(browser, 1)

  const approved = await answer(answers!.approve)
  assert.equal(approved.status, 200, JSON.stringify(approved.body))
  assert.equal(approved.body.message.title, 'Approved: echo is running')
  assert.equal(approved.body.message.tag, execution_id)
  assert.equal((await untilRow(execution_id, isOver)).status, 'success')
  assert.equal(calls(), before + 1)
  const { decision, decided_by, via } = await approvalOf(execution_id)
  assert.deepEqual([decision, decided_by, via], ['approved', member.user_id, 'notification'])
  const end = await message(browser, 2)
  assert.deepEqual([end.tag, end.title, end.asks], [execution_id, 'echo is done', false])
  assert.match(end.body, /Echo: shown/)

  for (const [token, said] of [[answers!.approve, 'approve'], [answers!.reject, 'reject']]) {
    const { status, body } = await answer(token, said)
    assert.deepEqual([status, body.error.code], [409, 'conflict'])
  }
  assert.equal(calls(), before + 1)
})

Deno.test('a call that is rejected from its notification never runs', async () => {
  const { browser } = await device(member)
  const before = calls()
  const { execution_id } = await propose(member)
  const { answers } = await message(browser, 1)
  const { status, body } = await answer(answers!.reject, 'reject')
  assert.deepEqual([status, body.status, body.message.title], [200, 'denied', 'echo did not run'])
  assert.deepEqual((await stored(execution_id)).error_code, 'rejected')
  assert.equal(calls(), before)
  assert.equal((await approvalOf(execution_id)).via, 'notification')
})

Deno.test('an answer that is not exactly what was sent opens nothing', async () => {
  const { browser } = await device(member)
  const before = calls()
  const { execution_id } = await propose(member)
  const { approve, reject } = (await message(browser, 1)).answers!
  const bearer = { Authorization: `Bearer ${member.token}` }
  const [version, sealed] = approve.split('.') as [string, string]
  const flipped = sealed[9] === 'A' ? 'B' : 'A'
  const tampered = [
    `${version}.${sealed.slice(0, 9)}${flipped}${sealed.slice(10)}`,
    `${version}.${sealed.slice(0, -4)}`,
    `${Number(version) + 1}.${sealed}`,
    sealed,
    'x',
    execution_id,
    // Sealed with the same key for another place.
    `${version}.${
      (await stack.asService(`mcp_execution_waits?execution_id=eq.${execution_id}`)).body[0]
        .encrypted_value
    }`,
  ]
  for (const token of tampered) {
    const { status, body } = await answer(token)
    assert.deepEqual([status, body.error.code], [401, 'unauthenticated'], token)
  }
  assert.equal((await answer(approve, 'reject')).status, 403)
  assert.equal((await answer(reject, 'approve')).status, 403)
  for (const token of ['', 'x'.repeat(1_025), 7, null, { $ne: '' }]) {
    assert.equal((await answer(token)).status, 400, String(token))
  }
  assert.equal((await answer(approve, 'always')).status, 400)
  const oversized = JSON.stringify({ token: approve, decision: 'approve', more: 'x'.repeat(5_000) })
  assert.equal((await stack.post(oversized, {}, '/push/answer')).status, 413)
  const more = { token: approve, decision: 'approve', parameters: { text: 'other' } }
  assert.equal((await stack.post(JSON.stringify(more), {}, '/push/answer')).status, 400)
  // It opens this door only.
  const input = { approval_id: approve, decision: 'approve' }
  assert.equal((await stranger.call('answer_approval', input)).status, 400)
  assert.equal((await stack.post('{}', { ...bearer, apikey: approve }, '/tick')).status, 401)
  assert.equal((await stored(execution_id)).status, 'awaiting_approval')
  assert.equal(calls(), before)
  await member.call('cancel_execution', { execution_id })
})

Deno.test('an answer ends with its time, its device and its person’s membership', async () => {
  const { browser, id } = await device(member)
  const before = calls()
  const late = await propose(member)
  const lateToken = (await message(browser, 1)).answers!.approve
  await stack.asService(`mcp_tool_executions?id=eq.${late.execution_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ lease_expires_at: new Date(Date.now() - 1_000).toISOString() }),
  })
  assert.equal((await answer(lateToken)).status, 409)

  service.forget()
  const removed = await propose(member)
  const removedToken = (await message(browser, 1)).answers!.approve
  await member.call('remove_device', { device_id: id })
  assert.equal((await answer(removedToken)).status, 404)
  // The browser of before, switched on anew, is another device.
  await device(member, browser)
  assert.equal((await answer(removedToken)).status, 404)

  const left = await stack.signUp(`leaving-${crypto.randomUUID()}@acme.test`)
  await join(left)
  const theirs = await device(left)
  const waiting = await propose(left)
  const leftToken = (await message(theirs.browser, 1)).answers!.approve
  await leave(left)
  assert.equal((await answer(leftToken)).status, 404)
  assert.equal(calls(), before)
  for (const { execution_id } of [late, removed, waiting]) {
    assert.notEqual((await approvalOf(execution_id)).decision, 'approved')
  }
  await member.call('cancel_execution', { execution_id: removed.execution_id })
})

Deno.test('a browser that another person signs in at answers for nobody but them', async () => {
  const { browser } = await device(member)
  const { execution_id } = await propose(member)
  const { approve } = (await message(browser, 1)).answers!
  await device(admin, browser)
  assert.deepEqual((await member.call('get_push')).body.devices, [])
  assert.equal((await answer(approve)).status, 404)
  await member.call('cancel_execution', { execution_id })
})

Deno.test(`to whom it may concern: ${promises.whole_or_not_at_all}`, async () => {
  const { browser } = await device(owner)
  const whole = await askAdmin({ text: 'all of it' })
  const shown = await messageOn(whole, browser)
  assert.match(shown.body, /^In Push room, for .+\ntext: "all of it"$/)
  const approved = await answer(shown.answers!.approve)
  assert.equal(approved.status, 200, JSON.stringify(approved.body))
  assert.equal((await untilRow(whole, isOver)).status, 'success')
  assert.match((await messageOn(whole, browser, 2)).title, /echo is done/)

  const concealed: [string, Record<string, unknown>][] = [
    ['too long', { text: 'x'.repeat(300) }],
    ['redacted', { text: 'short', token: 'a-secret-value' }],
    ['invisible', { text: 'ada\u200B' }],
  ]
  for (const [what, parameters] of concealed) {
    service.forget()
    const execution_id = await askAdmin(parameters)
    const said = await messageOn(execution_id, browser)
    assert.deepEqual([said.tag, said.asks, said.answers], [execution_id, true, undefined], what)
    assert.ok(!JSON.stringify(said).includes('a-secret-value'))
    await member.call('cancel_execution', { execution_id })
    await messageOn(execution_id, browser, 2)
  }
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

async function join(person: Person): Promise<void> {
  const { status } = await stack.asService('team_members', {
    method: 'POST',
    body: JSON.stringify({
      team_id: stack.teams.Acme,
      user_id: person.user_id,
      role: 'member',
    }),
  })
  assert.equal(status, 201)
}

async function leave(person: Person): Promise<void> {
  const path = `team_members?team_id=eq.${stack.teams.Acme}&user_id=eq.${person.user_id}`
  assert.equal((await stack.asService(path, { method: 'DELETE' })).status, 204)
}

type Push = { attempts: number; leased_until: string | null; sent_at: string | null }

async function untilPush(device_id: string, holds: (push: Push) => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const { body } = await stack.asService(`pushes?device_id=eq.${device_id}`)
    if (body.length === 1 && holds(body[0])) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the push never came to that')
}
