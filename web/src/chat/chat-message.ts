// The one type of message on this screen, as stored and as streamed.
import type { UIMessage } from 'ai'
import type { DataParts, MessageMetadata } from '@shared/chat.ts'

export type ChatMessage = UIMessage<MessageMetadata, DataParts>
export type MessagePart = ChatMessage['parts'][number]

export function textOf(message: ChatMessage): string {
  return message.parts.map((part) => part.type === 'text' ? part.text : '').join('\n').trim()
}
