// Calls that wait for a person in the middle: in a session that holds them open, and between two
// requests of a stateless server. Real servers, the real function, over HTTP.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { type AskingServer, startAskingModern, startAskingSessions } from '../upstreams/asking.ts'
import { startSecondFunction } from './second-function.ts'
import { addServer, killFunction, people, stack, stored, syncAndAllow } from './the-stack.ts'

const { owner, member, analyst, stranger } = people

async function asking(server: AskingServer, work: (server_id: string) => Promise<void>) {
  const server_id = await addServer(server.url)
  try {
    await syncAndAllow(server_id)
    await work(server_id)
  } finally {
    await owner.call('remove_server', { server_id })
    await server.stop()
  }
}

const call = (server_id: string, tool_name: string, person = member) =>
  person.call('call_tool', { server_id, tool_name })
const text = (answer: { result: { content: { text: string }[] } }) => answer.result.content[0]!.text

for (
  const [era, start] of [
    ['a session', startAskingSessions],
    ['a stateless server', startAskingModern],
  ] as const
) {
  Deno.test(`${era}: a question makes the execution wait, and its answer lets it go on`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const asked = await call(server_id, 'book')
      assert.equal(asked.status, 200)
      assert.equal(asked.body.status, 'awaiting_input')
      assert.equal(asked.body.input.message, 'When, and for how many?')
      assert.equal(server.booked(), 0)
      const { execution_id } = asked.body
      const row = await member.call('get_execution', { execution_id })
      assert.equal(row.body.execution.status, 'awaiting_input')
      assert.deepEqual(row.body.execution.asked, asked.body.input)

      const answer = { execution_id, answer: 'accept', content: { guests: 2 } }
      const ended = await member.call('answer_input', answer)
      assert.equal(ended.body.status, 'success', JSON.stringify(ended.body))
      // The date was left out: its default travels.
      assert.match(text(ended.body), /2026-12-24/)
      assert.equal(server.booked(), 1)
      assert.equal((await stored(execution_id)).status, 'success')
      assert.equal((await member.call('answer_input', answer)).status, 409)
      const { body } = await stack.asService(`mcp_execution_waits?execution_id=eq.${execution_id}`)
      assert.ok(body.length === 0 || body[0].held)
    })
  })

  Deno.test(`${era}: an answer that breaks the form is refused field by field, and can be given again`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const { execution_id } = (await call(server_id, 'book')).body
      const bad = await member.call('answer_input', {
        execution_id,
        answer: 'accept',
        content: { guests: 99 },
      })
      assert.equal(bad.status, 400)
      assert.equal(bad.body.error.details[0].path, 'content.guests')
      assert.equal(server.booked(), 0)
      const good = { execution_id, answer: 'accept', content: { guests: 3 } }
      assert.equal((await member.call('answer_input', good)).body.status, 'success')
    })
  })

  Deno.test(`${era}: ${promises.answers_are_their_own}`, async () => {
    await asking(start(), async (server_id) => {
      const { execution_id } = (await call(server_id, 'book')).body
      const answer = { execution_id, answer: 'accept', content: { guests: 2 } }
      for (const other of [owner, analyst, stranger]) {
        assert.equal((await other.call('answer_input', answer)).status, 404)
        assert.equal((await other.call('cancel_execution', { execution_id })).status, 404)
      }
      assert.equal((await stored(execution_id)).status, 'awaiting_input')
      await member.call('cancel_execution', { execution_id })
    })
  })

  Deno.test(`${era}: two answers at the same moment: one counts`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const { execution_id } = (await call(server_id, 'book')).body
      const answer = { execution_id, answer: 'accept', content: { guests: 2 } }
      const both = await Promise.all([
        member.call('answer_input', answer),
        member.call('answer_input', answer),
      ])
      assert.deepEqual(both.map(({ status }) => status).toSorted((one, other) => one - other), [
        200,
        409,
      ])
      assert.equal(server.booked(), 1)
    })
  })

  Deno.test(`${era}: a waiting call can be cancelled, and then nothing is booked`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const { execution_id } = (await call(server_id, 'book')).body
      const cancelled = await member.call('cancel_execution', { execution_id })
      assert.equal(cancelled.body.status, 'cancelled', JSON.stringify(cancelled.body))
      assert.equal((await stored(execution_id)).status, 'cancelled')
      const late = { execution_id, answer: 'accept', content: { guests: 2 } }
      assert.equal((await member.call('answer_input', late)).status, 409)
      assert.equal(server.booked(), 0)
    })
  })

  Deno.test(`${era}: whoever declines hears what the tool makes of it`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const { execution_id } = (await call(server_id, 'book')).body
      const ended = await member.call('answer_input', { execution_id, answer: 'decline' })
      assert.equal(ended.body.status, 'success', JSON.stringify(ended.body))
      assert.match(text(ended.body), /decline/)
    })
  })
}

Deno.test('a page to be opened is shown, never fetched, and the answer goes back', async () => {
  await asking(startAskingSessions(), async (server_id) => {
    const asked = (await call(server_id, 'confirm')).body
    assert.deepEqual([asked.input.mode, asked.input.url], ['url', 'https://bank.example/confirm'])
    const { execution_id } = asked
    // As MCP names it: on the wire that is where the operation's name would be.
    const ended = await member.call('answer_input', { execution_id, action: 'accept' })
    assert.match(text(ended.body), /accept/)
  })
})

