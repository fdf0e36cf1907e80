import assert from 'node:assert/strict'
import { pushMessage } from '../../../shared/push.ts'
import { promises } from '../../tests/promises.ts'
import { MOST_BYTES } from './push-sending.ts'
import { type PushedCall, showsAll, wordsFor } from './push-words.ts'

const call: PushedCall = {
  server_name: 'Tracker',
  tool_name: 'create_issue',
  status: 'awaiting_approval',
  error_code: null,
  error_message: null,
  parameters: { title: 'The door sticks', urgent: true },
  asked: null,
  result: null,
  chat_id: null,
  theirs: true,
  whose: 'Mia',
}
const shown = (parameters: Record<string, unknown>, over: Partial<PushedCall> = {}) =>
  showsAll({ ...call, ...over, parameters })

Deno.test('a question names tool, server and whose call it is, with the arguments as they are', () => {
  assert.deepEqual(wordsFor('approval_needed', call), {
    title: 'Run create_issue?',
    body: 'In Tracker\ntitle: "The door sticks"\nurgent: true',
    quiet: false,
    asks: true,
  })
  assert.match(
    wordsFor('approval_needed', { ...call, theirs: false }).body,
    /^In Tracker, for Mia\n/,
  )
  assert.match(wordsFor('approval_needed', { ...call, parameters: {} }).body, /without arguments/)
})

Deno.test(promises.whole_or_not_at_all, () => {
  assert.ok(shown({ title: 'The door sticks', count: 3, tags: ['a', 'b'] }))
  assert.ok(shown({}))
  const hidden: [string, Record<string, unknown>, Partial<PushedCall>?][] = [
    ['longer than it shows', { text: 'x'.repeat(240) }],
    ['more than it shows', Object.fromEntries('abcdef'.split('').map((name) => [name, 1]))],
    ['turned round', { to: 'ada\u202Emoc.live' }],
    ['invisible', { to: 'ada\u200B@acme.test' }],
    ['invisible letters', { to: 'ada\u3164@acme.test' }],
    ['piled up', { to: 'a\u0301\u0301\u0301\u0301' }],
    ['another space', { to: 'ada\u00A0b' }],
    ['a name that is no name', { 'to": "ada", "x': 1 }],
    ['a long tool', {}, { tool_name: 'x'.repeat(49) }],
    ['a long server', {}, { server_name: 'x'.repeat(49) }],
    ['an invisible tool', {}, { tool_name: 'echo\u200B' }],
  ]
  for (const [what, parameters, over] of hidden) assert.ok(!shown(parameters, over), what)
  // Escaped as JSON does, so that a line cannot be made to look like another argument.
  assert.ok(shown({ text: 'one\nurgent: false' }))
  assert.match(
    wordsFor('approval_needed', { ...call, parameters: { text: 'one\nurgent: false' } }).body,
    /\ntext: "one\\nurgent: false"$/,
  )
})

Deno.test('whatever is offered to be approved is in the words, to the last character', () => {
  for (
    const parameters of [{ a: 'x'.repeat(200) }, { a: 1, b: 'two', c: null, d: [1, { e: 2 }] }]
  ) {
    assert.ok(shown(parameters))
    const { body } = wordsFor('approval_needed', { ...call, parameters })
    for (const [name, value] of Object.entries(parameters)) {
      assert.ok(body.includes(`${name}: ${JSON.stringify(value)}`), body)
    }
  }
})

Deno.test('however long a call is, its message is short, and says where it is cut', () => {
  const long = '😀"\u0007'.repeat(5_000)
  const result = { content: [{ type: 'text', text: long }] }
  const over = { server_name: long, tool_name: long, error_message: long, result, whose: long }
  const parameters = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`${at}${long}`, long]),
  )
  for (
    const kind of [
      'approval_needed',
      'input_needed',
      'sign_in_needed',
      'execution_ended',
      'approval_decided',
      'settled',
    ]
  ) {
    for (const status of ['awaiting_approval', 'success', 'error'] as const) {
      const asked = { message: long }
      const words = wordsFor(kind, { ...call, ...over, parameters, status, asked })
      const message = pushMessage.parse({
        ...words,
        tag: crypto.randomUUID(),
        url: '/activity',
        sent_at: '2026-11-21T10:00:00Z',
        answers: { approve: 'x'.repeat(600), reject: 'x'.repeat(600) },
      })
      const bytes = new TextEncoder().encode(JSON.stringify(message)).byteLength
      assert.ok(bytes <= MOST_BYTES, `${kind}: ${bytes}`)
      if (kind === 'approval_needed') assert.match(words.body, /…/)
      assert.ok(!(words.title + words.body).includes('\u0007'))
    }
  }
})

Deno.test('an end says how, and what came of it to its own person only', () => {
  const result = { content: [{ type: 'text', text: 'Created\nNo. 7' }] }
  const ended = { ...call, status: 'success' as const, result }
  assert.deepEqual(wordsFor('execution_ended', ended), {
    title: 'create_issue is done',
    body: 'In Tracker\n“Created No. 7”',
    quiet: false,
    asks: false,
  })
  assert.equal(wordsFor('execution_ended', { ...ended, theirs: false }).body, 'In Tracker')
  const failed = { ...call, status: 'error' as const, error_message: 'The server said no.' }
  assert.equal(wordsFor('execution_ended', failed).body, 'In Tracker\nThe server said no.')
  assert.equal(wordsFor('settled', ended).quiet, true)
})
