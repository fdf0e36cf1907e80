// The assistant goes on by itself once a call that had to wait has ended, whichever process sees it end.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startAskingModern, startAskingSessions } from '../upstreams/asking.ts'
import { openPush } from '../upstreams/push-browser.ts'
import { startPushService } from '../upstreams/pushes.ts'
import type { SecondFunction } from './second-function.ts'
import {
  calls,
  here,
  mia,
  model,
  noor,
  plays,
  rule,
  startFunction,
  team_id,
  there,
  upstream,
} from './studio.ts'
import { answerTo, ended, leaveAt, outputOf, rowsOf, untilNewest, wordsOf } from './talk.ts'
import { isOver, stack, untilRow, untilRows } from './the-stack.ts'

const uuid = () => crypto.randomUUID()

const tick = (at: SecondFunction) =>
  at.post('/tick', { headers: { apikey: stack.secret_key } }).then((answer) => answer.json())

/** An answer that waits for a yes: its chat, its row and what it waits for. */
async function waitingAnswer(to: SecondFunction, tool = 'echo') {
  const chat_id = uuid()
  await rule(tool, 'ask')
  plays(calls(tool, { text: 'hi' }))
  const answer = await answerTo(mia, { team_id, chat_id, text: 'say hi' }, to)
  const output = outputOf(answer)
  assert.equal(output.status, 'awaiting_approval')
  const kept = await ended(chat_id)
  assert.deepEqual([kept.id, kept.waits], [answer.id, true])
  const { approval_id } = output.approval!
  return { chat_id, answer_id: answer.id, approval_id, execution_id: output.execution_id! }
}

const decide = (at: SecondFunction, approval_id: string, decision: 'approve' | 'reject') =>
  at.call(mia, 'answer_approval', { team_id, approval_id, decision })

/** The one answer that goes on from this one, ended. */
async function goneOn({ chat_id, answer_id }: { chat_id: string; answer_id: string }) {
  const next = await untilNewest(
    chat_id,
    (row) => row.continues === answer_id && row.status !== 'streaming',
  )
  const rows = await rowsOf(chat_id)
  assert.equal(rows.filter((row: { continues: string }) => row.continues === answer_id).length, 1)
  assert.equal(rows.find(({ id }: { id: string }) => id === answer_id).waits, false)
  return next
}

/** What the model was last shown, on one line. */
const shown = () => JSON.stringify(model.asked.at(-1)!.body.messages)

Deno.test('an approved call runs, and the model goes on with its result', async () => {
  const waiting = await waitingAnswer(here)
  plays({ say: ['It said hi.'] })
  const { body } = await decide(here, waiting.approval_id, 'approve')
  assert.equal(body.status, 'success')
  const next = await goneOn(waiting)
  assert.deepEqual([next.status, wordsOf(next)], ['done', 'It said hi.'])
  assert.match(shown(), /say hi.*desk__echo.*Untrusted data from server.*hi/)
  assert.equal((model.asked.at(-1)!.body.messages as { role: string }[]).at(-1)?.role, 'tool')
  assert.equal(next.metadata.model.name, 'fake')
})

Deno.test(promises.goes_on_once, async () => {
  const mortal = await startFunction()
  const waiting = await waitingAnswer(mortal)
  await mortal.kill()
  const before = model.asked.length
  plays({ say: ['It said hi.'] })
  const decided = decide(there, waiting.approval_id, 'approve')
  // Whoever else looks for it meanwhile finds nothing to do, or finds it first.
  await Promise.all([decided, tick(here), tick(there)])
  const next = await goneOn(waiting)
  assert.equal(wordsOf(next), 'It said hi.')
  await Promise.all([tick(here), tick(there)])
  assert.equal(model.asked.length, before + 1)
})

Deno.test('of a call that was not approved the model says so', async () => {
  const waiting = await waitingAnswer(here)
  plays({ say: ['As you wish.'] })
  const { body } = await decide(there, waiting.approval_id, 'reject')
  assert.equal(body.status, 'denied')
  const next = await goneOn(waiting)
  assert.equal(wordsOf(next), 'As you wish.')
  assert.match(shown(), /This call was not approved, so it did not run/)
})

