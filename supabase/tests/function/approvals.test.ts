// Approvals from outside: a call that nobody approved waits, is answered once by whoever it is for, and
// runs with exactly what was shown, or with what it was changed to. Nothing reaches the server before.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import type { Person } from '../running-stack.ts'
import { startModern } from '../upstreams/modern.ts'
import { startSecondFunction } from './second-function.ts'
import { addServer, isOver, people, stack, stored, syncAndAllow, untilRow } from './the-stack.ts'

const { owner, admin, member, analyst, stranger } = people
const upstream = startModern()
globalThis.addEventListener('unload', () => void upstream.stop())
/** Named in what people write: other servers have a tool of this name too. */
const server_id = await addServer(upstream.url, { name: 'Waiting room' })
await syncAndAllow(server_id)

const calls = () => upstream.recorder.count('tools/call')

async function rule(policy: string, more: Record<string, unknown> = {}): Promise<void> {
  const ruled = await owner.call('set_tool_policy', {
    server_id,
    tool_names: ['echo', 'add'],
    policy,
    ...more,
  })
  assert.equal(ruled.status, 200, JSON.stringify(ruled.body))
}

/** Asks in the chat, where the router proposes the call: nobody has approved it. Gives what waits. */
async function propose(
  person: Person,
  text = 'echo',
): Promise<{ id: string; execution_id: string }> {
  await rule('ask')
  const chat_id = crypto.randomUUID()
  const message = {
    id: crypto.randomUUID(),
    role: 'user',
    parts: [{
      type: 'text',
      text: `please could somebody ${text} of waiting room says text="shown" for us`,
    }],
  }
  const asked = await stack.post(
    JSON.stringify({ chat_id, message }),
    { Authorization: `Bearer ${person.token}` },
    '/chat',
  )
  assert.equal(asked.status, 200)
  const { body } = await stack.asService(
    `mcp_approvals?user_id=eq.${person.user_id}&decision=is.null&order=asked_at.desc&limit=1`,
  )
  assert.equal(body.length, 1, JSON.stringify(asked.body))
  return body[0]
}

/** An admin's tool, called by a member. */
async function askAdmin(parameters: Record<string, unknown> = { text: 'shown' }) {
  await rule('ask_admin')
  const { status, body } = await member.call('call_tool', {
    server_id,
    tool_name: 'echo',
    parameters,
  })
  assert.equal(status, 200)
  assert.equal(body.status, 'awaiting_approval', JSON.stringify(body))
  return body
}

Deno.test(promises.ask_needs_a_person + ': what a chat proposes waits', async () => {
  const before = calls()
  const { id, execution_id } = await propose(member)
  assert.equal(calls(), before)
  assert.equal((await stored(execution_id)).status, 'awaiting_approval')
  const { body } = await member.call('answer_approval', { approval_id: id, decision: 'approve' })
  assert.equal(body.status, 'success', JSON.stringify(body))
  assert.match(body.result.content[0].text, /Echo: shown/)
  assert.equal(calls(), before + 1)
  const row = await stored(execution_id)
  assert.deepEqual([row.status, row.approval], ['success', 'self'])
})