Deno.test('a call that wants a page visited first is sent anew after the visit, and only then', async () => {
  const server = startAskingSessions()
  await asking(server, async (server_id) => {
    const asked = (await call(server_id, 'pay')).body
    assert.equal(asked.status, 'awaiting_input', JSON.stringify(asked))
    assert.equal(server.booked(), 0)
    const { execution_id } = asked
    const ended = await member.call('answer_input', { execution_id, answer: 'accept' })
    assert.match(text(ended.body), /paid/)
    assert.equal(server.booked(), 1)
  })
})

Deno.test('a call whose page was refused is denied and not sent again', async () => {
  const server = startAskingSessions()
  await asking(server, async (server_id) => {
    const { execution_id } = (await call(server_id, 'pay')).body
    const ended = await member.call('answer_input', { execution_id, answer: 'decline' })
    assert.equal(ended.body.status, 'denied')
    assert.equal(server.booked(), 0)
  })
})

Deno.test('two questions of one round are asked one after the other and answered together', async () => {
  const server = startAskingModern()
  await asking(server, async (server_id) => {
    const { execution_id } = (await call(server_id, 'plan')).body
    const answer = (guests: number) =>
      member.call('answer_input', { execution_id, answer: 'accept', content: { guests } })
    assert.equal((await answer(2)).body.status, 'awaiting_input')
    assert.equal(server.booked(), 0)
    const ended = (await answer(5)).body
    assert.equal(ended.status, 'success', JSON.stringify(ended))
    const said = JSON.parse(text(ended))
    assert.deepEqual([said.dinner.content.guests, said.party.content.guests], [2, 5])
  })
})

for (
  const [era, start, tool] of [
    ['a session', startAskingSessions, 'tour'],
    ['a stateless server', startAskingModern, 'plan'],
  ] as const
) {
  Deno.test(`${era}: an answer sent twice, or late, is no answer to the next question`, async () => {
    const server = start()
    await asking(server, async (server_id) => {
      const asked = (await call(server_id, tool)).body
      const { execution_id, input } = asked
      const answer = { execution_id, answer: 'accept', content: { guests: 2 } }
      const seen = { ...answer, question_id: input.id }
      const next = (await member.call('answer_input', seen)).body
      assert.equal(next.status, 'awaiting_input', JSON.stringify(next))
      assert.notEqual(next.input.id, input.id)
      assert.equal((await member.call('answer_input', seen)).status, 409)
      assert.equal((await stored(execution_id)).status, 'awaiting_input')
      const last = { ...answer, question_id: next.input.id }
      assert.equal((await member.call('answer_input', last)).body.status, 'success')
      assert.equal(server.booked(), 1)
    })
  })
}

Deno.test('a round that asks nothing is gone through without anyone', async () => {
  const server = startAskingModern()
  await asking(server, async (server_id) => {
    const ended = (await call(server_id, 'wait')).body
    assert.equal(ended.status, 'success', JSON.stringify(ended))
    assert.equal(server.booked(), 1)
  })
})

Deno.test(promises.waited_goes_on_as_it_was, async () => {
  const server = startAskingModern()
  await asking(server, async (server_id) => {
    const { execution_id } = (await call(server_id, 'book')).body
    await owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
      method: 'PATCH',
      body: JSON.stringify({ is_enabled: false }),
    })
    const answer = { execution_id, answer: 'accept', content: { guests: 2 } }
    const ended = await member.call('answer_input', answer)
    assert.equal(ended.body.status, 'denied', JSON.stringify(ended.body))
    assert.equal(server.booked(), 0)
  })
})

Deno.test('an answer goes on after the function was restarted, where no session held it', async () => {
  const server = startAskingModern()
  await asking(server, async (server_id) => {
    const { execution_id } = (await call(server_id, 'book')).body
    await killFunction()
    const answer = { execution_id, answer: 'accept', content: { guests: 4 } }
    const ended = await member.call('answer_input', answer)
    assert.equal(ended.body.status, 'success', JSON.stringify(ended.body))
    assert.equal(server.booked(), 1)
  })
})

Deno.test('a session: an answer, or a cancellation, given to another process reaches the one that holds the call', async () => {
  const server = startAskingSessions()
  const other = await startSecondFunction()
  try {
    await asking(server, async (server_id) => {
      const first = (await call(server_id, 'book')).body.execution_id
      const { body: ended } = await other.call(member, 'answer_input', {
        execution_id: first,
        answer: 'accept',
        content: { guests: 6 },
      })
      assert.equal(ended.status, 'success', JSON.stringify(ended))
      assert.match(text(ended), /6/)

      const second = (await call(server_id, 'book')).body.execution_id
      const { body: gone } = await other.call(member, 'cancel_execution', { execution_id: second })
      assert.equal(gone.status, 'cancelled', JSON.stringify(gone))
      assert.equal(server.booked(), 1)
    })
  } finally {
    await other.stop()
  }
})
