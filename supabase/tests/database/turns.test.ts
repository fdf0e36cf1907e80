// Turns in the database: what is on record before an answer begins, who may write, stop and take back, and
// how answers end.
import assert from 'node:assert/strict'
import { begin, executionsOf, reap } from './calls.ts'
import { onBoth } from './ground.ts'
import { createMember, createOffice, createTeam } from './people.ts'
import { close, messagesOf, open, part, save, stop } from './turns.ts'

async function studio(ground: Parameters<typeof createOffice>[0]) {
  const office = await createOffice(ground)
  const { team_id } = office
  const mia = { team_id, user_id: office.member.sub }
  const colleague = async (role: 'member' | 'admin') => {
    const { sub } = await createMember(ground, team_id, role)
    return { team_id, user_id: sub }
  }
  return { office, mia, noor: await colleague('member'), admin: await colleague('admin') }
}

onBoth(
  'a turn is on record before it runs: the chat, the message and the row of its answer',
  async (ground) => {
    const { mia } = await studio(ground)
    const turn = await open(ground, mia, { text: 'what is new', visibility: 'team' })
    assert.deepEqual([turn.verdict, turn.visibility, turn.read_outside], ['open', 'team', false])
    const [chat] = await ground.run<Record<string, unknown>>(
      'select title, visibility, user_id from public.astra_chats where id = $1',
      [turn.chat_id],
    )
    assert.deepEqual(chat, { title: 'what is new', visibility: 'team', user_id: mia.user_id })
    const rows = await messagesOf(ground, turn.chat_id)
    assert.deepEqual(rows.map(({ id, role, status, answers }) => [id, role, status, answers]), [
      [turn.user_message_id, 'user', 'done', null],
      [turn.message_id, 'assistant', 'streaming', turn.user_message_id],
    ])
  },
)

onBoth('a message that was sent before opens nothing, wherever it is sent', async (ground) => {
  const { mia } = await studio(ground)
  const turn = await open(ground, mia)
  const { user_message_id } = turn
  for (const chat_id of [turn.chat_id, crypto.randomUUID()]) {
    assert.equal((await open(ground, mia, { chat_id, user_message_id })).verdict, 'sent_before')
    assert.equal((await messagesOf(ground, chat_id)).length, chat_id === turn.chat_id ? 2 : 0)
  }
})

onBoth(
  'a chat that is someone’s own is no chat to others, and the team’s is one to members',
  async (ground) => {
    const { mia, noor, admin } = await studio(ground)
    const stranger = {
      team_id: mia.team_id,
      user_id: (await createMember(ground, await createTeam(ground))).sub,
    }
    const mine = await open(ground, mia)
    const ours = await open(ground, mia, { visibility: 'team' })
    for (
      const [person, verdict] of [[noor, 'open'], [admin, 'open'], [stranger, 'not_found']] as const
    ) {
      assert.equal(
        (await open(ground, person, { chat_id: mine.chat_id, visibility: 'team' })).verdict,
        'not_found',
      )
      assert.equal((await open(ground, person, { chat_id: ours.chat_id })).verdict, verdict)
    }
    assert.equal((await open(ground, stranger)).verdict, 'not_found')
    assert.equal((await messagesOf(ground, mine.chat_id)).length, 2)
  },
)

onBoth(
  'whoever writes a message anew takes back all that came after it, and what runs of it ends',
  async (ground) => {
    const { office, mia } = await studio(ground)
    const first = await open(ground, mia)
    const { chat_id } = first
    await close(ground, { ...mia, message_id: first.message_id })
    const second = await open(ground, mia, { chat_id })
    const { execution_id } = await begin(ground, office, { chat_id, message_id: second.message_id })
    const third = await open(ground, mia, { chat_id, replaces: first.user_message_id })
    assert.equal(third.verdict, 'open')
    assert.deepEqual(
      new Set(third.superseded),
      new Set([
        first.user_message_id,
        first.message_id,
        second.user_message_id,
        second.message_id,
      ]),
    )
    const rows = await messagesOf(ground, chat_id)
    assert.deepEqual(rows.map(({ superseded }) => superseded), [
      true,
      true,
      true,
      true,
      false,
      false,
    ])
    assert.deepEqual(rows.map(({ stop_requested }) => stop_requested), [
      false,
      false,
      false,
      true,
      false,
      false,
    ])
    assert.equal(await save(ground, { ...mia, message_id: second.message_id }), false)
    const [running] = await ground.run<{ cancelled: boolean }>(
      'select cancel_requested_at is not null as cancelled from public.mcp_tool_executions where id = $1',
      [execution_id],
    )
    assert.equal(running!.cancelled, true)
    const again = await open(ground, mia, { chat_id, replaces: first.user_message_id })
    assert.equal(again.verdict, 'nothing_to_replace')
  },
)

