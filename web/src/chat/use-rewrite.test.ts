import { expect, test } from 'vitest'
import { usageFacts } from './answer-line.tsx'
import type { ChatMessage } from './chat-message.ts'
import { againOf } from './use-rewrite.ts'

const person = (id: string): ChatMessage => ({
  id,
  role: 'user',
  parts: [{ type: 'text', text: id }],
})
const answer = (id: string, called = false): ChatMessage => ({
  id,
  role: 'assistant',
  parts: called
    ? [{
      type: 'dynamic-tool',
      toolName: 'x__y',
      toolCallId: 'c',
      state: 'input-streaming',
      input: {},
    }]
    : [{ type: 'text', text: id }],
})

test('the newest answer without tools takes nothing back: it is given again at once', () => {
  const messages = [person('q'), answer('a')]
  expect(againOf(messages, messages[1]!)).toEqual({
    question: messages[0],
    takesBack: false,
    called: false,
  })
})

test('an answer that went on by itself is given again from its question, tools and all', () => {
  const messages = [person('q'), answer('a', true), answer('b')]
  expect(againOf(messages, messages[2]!)).toMatchObject({ question: { id: 'q' }, called: true })
})

test('an earlier answer takes back what was said since', () => {
  const messages = [person('q'), answer('a'), person('r'), answer('b', true)]
  expect(againOf(messages, messages[1]!)).toMatchObject({ takesBack: true, called: true })
  expect(againOf([answer('a')], answer('a'))).toBeNull()
})

test('what an answer took is told as far as its provider does', () => {
  expect(usageFacts({})).toEqual([])
  expect(usageFacts({ output_tokens: 5 })).toEqual(['5 written'])
  expect(usageFacts({ input_tokens: 1_200, output_tokens: 34, cost_usd: 0.0123 }))
    .toEqual(['1,200 tokens read, 34 written', '$0.01'])
  expect(usageFacts({ cost_usd: 0.00042 })).toEqual(['$0.00042'])
})
