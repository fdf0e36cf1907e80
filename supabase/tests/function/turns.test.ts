// An answer and whoever waits for it: they leave, stop it, write anew, or its process dies. Real processes
// of the function, a scripted model, what the database keeps.
import assert from 'node:assert/strict'
import { filePart, pictures } from '../models/pictures.ts'
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
  sam,
  startFunction,
  team_id,
  there,
  upstream,
} from './studio.ts'
import type { SecondFunction } from './second-function.ts'
import {
  answerTo,
  chunksOf,
  ended,
  leaveAt,
  outputOf,
  rowsOf,
  send,
  untilNewest,
  wordsOf,
} from './talk.ts'
import { stack, untilRows } from './the-stack.ts'

const uuid = () => crypto.randomUUID()

const executionsOf = async (chat_id: string) =>
  (await stack.asService(`mcp_tool_executions?chat_id=eq.${chat_id}&order=started_at`)).body

Deno.test(promises.leaving_is_not_stopping, async () => {
  const chat_id = uuid()
  plays(calls('slow'), { say: ['It was ', 'released.'] })
  const running = upstream.nextCall()
  await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'tool-input-available',
    to: here,
  })
  await running
  upstream.release()
  const kept = await ended(chat_id)
  assert.deepEqual([kept.status, wordsOf(kept)], ['done', 'It was released.'])
  assert.equal(outputOf(kept).status, 'success')
})

Deno.test('a model that is speaking is left alone once its answer is stopped elsewhere', async () => {
  const chat_id = uuid()
  plays({ say: ['On and on'], hangs: true })
  const message_id = await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  const left = model.left.then(() => 'left')
  // Nobody has left this model before.
  assert.equal(
    await Promise.race([left, new Promise((resolve) => setTimeout(resolve, 0, 'stays'))]),
    'stays',
  )
  await there.call(mia, 'stop_turn', { team_id, message_id })
  const kept = await ended(chat_id)
  assert.deepEqual([kept.status, wordsOf(kept)], ['stopped', 'On and on'])
  assert.equal(await left, 'left')
})

Deno.test('an answer is seen growing by whoever else looks', async () => {
  const chat_id = uuid()
  plays({ say: ['So ', 'far.'], hangs: true })
  const message_id = await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  const seen = await untilNewest(chat_id, (row) => wordsOf(row) === 'So far.')
  assert.deepEqual([seen.id, seen.status], [message_id, 'streaming'])
  await here.call(mia, 'stop_turn', { team_id, message_id })
  assert.equal((await ended(chat_id)).status, 'stopped')
})

for (const [where, other] of [['the same process', here], ['another process', there]] as const) {
  Deno.test(`stopped from another device in ${where}, an answer ends at once, with its call`, async () => {
    const chat_id = uuid()
    plays(calls('slow'), { say: ['never said'] })
    const running = upstream.nextCall()
    const message_id = await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
      when: (chunk) => chunk.type === 'tool-input-available',
      to: here,
    })
    await running
    const began = performance.now()
    const { body } = await other.call(mia, 'stop_turn', { team_id, message_id })
    assert.deepEqual(body, { stopping: true })
    const kept = await ended(chat_id)
    const took_ms = performance.now() - began
    // It is looked for every second; what a busy machine adds is not what is promised.
    assert.ok(took_ms < 3_000, `${took_ms} ms`)
    assert.deepEqual([kept.status, outputOf(kept).status], ['stopped', 'cancelled'])
    assert.deepEqual((await executionsOf(chat_id)).map((row: { status: string }) => row.status), [
      'cancelled',
    ])
    upstream.release()
  })
}