onBoth('nobody takes back what another person wrote, or wrote after', async (ground) => {
  const { mia, noor } = await studio(ground)
  const first = await open(ground, mia, { visibility: 'team' })
  const { chat_id } = first
  const theirs = await open(ground, noor, { chat_id })
  const replacing = (replaces: string) => open(ground, mia, { chat_id, replaces })
  assert.equal((await replacing(first.user_message_id)).verdict, 'others_wrote')
  assert.equal((await replacing(theirs.user_message_id)).verdict, 'nothing_to_replace')
  assert.equal((await replacing(theirs.message_id)).verdict, 'nothing_to_replace')
  const other = await open(ground, mia)
  assert.equal((await replacing(other.user_message_id)).verdict, 'nothing_to_replace')
  assert.ok((await messagesOf(ground, chat_id)).every(({ superseded }) => !superseded))
  const anew = await open(ground, noor, { chat_id, replaces: theirs.user_message_id })
  assert.deepEqual(new Set(anew.superseded), new Set([theirs.user_message_id, theirs.message_id]))
})

onBoth('an answer is kept as it grows until it is to end', async (ground) => {
  const { mia, noor, admin } = await studio(ground)
  const turn = await open(ground, mia, { visibility: 'team' })
  const answer = { ...mia, message_id: turn.message_id }
  const parts = [{ type: 'text', text: 'so far' }]
  assert.equal(await save(ground, answer, { parts }), true)
  assert.equal(await save(ground, answer), true)
  assert.deepEqual((await messagesOf(ground, turn.chat_id))[1]!.parts, parts)
  assert.equal(await stop(ground, { ...noor, message_id: turn.message_id }), null)
  assert.equal(await save(ground, answer), true)
  assert.equal(await stop(ground, { ...admin, message_id: turn.message_id }), true)
  assert.equal(await save(ground, answer, { parts: [] }), false)
  assert.deepEqual((await messagesOf(ground, turn.chat_id))[1]!.parts, parts)
})

onBoth('of a chat of one’s own only its person ends an answer', async (ground) => {
  const { mia, noor, admin } = await studio(ground)
  const { message_id, user_message_id } = await open(ground, mia)
  for (const other of [noor, admin]) {
    assert.equal(await stop(ground, { ...other, message_id }), null)
  }
  assert.equal(await stop(ground, { ...mia, message_id: user_message_id }), null)
  assert.equal(await stop(ground, { ...mia, message_id }), true)
  await close(ground, { ...mia, message_id }, { status: 'stopped' })
  assert.equal(await stop(ground, { ...mia, message_id }), false)
})

onBoth('an answer to whoever left the team, or the chat, is to end', async (ground) => {
  const { mia, noor } = await studio(ground)
  const { chat_id } = await open(ground, mia, { visibility: 'team' })
  const { message_id } = await open(ground, noor, { chat_id })
  const answer = { ...noor, message_id }
  await ground.run(`update public.astra_chats set visibility = 'private' where id = $1`, [chat_id])
  assert.equal(await save(ground, answer), false)
  await ground.run(`update public.astra_chats set visibility = 'team' where id = $1`, [chat_id])
  assert.equal(await save(ground, answer), true)
  await ground.run('delete from public.team_members where user_id = $1', [noor.user_id])
  assert.equal(await save(ground, answer), false)
  await ground.run('delete from public.astra_chats where id = $1', [chat_id])
  assert.equal(await save(ground, answer), false)
})

