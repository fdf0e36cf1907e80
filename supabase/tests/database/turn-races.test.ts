// Two connections at the very moment where a turn opens, ends or is gone on from: one of them acts, the other
// one sees it.
import assert from 'node:assert/strict'
import { collide, valueOf } from './collide.ts'
import { assume, type Ground, onPostgres } from './ground.ts'
import { createOffice } from './people.ts'
import {
  claim,
  claimOn,
  close,
  closeOn,
  endedAnswer,
  messagesOf,
  open,
  openOn,
  stop,
} from './turns.ts'

async function person(ground: Ground) {
  const office = await createOffice(ground)
  return { office, of: { team_id: office.team_id, user_id: office.member.sub } }
}

/** As the service role, in a transaction that stays open. */
const asService =
  (work: (run: Parameters<typeof openOn>[0]) => Promise<unknown>) =>
  async (run: Parameters<typeof openOn>[0]) => {
    await assume(run, 'service_role')
    await work(run)
  }

onPostgres('of one message that is sent twice at once, one opens a turn', async (ground) => {
  const { of } = await person(ground)
  const begun = await open(ground, of)
  for (const chat_id of [crypto.randomUUID(), begun.chat_id]) {
    const same = { chat_id, user_message_id: crypto.randomUUID() }
    const outcome = await collide(ground, {
      first: asService(async (run) => assert.equal((await openOn(run, of, same)).verdict, 'open')),
      second: () => open(ground, of, same),
    })
    assert.equal(valueOf(outcome).verdict, 'sent_before')
    const rows = await messagesOf(ground, chat_id)
    assert.equal(rows.filter(({ id }) => id === same.user_message_id).length, 1)
  }
})

onPostgres('a message whose rival came to nothing opens its turn', async (ground) => {
  const { of } = await person(ground)
  const same = { chat_id: crypto.randomUUID(), user_message_id: crypto.randomUUID() }
  const outcome = await collide(ground, {
    first: asService((run) => openOn(run, of, same)),
    second: () => open(ground, of, same),
    undo: true,
  })
  assert.equal(valueOf(outcome).verdict, 'open')
})

onPostgres('two messages at once follow each other, each with its answer', async (ground) => {
  const { of } = await person(ground)
  const { chat_id } = await open(ground, of)
  const outcome = await collide(ground, {
    first: asService((run) => openOn(run, of, { chat_id })),
    second: () => open(ground, of, { chat_id }),
  })
  assert.equal(valueOf(outcome).verdict, 'open')
  const rows = await messagesOf(ground, chat_id)
  assert.deepEqual(rows.map(({ role }) => role), [1, 2, 3].flatMap(() => ['user', 'assistant']))
  for (const at of [1, 3, 5]) assert.equal(rows[at]!.answers, rows[at - 1]!.id)
})

onPostgres('of two who would go on from an answer at once, one does', async (ground) => {
  const { office } = await person(ground)
  const { chat_id, message_id } = await endedAnswer(ground, office)
  const outcome = await collide(ground, {
    first: asService(async (run) => assert.ok(await claimOn(run, message_id))),
    second: () => claim(ground, message_id),
  })
  assert.equal(valueOf(outcome), null)
  assert.equal((await messagesOf(ground, chat_id)).length, 3)
})

onPostgres(
  'whoever writes at the moment the assistant would go on is answered instead',
  async (ground) => {
    const { office, of } = await person(ground)
    const { chat_id, message_id } = await endedAnswer(ground, office)
    const outcome = await collide(ground, {
      first: asService((run) => openOn(run, of, { chat_id })),
      second: () => claim(ground, message_id),
    })
    assert.equal(valueOf(outcome), null)
    assert.equal((await messagesOf(ground, chat_id)).length, 4)
  },
)

onPostgres('an answer that ends while it is stopped ends once', async (ground) => {
  const { of } = await person(ground)
  const { chat_id, message_id } = await open(ground, of)
  const outcome = await collide(ground, {
    first: asService((run) => closeOn(run, { ...of, message_id })),
    second: () => stop(ground, { ...of, message_id }),
  })
  assert.equal(valueOf(outcome), false)
  assert.equal(await close(ground, { ...of, message_id }, { status: 'stopped' }), null)
  const [, row] = await messagesOf(ground, chat_id)
  assert.deepEqual([row!.status, row!.stop_requested], ['done', false])
})

onPostgres(
  'a message is taken back while its answer ends, and neither waits for ever',
  async (ground) => {
    const { of } = await person(ground)
    const { chat_id, user_message_id, message_id } = await open(ground, of)
    const outcome = await collide(ground, {
      first: asService((run) => closeOn(run, { ...of, message_id })),
      second: () => open(ground, of, { chat_id, replaces: user_message_id }),
    })
    assert.equal(valueOf(outcome).verdict, 'open')
    const rows = await messagesOf(ground, chat_id)
    assert.deepEqual(rows.map(({ superseded, status }) => [superseded, status]), [
      [true, 'done'],
      [true, 'done'],
      [false, 'done'],
      [false, 'streaming'],
    ])
  },
)
