import { expect, test } from 'vitest'
import type { ChatMessage } from './chat-message.ts'
import { chatRequestBody } from './live-chats.ts'

test('only the newest message of the person is sent, as plain text parts', () => {
  const messages: ChatMessage[] = [
    { id: '1', role: 'user', parts: [{ type: 'text', text: 'old' }] },
    { id: '2', role: 'assistant', parts: [{ type: 'text', text: 'answer' }] },
    { id: '3', role: 'user', parts: [{ type: 'text', text: 'new', state: 'done' }] },
  ]
  expect(chatRequestBody({ team_id: 't', chat_id: 'c', messages })).toEqual({
    team_id: 't',
    chat_id: 'c',
    message: { id: '3', role: 'user', parts: [{ type: 'text', text: 'new' }] },
  })
})