onBoth('an answer ends once, and waits for the calls that had not', async (ground) => {
  const { mia } = await studio(ground)
  const turn = await open(ground, mia)
  const answer = { ...mia, message_id: turn.message_id }
  const parts = [part(crypto.randomUUID(), 'success'), part(crypto.randomUUID(), 'running')]
  assert.equal(await close(ground, answer, { parts }), true)
  assert.equal(await close(ground, answer, { status: 'failed', parts: [] }), null)
  const [, row] = await messagesOf(ground, turn.chat_id)
  assert.deepEqual([row!.status, row!.waits, row!.parts], ['done', true, parts])
})

onBoth(
  'an answer of no model waits for nothing, nor does one whose calls had ended',
  async (ground) => {
    const { mia } = await studio(ground)
    for (
      const closing of [
        { parts: [part(crypto.randomUUID(), 'running')], goes_on: false },
        { parts: [part(crypto.randomUUID(), 'success')] },
      ]
    ) {
      const { message_id } = await open(ground, mia)
      assert.equal(await close(ground, { ...mia, message_id }, closing), false)
    }
  },
)

onBoth('that something from outside was read is never forgotten', async (ground) => {
  const { mia } = await studio(ground)
  for (const way of ['attached', 'kept', 'closed'] as const) {
    const first = await open(ground, mia, { reads_outside: way === 'attached' })
    const answer = { ...mia, message_id: first.message_id }
    assert.equal(first.read_outside, way === 'attached')
    await save(ground, answer, { read_outside: way === 'kept' })
    await close(ground, answer, { read_outside: way === 'closed' })
    const next = await open(ground, mia, { chat_id: first.chat_id })
    assert.equal(next.read_outside, true, way)
  }
})

onBoth('files are kept in the order they came', async (ground) => {
  const { mia } = await studio(ground)
  const file = (position: number) => ({
    id: crypto.randomUUID(),
    position,
    name: `plan ${position}`,
    media_type: 'image/png',
    content: 'iVBORw==',
  })
  const files = [file(1), file(2)]
  const { user_message_id } = await open(ground, mia, { files, reads_outside: true })
  const rows = await ground.run(
    'select id, position, name, media_type, content from public.astra_attachments where message_id = $1 order by position',
    [user_message_id],
  )
  assert.deepEqual(rows, files)
})

onBoth('an answer that is stopped begins no further call', async (ground) => {
  const { office, mia } = await studio(ground)
  const { chat_id, message_id } = await open(ground, mia)
  const of = { chat_id, message_id, origin: 'chat', after_outside: false } as const
  assert.equal((await begin(ground, office, of)).verdict, 'run')
  await stop(ground, { ...mia, message_id })
  assert.equal((await begin(ground, office, of)).reason, 'chat_not_found')
  assert.equal((await executionsOf(ground, office.team_id)).length, 1)
})

onBoth(
  'calls are made in a team’s chat by its members, and in no chat of someone else',
  async (ground) => {
    const { office, mia, noor } = await studio(ground)
    const ours = await open(ground, mia, { visibility: 'team' })
    const mine = await open(ground, mia)
    const call = ({ chat_id }: { chat_id: string }) =>
      begin(ground, office, { user_id: noor.user_id, chat_id })
    assert.equal((await call(ours)).verdict, 'run')
    assert.equal((await call(mine)).reason, 'chat_not_found')
  },
)

onBoth('an answer that nobody writes any more fails, with what it had said', async (ground) => {
  const { mia } = await studio(ground)
  const parts = [{ type: 'text', text: 'Half of it' }]
  const { chat_id, message_id } = await open(ground, mia)
  const other = await open(ground, mia)
  await save(ground, { ...mia, message_id }, { parts })
  await ground.run(
    `update public.astra_messages set saved_at = now() - interval '91 seconds' where id = $1`,
    [message_id],
  )
  await reap(ground)
  const [, row] = await messagesOf(ground, chat_id)
  assert.deepEqual([row!.status, row!.parts, row!.metadata], ['failed', parts, {
    error: 'The answer broke off.',
  }])
  assert.equal((await messagesOf(ground, other.chat_id))[1]!.status, 'streaming')
})
