// When the assistant goes on by itself: once, after all calls of its newest answer have ended, with news.
import assert from 'node:assert/strict'
import { begin, executionsOf, expireLease, finish, reap } from './calls.ts'
import { onBoth } from './ground.ts'
import { createMember, createOffice } from './people.ts'
import {
  claim,
  close,
  due,
  endedAnswer,
  messagesOf,
  open,
  part,
  stop,
  waitingAnswer,
} from './turns.ts'
import { cancel, watch } from './waits.ts'

onBoth('an answer is gone on from once its call has ended, once', async (ground) => {
  const office = await createOffice(ground)
  const answer = await waitingAnswer(ground, office, { text: 'go' })
  assert.deepEqual(
    [await due(ground, answer.execution_id), await claim(ground, answer.message_id)],
    [[], null],
  )
  await finish(ground, answer.execution_id)
  assert.deepEqual(await due(ground, answer.execution_id), [answer.message_id])
  assert.ok((await due(ground)).includes(answer.message_id))
  const next_id = crypto.randomUUID()
  const claimed = await claim(ground, answer.message_id, next_id)
  assert.deepEqual([claimed!.chat_id, claimed!.user_id, claimed!.role, claimed!.user_message_id], [
    answer.chat_id,
    office.member.sub,
    'member',
    answer.user_message_id,
  ])
  assert.equal(await claim(ground, answer.message_id), null)
  assert.deepEqual(await due(ground, answer.execution_id), [])
  const rows = await messagesOf(ground, answer.chat_id)
  assert.deepEqual(
    rows.slice(1).map((
      { id, status, waits, answers, continues },
    ) => [id, status, waits, answers, continues]),
    [
      [answer.message_id, 'done', false, answer.user_message_id, null],
      [next_id, 'streaming', false, answer.user_message_id, answer.message_id],
    ],
  )
  const [chat] = await ground.run<{ marked: boolean }>(
    'select read_outside_at is not null as marked from public.astra_chats where id = $1',
    [answer.chat_id],
  )
  assert.equal(chat!.marked, true)
})

onBoth('all calls of an answer have to end first', async (ground) => {
  const office = await createOffice(ground)
  const answer = await waitingAnswer(ground, office)
  const { chat_id, message_id } = answer
  const other = await begin(ground, office, { chat_id, message_id })
  await finish(ground, answer.execution_id)
  assert.deepEqual([await due(ground, answer.execution_id), await claim(ground, message_id)], [
    [],
    null,
  ])
  await finish(ground, other.execution_id!)
  assert.ok(await claim(ground, message_id))
})

for (
  const [what, end] of [
    ['rejected', { status: 'denied', error_code: 'rejected' }],
    ['failed', { status: 'error', error_code: 'tool_failed' }],
    ['lost', { status: 'unknown', error_code: 'lost' }],
    ['too slow', { status: 'timeout', error_code: 'timeout', duration_ms: 30_000 }],
  ] as const
) {
  onBoth(`a call that was ${what} is news`, async (ground) => {
    const office = await createOffice(ground)
    const answer = await waitingAnswer(ground, office)
    await finish(ground, answer.execution_id, end)
    assert.ok(await claim(ground, answer.message_id))
  })
}

onBoth('a call that its person cancelled, or that nobody came for, is no news', async (ground) => {
  const office = await createOffice(ground)
  const cancelled = await waitingAnswer(ground, office)
  await cancel(ground, cancelled.execution_id, office.member.sub)
  const expired = await waitingAnswer(ground, office)
  await expireLease(ground, expired.execution_id)
  await reap(ground)
  const ends = (await executionsOf(ground, office.team_id)).map(({ status }) => status)
  assert.deepEqual(new Set(ends), new Set(['cancelled', 'timeout']))
  for (const { chat_id, message_id } of [cancelled, expired]) {
    assert.equal(await claim(ground, message_id), null)
    const rows = await messagesOf(ground, chat_id)
    assert.deepEqual([rows.length, rows[1]!.waits], [2, false])
  }
})

onBoth('of several calls one with news is enough', async (ground) => {
  const office = await createOffice(ground)
  const of = { team_id: office.team_id, user_id: office.member.sub }
  const { chat_id, message_id } = await open(ground, of)
  const one = await begin(ground, office, { chat_id, message_id })
  const other = await begin(ground, office, { chat_id, message_id })
  const ids = [one.execution_id!, other.execution_id!] as const
  await close(ground, { ...of, message_id }, { parts: ids.map((id) => part(id, 'running')) })
  await finish(ground, ids[0], { status: 'cancelled', error_code: 'cancelled' })
  await finish(ground, ids[1])
  assert.ok(await claim(ground, message_id))
})