Deno.test(promises.approval_once + ', from any device', async () => {
  const { id: approval_id } = await propose(member)
  const before = calls()
  const answers = await Promise.all(
    Array.from(
      { length: 8 },
      () => member.call('answer_approval', { approval_id, decision: 'approve' }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [
    200,
    ...Array(7).fill(409),
  ])
  assert.equal(calls(), before + 1)
  const again = await member.call('answer_approval', { approval_id, decision: 'reject' })
  assert.equal(again.status, 409)
})

Deno.test(promises.approval_of_its_person + ', not even by an admin', async () => {
  const before = calls()
  const { id: approval_id, execution_id } = await propose(member)
  for (const other of [owner, admin, analyst, stranger]) {
    for (const decision of ['approve', 'reject']) {
      const { status } = await other.call('answer_approval', { approval_id, decision })
      assert.equal(status, 404, other.email)
    }
  }
  assert.equal((await stored(execution_id)).status, 'awaiting_approval')
  const rejected = await member.call('answer_approval', { approval_id, decision: 'reject' })
  assert.deepEqual([rejected.body.status, rejected.body.error.code], ['denied', 'rejected'])
  assert.equal(calls(), before)
})

Deno.test('an edited call is checked like any other, and runs as it was changed', async () => {
  const { id: approval_id, execution_id } = await propose(member)
  const before = calls()
  const edit = (parameters: unknown) =>
    member.call('answer_approval', { approval_id, decision: 'approve', parameters })
  const bad = await edit({ text: 7 })
  assert.equal(bad.status, 400)
  assert.equal(bad.body.error.details[0].path, 'parameters.text')
  assert.equal(calls(), before)
  const { body } = await edit({ text: 'changed' })
  assert.match(body.result.content[0].text, /Echo: changed/)
  const row = await stored(execution_id)
  assert.deepEqual(row.input_parameters, { text: 'changed' })
  const { body: entries } = await stack.asService(`mcp_approvals?id=eq.${approval_id}`)
  assert.deepEqual([entries[0].decision, entries[0].edited], ['approved', true])
})

Deno.test(promises.admin_approves, async () => {
  const before = calls()
  const { execution_id, approval } = await askAdmin()
  assert.equal(approval.needs, 'admin')
  const { approval_id } = approval
  const own = await member.call('answer_approval', { approval_id, decision: 'approve' })
  assert.deepEqual([own.status, own.body.error.details.reason], [403, 'needs_admin'])
  assert.equal(calls(), before)
  const { body } = await admin.call('answer_approval', { approval_id, decision: 'approve' })
  assert.equal(body.status, 'running')
  const row = await untilRow(execution_id, isOver)
  assert.deepEqual([row.status, row.approval, row.user_id], ['success', 'admin', member.user_id])
  assert.equal(calls(), before + 1)
  const direct = await admin.call('call_tool', {
    server_id,
    tool_name: 'echo',
    parameters: { text: 'an admin' },
  })
  assert.equal(direct.body.status, 'success')
})

Deno.test('a call that waits for an admin is taken back by its own person', async () => {
  const { execution_id, approval } = await askAdmin()
  const { body } = await member.call('cancel_execution', { execution_id })
  assert.equal(body.status, 'cancelled')
  const { approval_id } = approval
  const late = await admin.call('answer_approval', { approval_id, decision: 'approve' })
  assert.equal(late.status, 409)
  assert.equal((await stored(execution_id)).status, 'cancelled')
})

Deno.test('what is shown redacted goes out as it was, unless it is changed', async () => {
  await rule('ask_admin')
  const secret = `token-${crypto.randomUUID()}`
  const { execution_id, approval } = await askAdmin({ text: 'shown', token: secret })
  const row = await stored(execution_id)
  assert.deepEqual(row.input_parameters, { text: 'shown', token: '[redacted]' })
  const edited = await admin.call('answer_approval', {
    approval_id: approval.approval_id,
    decision: 'approve',
    parameters: { text: 'edited', token: '[redacted]' },
  })
  assert.equal(edited.status, 200, JSON.stringify(edited.body))
  await untilRow(execution_id, isOver)
  const sent = upstream.recorder.seen.findLast(({ rpc }) => rpc === 'tools/call')!
  assert.deepEqual(sent.params!.arguments, { text: 'edited', token: secret })
  const { body } = await stack.asService(`mcp_tool_executions?id=eq.${execution_id}`)
  assert.ok(!JSON.stringify(body[0].input_parameters).includes(secret))
})

Deno.test('an approval survives the function, and is answered in another process', async () => {
  const { execution_id, approval } = await askAdmin()
  const second = await startSecondFunction()
  try {
    const { approval_id } = approval
    const { body } = await second.call(owner, 'answer_approval', {
      approval_id,
      decision: 'approve',
    })
    assert.equal(body.status, 'running')
    assert.equal((await untilRow(execution_id, isOver)).status, 'success')
  } finally {
    await second.stop()
  }
})

Deno.test('“always for me” is the last question, for this person, until an admin takes it back', async () => {
  await rule('ask', { allows_always: true })
  const { id: approval_id } = await propose(member)
  const before = calls()
  await member.call('answer_approval', { approval_id, decision: 'approve', always: true })
  const chat = async (person: Person) => {
    const message = {
      id: crypto.randomUUID(),
      role: 'user',
      parts: [{
        type: 'text',
        text: 'please could somebody echo of waiting room says text="again" for us',
      }],
    }
    const body = JSON.stringify({ chat_id: crypto.randomUUID(), message })
    return await stack.post(body, { Authorization: `Bearer ${person.token}` }, '/chat')
  }
  await chat(member)
  assert.equal(calls(), before + 2, 'it ran unasked')
  await chat(admin)
  assert.equal(calls(), before + 2, 'someone else is asked')
  await rule('ask', { allows_always: false })
  await chat(member)
  assert.equal(calls(), before + 2, 'the admin took it back')
})

Deno.test('only admins rule, on tools that are there', async () => {
  const names = { server_id, tool_names: ['echo'], policy: 'allow' }
  for (const [person, status] of [[member, 403], [analyst, 403], [stranger, 404]] as const) {
    assert.equal((await person.call('set_tool_policy', names)).status, status, person.email)
  }
  const missing = await owner.call('set_tool_policy', { ...names, tool_names: ['echo', 'gone'] })
  assert.equal(missing.status, 404)
  assert.deepEqual(missing.body.error.details.missing, ['gone'])
})
