// A call that waits for a person: the turn ends with it, nothing short-lived is kept, and a later turn
// tells the model how it ended.
import assert from 'node:assert/strict'
import type { ExecutionAnswer, ExecutionStatus } from '../../../../shared/execution.ts'
import { promises } from '../../../tests/promises.ts'
import type { App } from '../app.ts'
import { outputsOf, play, success } from './chat-fixture.ts'
import { withEndings } from './endings.ts'
import { type ChatMessage, forModel } from './history.ts'
import { echo, limits, wires, withModel } from './model-fixture.ts'
import { outcomeText } from './outcome-text.ts'

const asks: ExecutionAnswer = {
  execution_id: crypto.randomUUID(),
  status: 'awaiting_input',
  input: { mode: 'form', server_name: 'Everything', message: 'Who?', requested_schema: {} },
  duration_ms: 4,
}
const wantsSignIn: ExecutionAnswer = {
  execution_id: crypto.randomUUID(),
  status: 'awaiting_auth',
  authorization_url: 'https://login.test/authorize?state=s3cr3t',
  error: { code: 'sign_in_needed', message: 'Sign in first.' },
  duration_ms: 4,
}

const letGo: ExecutionAnswer = {
  execution_id: crypto.randomUUID(),
  status: 'running',
  duration_ms: 4,
}

for (const wire of wires) {
  for (const waiting of [asks, wantsSignIn, letGo]) {
    Deno.test(`${wire.provider}: a call that is ${waiting.status} ends the turn, without another round`, async () => {
      const script = [{ calls: [echo('a', 'hi')] }, { say: ['never said'] }]
      await withModel(wire, script, async (fake, model) => {
        const run = () => Promise.resolve(waiting)
        const { chunks, kept } = await play({ text: 'hi', model, limits, run })
        assert.equal(fake.asked.length, 1)
        assert.equal(kept.status, 'done')
        const { authorization_url: _gone, ...rest } = waiting
        assert.deepEqual(outputsOf(kept), [{ kind: 'answered', ...rest }])
        assert.doesNotMatch(JSON.stringify([chunks, kept]), /login\.test|s3cr3t/)
      })
    })
  }
}

Deno.test(promises.link_not_kept, async () => {
  const text = '/everything__echo {"message":"hi"}'
  const { chunks, kept } = await play({ text, run: () => Promise.resolve(wantsSignIn) })
  assert.equal(outputsOf(kept)[0]?.status, 'awaiting_auth')
  assert.doesNotMatch(JSON.stringify([chunks, kept]), /login\.test|s3cr3t/)
})

Deno.test('a person’s own call that asks something is kept as what it asks', async () => {
  const { kept } = await play({
    text: '/everything__echo {"message":"hi"}',
    run: () => Promise.resolve(asks),
  })
  assert.equal(outputsOf(kept)[0]?.status, 'awaiting_input')
  assert.deepEqual(outputsOf(kept)[0]?.input, asks.input)
})

Deno.test('a model is told that a call waits, and not what the server asked', () => {
  const origin = { server_name: 'Everything', tool_name: 'echo', tool_call_id: 'c' }
  for (
    const [answer, sentence] of [[asks, /asked the person/], [wantsSignIn, /sign in/]] as const
  ) {
    const text = outcomeText({ kind: 'answered', ...answer }, origin)
    assert.match(text, /^Not ended/)
    assert.match(text, sentence)
    assert.doesNotMatch(text, /Who\?|login\.test/)
  }
})

const place = { team_id: 't', chat_id: 'c' }

/** A database that knows these executions, and what it was asked. */
function knowing(rows: Record<string, unknown>[]) {
  const asked: unknown[][] = []
  const query = {
    select: () => query,
    eq: (...filter: unknown[]) => (asked.push(filter), query),
    in: (
      ...filter: unknown[]
    ) => (asked.push(filter), Promise.resolve({ data: rows, error: null })),
  }
  return { app: { db: { service: { from: () => query } } } as unknown as App, asked }
}

function messageWith(answer: ExecutionAnswer): ChatMessage {
  return {
    id: crypto.randomUUID(),
    role: 'assistant',
    parts: [{
      type: 'dynamic-tool',
      toolName: 'everything__echo',
      toolCallId: 'c',
      input: {},
      state: 'output-available',
      output: { kind: 'answered', ...answer },
    }],
  }
}

const textFor = (message: ChatMessage) => JSON.stringify(forModel(message).parts)

Deno.test('a later turn is told how a call ended that was waiting when its message was kept', async () => {
  const endings: [ExecutionStatus, Record<string, unknown>, RegExp][] = [
    [
      'success',
      { output_result: { content: [{ type: 'text', text: 'hello Olga' }] } },
      /hello Olga/,
    ],
    ['timeout', { error_code: 'timeout', error_message: 'Nobody answered.' }, /Nobody answered/],
    ['awaiting_input', {}, /Not ended: its server asked/],
    ['running', {}, /Not ended: it goes on in the background/],
  ]
  for (const [status, more, sentence] of endings) {
    const row = {
      id: asks.execution_id,
      status,
      output_result: null,
      error_code: null,
      error_message: null,
      duration_ms: null,
      ...more,
    }
    const { app, asked } = knowing([row])
    const [told] = await withEndings(app, place, [messageWith(asks)])
    assert.match(textFor(told as ChatMessage), sentence)
    assert.deepEqual(asked, [['team_id', 't'], ['chat_id', 'c'], ['id', [asks.execution_id]]])
  }
})

Deno.test('calls that had ended are not looked up, and what is not found stays as it was', async () => {
  const none = knowing([])
  const done = messageWith(success('fine'))
  assert.deepEqual(await withEndings(none.app, place, [done]), [done])
  assert.deepEqual(none.asked, [])
  const [told] = await withEndings(none.app, place, [messageWith(asks)])
  assert.match(textFor(told as ChatMessage), /Not ended/)
})
