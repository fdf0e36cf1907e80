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

test('files of the newest message are sent along, with nothing that is only for the screen', () => {
  const file = { type: 'file', filename: 'a.txt', mediaType: 'text/plain', url: 'data:,' } as const
  const messages: ChatMessage[] = [
    {
      id: '1',
      role: 'user',
      parts: [{ type: 'text', text: 'look' }, { ...file, providerMetadata: {} }],
    },
  ]
  const { message } = chatRequestBody({ team_id: 't', chat_id: 'c', messages })
  expect(message.parts[1]).toEqual(file)
})

test('a message that stands in for another says so', () => {
  const messages: ChatMessage[] = [
    {
      id: '1',
      role: 'user',
      metadata: { replaces: '0' },
      parts: [{ type: 'text', text: 'again' }],
    },
  ]
  expect(chatRequestBody({ team_id: 't', chat_id: 'c', messages }).replaces).toBe('0')
})
