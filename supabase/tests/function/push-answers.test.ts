// Answers from notifications, from outside: as the person could answer in the app, once, and nobody else.
import assert from 'node:assert/strict'
import type { App } from '../../functions/mcp-client/app.ts'
import { sealAnswer } from '../../functions/mcp-client/push-token.ts'
import { promises } from '../promises.ts'
import {
  answer,
  approvalOf,
  askAdmin,
  calls,
  device,
  join,
  leave,
  message,
  messageOn,
  propose,
  service,
} from './push-ground.ts'
import { isOver, people, stack, stored, untilRow } from './the-stack.ts'

const { owner, admin, member, stranger } = people

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

Deno.test('an answer is over when its question is, and one that was sealed elsewhere is none', async () => {
  const { id: device_id } = await device(member)
  const before = calls()
  const { id: approval_id, execution_id } = await propose(member)
  const kept = JSON.parse(await Deno.readTextFile(`${stack.folder}/secrets.json`))
  const [version, key] = kept.credential_keys.split(':')
  const sealed = (expires_in_ms: number, bytes: Uint8Array<ArrayBuffer>) => {
    const settings = { credentialKeys: [{ version: Number(version), bytes }] }
    return sealAnswer({ settings } as App, {
      approval_id,
      device_id,
      team_id: stack.teams.Acme!,
      user_id: member.user_id,
      decision: 'approve',
      expires_at: new Date(Date.now() + expires_in_ms).toISOString(),
    })
  }
  const ours = Uint8Array.from(atob(key), (char) => char.charCodeAt(0))
  assert.equal((await answer(await sealed(60_000, new Uint8Array(32)))).status, 401)
  const late = await answer(await sealed(-1, ours))
  assert.deepEqual([late.status, late.body.error.code], [409, 'conflict'])
  assert.equal((await stored(execution_id)).status, 'awaiting_approval')
  assert.equal(calls(), before)
  assert.equal((await answer(await sealed(60_000, ours))).status, 200)
  await untilRow(execution_id, isOver)
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
