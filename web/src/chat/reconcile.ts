// Which messages to show: what is on the screen, what the database has, and what was never confirmed. Pure.
import type { ChatMessage } from './chat-message.ts'
import type { Unsent } from './drafts.ts'
import type { MessageRow } from './queries.ts'
import { readQuote } from './quote.ts'

/**
 * The database wins as soon as it knows everything that is on the screen. Until then the screen
 * stays, so that an answer never disappears between its stream and its row.
 */
export function reconcile(
  shown: ChatMessage[],
  stored: MessageRow[],
  unsent: Unsent | null,
): ChatMessage[] {
  const known = new Set(stored.map(({ id }) => id))
  const behind = shown.some((message) =>
    !known.has(message.id) && message.id !== unsent?.id && !isBefore(message, stored[0])
  )
  if (behind) return shown
  const settled = stored.map((row) => newer(row, shown))
  if (!unsent || known.has(unsent.id)) return settled
  return [...settled, asMessage(unsent)]
}

/** A row of an earlier page, shown from a copy until the newest page came. */
function isBefore(message: ChatMessage, first: MessageRow | undefined): boolean {
  return first !== undefined && 'created_at' in message &&
    Date.parse(String(message.created_at)) < Date.parse(first.created_at)
}

/** A row that is still being written may know less than what has already arrived here. */
function newer(row: MessageRow, shown: ChatMessage[]): ChatMessage {
  if (row.status !== 'streaming') return row
  const arrived = shown.find(({ id }) => id === row.id)
  return arrived && arrived.parts.length > row.parts.length ? arrived : row
}

export function asMessage({ id, text, quotes = [] }: Unsent): ChatMessage {
  return { id, role: 'user', parts: [text, ...quotes].map((text) => ({ type: 'text', text })) }
}

/** What its writer wrote in it, and what is attached, as it is written. */
export function asWritten(message: ChatMessage): Pick<Unsent, 'text' | 'quotes'> {
  const texts = message.parts.flatMap((part) => part.type === 'text' ? [part.text] : [])
  const own = texts.filter((text) => readQuote(text) === null)
  return { text: own.join('\n').trim(), quotes: texts.filter((text) => readQuote(text) !== null) }
}