Deno.test(promises.stopped_by_its_person, async () => {
  const chat_id = uuid()
  plays({ say: ['Mine.'], hangs: true })
  const message_id = await leaveAt(sam, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  // In a chat of one’s own there is nobody else: not a teammate, not the team’s owner.
  for (const other of [noor, mia]) {
    const refused = await there.call(other, 'stop_turn', { team_id, message_id })
    assert.deepEqual([refused.status, refused.body.error.code], [404, 'not_found'], other.email)
  }
  assert.equal((await untilNewest(chat_id, () => true)).status, 'streaming')
  assert.equal((await there.call(sam, 'stop_turn', { team_id, message_id: uuid() })).status, 404)
  assert.deepEqual((await there.call(sam, 'stop_turn', { team_id, message_id })).body, {
    stopping: true,
  })
  assert.equal((await ended(chat_id)).status, 'stopped')
})

Deno.test('an answer to someone who has left the team ends', async () => {
  const chat_id = uuid()
  plays({ say: ['Going on'], hangs: true })
  await leaveAt(sam, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  await leaves(sam)
  try {
    assert.equal((await ended(chat_id)).status, 'stopped')
  } finally {
    await joins(sam)
  }
})

Deno.test(promises.broken_off_answers_end, async () => {
  const chat_id = uuid()
  const mortal: SecondFunction = await startFunction()
  plays({ say: ['Half of ', 'it'], hangs: true })
  const message_id = await leaveAt(mia, { team_id, chat_id, text: 'go' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: mortal,
  })
  await untilNewest(chat_id, (row) => wordsOf(row) === 'Half of it')
  await mortal.kill()
  await stack.tick()
  assert.equal((await rowsOf(chat_id)).at(-1).status, 'streaming')
  const saved_at = new Date(Date.now() - 91_000).toISOString()
  await stack.asService(`astra_messages?id=eq.${message_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ saved_at }),
  })
  await stack.tick()
  const kept = await ended(chat_id)
  assert.deepEqual([kept.status, wordsOf(kept)], ['failed', 'Half of it'])
  assert.equal(kept.metadata.error, 'The answer broke off.')
})

Deno.test('a message that is written anew takes the place of all that came after it', async () => {
  const chat_id = uuid()
  const first = { team_id, chat_id, id: uuid(), text: 'one' }
  plays({ say: ['To one.'] }, { say: ['Long'], hangs: true })
  await answerTo(mia, first, here)
  const message_id = await leaveAt(mia, { team_id, chat_id, text: 'two' }, {
    when: (chunk) => chunk.type === 'text-delta',
    to: here,
  })
  plays({ say: ['To three.'] })
  // In another process than the one that writes: its answer is stopped all the same.
  const anew = { team_id, chat_id, id: uuid(), text: 'three', replaces: first.id }
  assert.equal(wordsOf(await answerTo(mia, anew, there)), 'To three.')
  const asked = JSON.stringify(model.asked.at(-1)!.body.messages)
  assert.doesNotMatch(asked, /one|two/i)
  await untilRows(`astra_messages?id=eq.${message_id}`, ([row]) => row.status === 'stopped')
  const rows = await rowsOf(chat_id)
  const shown = rows.filter((row: { superseded_at: unknown }) => row.superseded_at === null)
  assert.deepEqual(shown.map(wordsOf), ['three', 'To three.'])
  assert.equal(rows.length, 6)
  assert.equal((await send(mia, anew, here)).status, 409)
  const gone = await send(mia, { ...anew, id: uuid() }, here)
  assert.deepEqual([gone.status, (await gone.json()).error.code], [404, 'not_found'])
})

Deno.test('what came along is kept beside its message, and marks the chat', async () => {
  const chat_id = uuid()
  plays({ say: ['Seen.'] })
  const content = pictures['image/png']
  const png = filePart('plan.png', 'image/png', content)
  await answerTo(mia, { team_id, chat_id, text: 'look', files: [png] }, here)
  const [asked] = await rowsOf(chat_id)
  const kept = await mia.rest(`astra_attachments?message_id=eq.${asked.id}`)
  assert.equal(kept.body.length, 1)
  assert.deepEqual([kept.body[0].name, kept.body[0].content], ['plan.png', content])
  assert.equal(asked.parts[1].url, `attachment:${kept.body[0].id}`)
  const chat = await mia.rest(`astra_chats?id=eq.${chat_id}`)
  assert.ok(chat.body[0].read_outside_at)
  assert.deepEqual((await noor.rest(`astra_attachments?message_id=eq.${asked.id}`)).body, [])
})

Deno.test('a chat is marked once a model has read a result, and not before', async () => {
  const chat_id = uuid()
  const marked = async () =>
    (await mia.rest(`astra_chats?id=eq.${chat_id}`)).body[0].read_outside_at
  plays({ say: ['Hello.'] }, calls('echo', { text: 'from outside' }), { say: ['Read.'] })
  await answerTo(mia, { team_id, chat_id, text: 'hello' }, here)
  await ended(chat_id)
  assert.equal(await marked(), null)
  await answerTo(mia, { team_id, chat_id, text: 'read it' }, here)
  await ended(chat_id)
  assert.ok(await marked())
})

Deno.test('a message to an archived chat brings it back', async () => {
  const chat_id = uuid()
  plays({ say: ['One.'] }, { say: ['Two.'] })
  await answerTo(mia, { team_id, chat_id, text: 'one' }, here)
  const chat = `astra_chats?id=eq.${chat_id}`
  const archived_at = new Date().toISOString()
  await mia.rest(chat, { method: 'PATCH', body: JSON.stringify({ archived_at }) })
  for await (const _ of chunksOf(await send(mia, { team_id, chat_id, text: 'two' }, here)));
  assert.equal((await mia.rest(chat)).body[0].archived_at, null)
})
