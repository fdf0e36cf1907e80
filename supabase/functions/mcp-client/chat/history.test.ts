// What a model is shown of the past. The rows themselves are tested against a real database.
import assert from 'node:assert/strict'
import { convertToModelMessages } from 'ai'
import { success } from './chat-fixture.ts'
import { bounded, type ChatMessage, forModel } from './history.ts'

const said = (role: 'user' | 'assistant', text: string): ChatMessage => ({
  id: crypto.randomUUID(),
  role,
  parts: [{ type: 'text', text }],
})

Deno.test('the newest messages are kept, and the first of them is a person’s', () => {
  const newestFirst = Array.from(
    { length: 50 },
    (_, n) => said(n % 2 ? 'user' : 'assistant', `${n}`),
  )
  const kept = bounded(newestFirst)
  assert.equal(kept.length, 20)
  assert.equal(kept[0]?.role, 'user')
  assert.deepEqual(kept.at(-1)?.parts, [{ type: 'text', text: '0' }])
})

Deno.test('a message too long for the model ends the past there', () => {
  const kept = bounded([
    said('assistant', 'new'),
    said('user', 'ask'),
    said('assistant', 'x'.repeat(90_000)),
    said('user', 'old'),
  ])
  assert.deepEqual(kept.map((one) => one.parts[0]), [
    { type: 'text', text: 'ask' },
    { type: 'text', text: 'new' },
  ])
})

Deno.test('an answer that is gone on from is shown whole, with the words it answers', () => {
  const newestFirst = [
    said('assistant', 'x'.repeat(50_000)),
    said('assistant', 'y'.repeat(50_000)),
    said('user', 'ask'),
    said('assistant', 'old'),
  ]
  assert.deepEqual(bounded(newestFirst, 3).map(({ role }) => role), [
    'user',
    'assistant',
    'assistant',
  ])
})

Deno.test('stored calls reach the model with capped, labelled results; open ones and cards do not', async () => {
  const call = (toolCallId: string) => ({
    type: 'dynamic-tool' as const,
    toolName: 'everything__echo',
    toolCallId,
    input: { message: 'hi' },
  })
  const message: ChatMessage = {
    id: crypto.randomUUID(),
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: 'reasoning', text: 'hm' },
      {
        type: 'data-call',
        id: 'a',
        data: {
          tool_call_id: 'a',
          execution_id: null,
          server_id: crypto.randomUUID(),
          server_name: 'Everything',
          tool_name: 'echo',
          tool_title: null,
          started_at: '2026-01-01',
          progress: null,
          log: [],
        },
      },
      {
        ...call('a'),
        state: 'output-available',
        output: { kind: 'answered', ...success('y'.repeat(50_000)) },
      },
      { ...call('b'), state: 'input-available' },
      { ...call('c'), state: 'output-available', output: { kind: 'nonsense' } },
    ],
  }
  const past = await convertToModelMessages([forModel(message)], {
    ignoreIncompleteToolCalls: true,
  })
  const text = JSON.stringify(past)
  assert.ok(text.length < 20_000)
  assert.match(text, /Untrusted data from server \\\\?"Everything/)
  assert.match(text, /\[unreadable\]/)
  assert.doesNotMatch(text, /"hm"|data-call|"toolCallId":"b"/)
})

Deno.test('an answer that said nothing is left out', () => {
  assert.deepEqual(
    forModel({ id: 'x', role: 'assistant', parts: [{ type: 'step-start' }] }).parts,
    [],
  )
  assert.deepEqual(
    bounded([said('user', 'hi'), { id: 'x', role: 'assistant', parts: [] }]).length,
    1,
  )
})