Deno.test('of a call that was rejected from its notification the model says so, too', async () => {
  const service = startPushService()
  const browser = service.subscribe()
  await here.call(mia, 'add_device', { team_id, ...browser.subscription, label: 'A phone' })
  const waiting = await waitingAnswer(here)
  const { answers } = openPush(browser, (await service.arrived(1)).body)
  await service.stop()
  plays({ say: ['As you wish.'] })
  const body = { token: answers!.reject, decision: 'reject' }
  const answered = await here.post('/push/answer', { headers: {}, body })
  assert.equal((await answered.json()).status, 'denied')
  assert.equal(wordsOf(await goneOn(waiting)), 'As you wish.')
})

Deno.test('a model that goes on may have to wait again, and goes on again', async () => {
  const first = await waitingAnswer(here)
  plays(calls('echo', { text: 'once more' }))
  await decide(here, first.approval_id, 'approve')
  const second = await goneOn(first)
  assert.equal(second.waits, true)
  plays({ say: ['Twice.'] })
  await decide(there, outputOf(second).approval!.approval_id, 'approve')
  const third = await goneOn({ ...first, answer_id: second.id })
  assert.equal(wordsOf(third), 'Twice.')
  assert.match(shown(), /say hi.*once more/)
})

for (
  const [era, start] of [
    ['a session', startAskingSessions],
    ['a stateless server', startAskingModern],
  ] as const
) {
  Deno.test(`${era}: once its question is answered, the model goes on with the result`, async () => {
    const server = start()
    const name = `Asking ${uuid().slice(0, 8)}`
    const config = { url: server.url }
    const added = await mia.call('add_server', { team_id, name, server_type: 'http', config })
    const server_id = added.body.server.id
    try {
      await mia.call('sync_tools', { team_id, server_id })
      await mia.call('set_tool_policy', {
        team_id,
        server_id,
        tool_names: ['book'],
        policy: 'allow',
        // Beside another server it would be asked for before it can ask anything itself.
        sends_out: false,
      })
      const chat_id = uuid()
      const key = `${name.toLowerCase().replace(' ', '_')}__book`
      plays({ calls: [{ id: 'b', name: key, input: {} }] })
      const answer = await answerTo(mia, { team_id, chat_id, text: 'book it' }, here)
      const { status, execution_id } = outputOf(answer)
      assert.equal(status, 'awaiting_input')
      plays({ say: ['Booked.'] })
      await ended(chat_id)
      const answered = { team_id, execution_id, answer: 'accept', content: { guests: 2 } }
      await there.call(mia, 'answer_input', answered)
      const next = await goneOn({ chat_id, answer_id: answer.id })
      assert.equal(wordsOf(next), 'Booked.')
      assert.match(shown(), /Status: success.*2026-12-24/)
    } finally {
      await mia.call('remove_server', { team_id, server_id })
      await server.stop()
    }
  })
}

