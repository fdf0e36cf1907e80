// The one type of message on this screen, as stored and as streamed.
import type { UIMessage } from 'ai'
import type { DataParts, MessageMetadata } from '@shared/chat.ts'

/** `replaces`: said of a message on its way out, the message of one’s own that it stands in for. */
export type ChatMessage = UIMessage<MessageMetadata & { replaces?: string }, DataParts>
export type MessagePart = ChatMessage['parts'][number]

export function textOf(message: ChatMessage): string {
  return message.parts.map((part) => part.type === 'text' ? part.text : '').join('\n').trim()
}
