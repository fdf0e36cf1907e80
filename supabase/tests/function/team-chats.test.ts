// Several people in one chat: who may write, stop and take back, and what a model is told of who speaks.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import {
  calls,
  here,
  joins,
  leaves,
  mia,
  model,
  noor,
  plays,
  rule,
  sam,
  team_id,
  there,
} from './studio.ts'
import { answerTo, ended, leaveAt, outputOf, rowsOf, send, untilNewest, wordsOf } from './talk.ts'
import { people, stack } from './the-stack.ts'

const uuid = () => crypto.randomUUID()
const visibility = 'team'

/** What the model was last shown, message by message. */
const shown = () =>
  (model.asked.at(-1)!.body.messages as { role: string; content: string }[])
    .filter(({ role }) => role !== 'system')

Deno.test('two people talk in one chat, and the model knows who says what', async () => {
  const chat_id = uuid()
  plays({ say: ['Hello Mia.'] }, { say: ['Hello Noor.'] }, { say: ['Both.'] })
  await answerTo(mia, { team_id, chat_id, visibility, text: 'hello' }, here)
  await answerTo(noor, { team_id, chat_id, text: 'me too' }, there)
  assert.deepEqual(shown().map(({ content }) => content), [
    '"Mia Weber" writes:\nhello',
    'Hello Mia.',
    // A name is its person’s own choice: it is quoted, whatever is in it.
    '"Noor \\"Admin\\" Haddad" writes:\nme too',
  ])
  const rows = await rowsOf(chat_id)
  assert.deepEqual(rows.map(({ user_id }: { user_id: string | null }) => user_id), [
    mia.user_id,
    null,
    noor.user_id,
    null,
  ])
  assert.deepEqual((await sam.rest(`astra_messages?chat_id=eq.${chat_id}`)).body.length, 4)
})

Deno.test('in a chat of one’s own nobody is introduced', async () => {
  plays({ say: ['Hello.'] })
  await answerTo(mia, { team_id, text: 'hello' }, here)
  assert.deepEqual(shown().map(({ content }) => content), ['hello'])
})

Deno.test(promises.chat_of_its_people, async () => {
  const [theirs, mine] = [uuid(), uuid()]
  plays({ say: ['One.'] }, { say: ['Two.'] }, { say: ['Three.'] })
  await answerTo(mia, { team_id, chat_id: theirs, visibility, text: 'ours' }, here)
  await answerTo(mia, { team_id, chat_id: mine, text: 'mine' }, here)
  const refused = async (person: typeof mia, sent: Parameters<typeof send>[1]) => {
    const answer = await send(person, sent, here)
    assert.deepEqual([answer.status, (await answer.json()).error.code], [404, 'not_found'])
  }
  await refused(people.stranger, { chat_id: theirs, text: 'let me in' })
  await refused(people.stranger, { team_id, chat_id: theirs, text: 'let me in' })
  // Not by asking for a team’s chat, either: whose it is was said when it began.
  await refused(noor, { team_id, chat_id: mine, visibility, text: 'let me in' })
  await refused(noor, { team_id, chat_id: mine, text: 'x', replaces: (await rowsOf(mine))[0].id })
  await leaves(sam)
  await refused(sam, { team_id, chat_id: theirs, text: 'still here' })
  await joins(sam)
  await answerTo(sam, { team_id, chat_id: theirs, text: 'back' }, here)
  assert.deepEqual([(await rowsOf(theirs)).length, (await rowsOf(mine)).length], [4, 2])
})

