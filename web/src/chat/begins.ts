// For whom a chat is begun, until its first message has arrived: kept on this device, since a message that is
// written without a network leaves much later.
import type { ChatVisibility } from '@shared/chat.ts'
import { forget, keep, kept } from '@/lib/kept.ts'

export const beginsFor = (chat_id: string): ChatVisibility =>
  kept(`begins.${chat_id}`) === 'team' ? 'team' : 'private'

export function keepBegins(chat_id: string, visibility: ChatVisibility): void {
  if (visibility === 'team') keep(`begins.${chat_id}`, visibility)
}

/** The database knows. */
export const forgetBegins = (chat_id: string): void => forget(`begins.${chat_id}`)