Deno.test('what a dead process left is gone on from at a tick', async () => {
  const mortal = await startFunction()
  const waiting = await waitingAnswer(mortal, 'slow')
  const running = upstream.nextCall()
  const lost = decide(mortal, waiting.approval_id, 'approve').catch(() => null)
  await running
  await mortal.kill()
  await lost
  upstream.release()
  const { execution_id } = waiting
  await stack.asService(`mcp_tool_executions?id=eq.${execution_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ lease_expires_at: new Date(Date.now() - 1_000).toISOString() }),
  })
  plays({ say: ['It may have run.'] })
  await tick(here)
  await untilRow(execution_id, isOver)
  await tick(here)
  const next = await goneOn(waiting)
  assert.equal(wordsOf(next), 'It may have run.')
  assert.match(shown(), /Astra lost sight of this call/)
})

for (const [where, other] of [['the same process', here], ['another process', there]] as const) {
  Deno.test(`a call goes on in the background, told in ${where}; the model goes on when it has ended`, async () => {
    const chat_id = uuid()
    await rule('slow', 'allow')
    plays(calls('slow'))
    const running = upstream.nextCall()
    const answering = answerTo(mia, { team_id, chat_id, text: 'go' }, here)
    await running
    const { body: [{ id: execution_id }] } = await stack.asService(
      `mcp_tool_executions?chat_id=eq.${chat_id}`,
    )
    const let_go = await other.call(mia, 'continue_in_background', { team_id, execution_id })
    assert.deepEqual([let_go.status, let_go.body.status], [200, 'running'])
    const answer = await answering
    assert.equal(outputOf(answer).status, 'running')
    const kept = await ended(chat_id)
    assert.deepEqual([kept.status, kept.waits], ['done', true])
    plays({ say: ['It was released.'] })
    upstream.release()
    const next = await goneOn({ chat_id, answer_id: kept.id })
    assert.equal(wordsOf(next), 'It was released.')
    assert.match(shown(), /Status: success.*released/)
    const row = await untilRow(execution_id, isOver)
    assert.deepEqual([row.status, row.mode], ['success', 'async'])
    const told = await mia.rest(`notifications?execution_id=eq.${execution_id}`)
    assert.deepEqual(told.body.map(({ kind }: { kind: string }) => kind), ['execution_ended'])
  })
}

Deno.test('a call in the background outlives the Stop of its answer, and is its person’s to let go', async () => {
  const chat_id = uuid()
  plays({
    calls: [
      { id: 'a', name: 'desk__slow', input: {} },
      { id: 'b', name: 'desk__slow', input: {} },
    ],
  })
  const message_id = await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'tool-input-available' && chunk.toolCallId !== 'a',
    to: here,
  })
  const running = `mcp_tool_executions?chat_id=eq.${chat_id}&status=eq.running`
  const [one, other] = await untilRows(running, (rows) => rows.length === 2)
  const theirs = { team_id, execution_id: one.id }
  assert.equal((await here.call(noor, 'continue_in_background', theirs)).status, 404)
  await here.call(mia, 'continue_in_background', theirs)
  await there.call(mia, 'stop_turn', { team_id, message_id })
  assert.equal((await ended(chat_id)).status, 'stopped')
  upstream.release()
  assert.equal((await untilRow(one.id, isOver)).status, 'success')
  assert.equal((await untilRow(other.id, isOver)).status, 'cancelled')
})

Deno.test('nobody goes on from a call that its person cancelled, nor after they have written on', async () => {
  const cancelled = await waitingAnswer(here)
  const before = model.asked.length
  await here.call(mia, 'cancel_execution', { team_id, execution_id: cancelled.execution_id })
  await tick(here)
  const [, kept] = await rowsOf(cancelled.chat_id)
  assert.deepEqual([kept.id, kept.waits], [cancelled.answer_id, false])

  const written = await waitingAnswer(here)
  plays({ say: ['Never mind.'] })
  await answerTo(mia, { team_id, chat_id: written.chat_id, text: 'leave it' }, here)
  await decide(here, written.approval_id, 'approve')
  await untilRow(written.execution_id, isOver)
  await tick(here)
  assert.equal((await rowsOf(written.chat_id)).length, 4)
  assert.equal(model.asked.length, before + 2)
})

Deno.test('a person’s own command has nothing to go on with', async () => {
  const chat_id = uuid()
  await rule('echo', 'allow')
  const running = upstream.nextCall()
  const answering = answerTo(mia, { team_id, chat_id, text: '/desk__slow' }, here)
  await running
  const { body: [{ id: execution_id }] } = await stack.asService(
    `mcp_tool_executions?chat_id=eq.${chat_id}`,
  )
  await here.call(mia, 'continue_in_background', { team_id, execution_id })
  assert.equal(outputOf(await answering).status, 'running')
  upstream.release()
  await untilRow(execution_id, isOver)
  await tick(here)
  const rows = await rowsOf(chat_id)
  assert.deepEqual([rows.length, rows[1].waits], [2, false])
})