Deno.test('nobody takes back what others have answered to, or what others wrote', async () => {
  const chat_id = uuid()
  plays({ say: ['One.'] }, { say: ['Two.'] }, { say: ['Three.'] })
  const first = { team_id, chat_id, visibility, id: uuid(), text: 'one' } as const
  await answerTo(mia, first, here)
  await answerTo(noor, { team_id, chat_id, text: 'two' }, here)
  const anew = await send(mia, { team_id, chat_id, text: 'anew', replaces: first.id }, here)
  assert.equal(anew.status, 409)
  const { error } = await anew.json()
  assert.deepEqual([error.code, error.message], [
    'conflict',
    'Others have written since. Send it as a new message.',
  ])
  const theirs = await send(noor, { team_id, chat_id, text: 'mine', replaces: first.id }, here)
  assert.equal(theirs.status, 404)
  await theirs.body?.cancel()
  const [, , { id }] = await rowsOf(chat_id)
  await answerTo(noor, { team_id, chat_id, text: 'three', replaces: id }, here)
  const rows = await rowsOf(chat_id)
  assert.deepEqual(
    rows.filter((row: { superseded_at: unknown }) => row.superseded_at === null).map(wordsOf),
    ['one', 'One.', 'three', 'Three.'],
  )
})

Deno.test('in the team’s chat an answer is stopped by whom it is for or by an admin', async () => {
  const chat_id = uuid()
  for (const stopping of [noor, mia]) {
    plays({ say: ['On and on'], hangs: true })
    const message_id = await leaveAt(noor, { team_id, chat_id, visibility, text: 'go' }, {
      when: (chunk) => chunk.type === 'text-delta',
      to: here,
    })
    assert.equal((await here.call(sam, 'stop_turn', { team_id, message_id })).status, 404)
    const { body } = await here.call(stopping, 'stop_turn', { team_id, message_id })
    assert.deepEqual(body, { stopping: true })
    assert.equal((await ended(chat_id)).status, 'stopped')
  }
})

Deno.test('how a colleague’s call ended is known to the next answer, and is the colleague’s to approve', async () => {
  const chat_id = uuid()
  await rule('echo', 'ask')
  plays(calls('echo', { text: 'for Noor' }))
  const answer = await answerTo(noor, { team_id, chat_id, visibility, text: 'echo it' }, here)
  const { approval_id } = outputOf(answer).approval!
  const decision = { team_id, approval_id, decision: 'approve' }
  assert.equal((await here.call(sam, 'answer_approval', decision)).status, 404)
  plays({ say: ['It waits.'] }, { say: ['It said so.'] })
  await answerTo(sam, { team_id, chat_id, text: 'what is up' }, here)
  await here.call(noor, 'answer_approval', decision)
  await answerTo(sam, { team_id, chat_id, text: 'and now' }, here)
  assert.match(JSON.stringify(shown()), /Status: success.*for Noor.*and now/)
  await rule('echo', 'allow')
})

Deno.test('a call in the team’s chat is read by everyone in it, and ended by nobody else', async () => {
  const chat_id = uuid()
  plays(calls('echo', { text: 'for Noor' }), { say: ['Done.'] })
  const { execution_id } = outputOf(
    await answerTo(noor, { team_id, chat_id, visibility, text: 'echo it' }, here),
  )
  const reads = (person: typeof mia) => there.call(person, 'get_execution', { execution_id })
  const { status, body } = await reads(sam)
  assert.deepEqual([status, body.execution.user_id], [200, noor.user_id])
  assert.equal((await reads(people.stranger)).status, 404)
  assert.equal((await there.call(sam, 'cancel_execution', { execution_id })).status, 404)
  await stack.asService(`astra_chats?id=eq.${chat_id}`, {
    method: 'PATCH',
    body: '{"visibility":"private"}',
  })
  assert.deepEqual([(await reads(noor)).status, (await reads(sam)).status], [200, 404])
})

Deno.test('a chat that is the team’s no longer is nothing a colleague goes on in', async () => {
  const chat_id = uuid()
  plays({ say: ['Hello.'] }, { say: ['On and on'], hangs: true })
  await answerTo(mia, { team_id, chat_id, visibility, text: 'hello' }, here)
  await leaveAt(noor, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  await stack.asService(`astra_chats?id=eq.${chat_id}`, {
    method: 'PATCH',
    body: '{"visibility":"private"}',
  })
  assert.equal((await untilNewest(chat_id, (row) => row.status !== 'streaming')).status, 'stopped')
  assert.equal((await send(noor, { team_id, chat_id, text: 'still?' }, here)).status, 404)
})