onBoth(
  'nobody goes on from an answer after which something was written, or that was taken back',
  async (ground) => {
    const office = await createOffice(ground)
    const written = await endedAnswer(ground, office)
    await open(ground, written, { chat_id: written.chat_id })
    const taken = await endedAnswer(ground, office)
    await open(ground, taken, { chat_id: taken.chat_id, replaces: taken.user_message_id })
    for (const { message_id, execution_id } of [written, taken]) {
      assert.equal(await claim(ground, message_id), null)
      assert.deepEqual(await due(ground, execution_id), [])
    }
  },
)

onBoth(
  'nobody goes on from an answer that its person stopped, though it had ended by itself before that was heard',
  async (ground) => {
    const office = await createOffice(ground)
    const of = { team_id: office.team_id, user_id: office.member.sub }
    const { chat_id, message_id } = await open(ground, of)
    const { execution_id } = await begin(ground, office, { chat_id, message_id, origin: 'chat' })
    assert.equal(await stop(ground, { ...of, message_id }), true)
    const parts = [part(execution_id!, 'running')]
    assert.equal(await close(ground, { ...of, message_id }, { parts }), false)
    await finish(ground, execution_id!)
    assert.equal(await claim(ground, message_id), null)
  },
)

onBoth('nobody goes on for a person who has left the team, or the chat', async (ground) => {
  const office = await createOffice(ground)
  const left = await endedAnswer(ground, office)
  await createMember(ground, office.team_id, 'owner')
  await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
  assert.equal(await claim(ground, left.message_id), null)

  const other = await createOffice(ground)
  const shared = await endedAnswer(ground, other, { visibility: 'team' })
  const { sub } = await createMember(ground, other.team_id)
  await ground.run(
    `update public.astra_chats set user_id = $2, visibility = 'private' where id = $1`,
    [shared.chat_id, sub],
  )
  assert.equal(await claim(ground, shared.message_id), null)
})

onBoth('an assistant that goes on and on ends after eight times', async (ground) => {
  const office = await createOffice(ground)
  let { chat_id, message_id, execution_id, ...of } = await waitingAnswer(ground, office)
  for (let times = 0; times < 8; times++) {
    await finish(ground, execution_id)
    const next_id = crypto.randomUUID()
    assert.ok(await claim(ground, message_id, next_id), String(times))
    message_id = next_id
    execution_id = (await begin(ground, office, { chat_id, message_id })).execution_id!
    const parts = [part(execution_id, 'running')]
    await close(ground, { ...of, message_id }, { parts })
  }
  await finish(ground, execution_id)
  assert.equal(await claim(ground, message_id), null)
  // Until a person says something.
  const next = await open(ground, of, { chat_id })
  const begun = await begin(ground, office, { chat_id, message_id: next.message_id })
  const parts = [part(begun.execution_id!, 'running')]
  await close(ground, { ...of, message_id: next.message_id }, { parts })
  await finish(ground, begun.execution_id!)
  assert.ok(await claim(ground, next.message_id))
})

onBoth('a tick leaves alone what ended long ago', async (ground) => {
  const office = await createOffice(ground)
  const answer = await waitingAnswer(ground, office)
  await ground.run(
    `update public.mcp_tool_executions
    set status = 'success', asked = null, duration_ms = 1, completed_at = now() - interval '2 hours' where id = $1`,
    [answer.execution_id],
  )
  assert.ok(!(await due(ground)).includes(answer.message_id))
})

onBoth('whoever made a call lets it go, and then is told of its end', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await begin(ground, office)
  const letGo = async (user_id: string) => {
    const [row] = await ground.as('service_role')<{ done: boolean }>(
      'select public.let_go($1, $2, $3) as done',
      [execution_id, office.team_id, user_id],
    )
    return row!.done
  }
  const { sub } = await createMember(ground, office.team_id, 'owner')
  assert.equal(await letGo(sub), false)
  assert.equal((await watch(ground, execution_id!))!.unheard, false)
  assert.equal(await letGo(office.member.sub), true)
  assert.equal((await watch(ground, execution_id!))!.unheard, true)
  await finish(ground, execution_id!)
  assert.equal(await letGo(office.member.sub), false)
  const told = await ground.run<{ kind: string; user_id: string }>(
    'select kind, user_id from public.notifications where execution_id = $1',
    [execution_id],
  )
  assert.deepEqual(told, [{ kind: 'execution_ended', user_id: office.member.sub }])
})
