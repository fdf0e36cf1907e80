// Which messages to show: what is on the screen, what the database has, and what was never confirmed. Pure.
import { ATTACHMENT_URL } from '@shared/chat.ts'
import type { ChatMessage } from './chat-message.ts'
import type { AttachedFile, Unsent } from './drafts.ts'
import type { MessageRow } from './queries.ts'
import { readQuote } from './quote.ts'

type Sides = {
  shown: ChatMessage[]
  stored: MessageRow[]
  unsent: Unsent | null
  /** What the database has had: where it is there no more, it was taken back. Grows by `stored`. */
  had: Set<string>
}

/**
 * The database wins as soon as it knows everything that is on the screen. Until then the screen
 * stays, so that an answer never disappears between its stream and its row.
 */
export function reconcile({ shown, stored, unsent, had }: Sides): ChatMessage[] {
  const known = new Set(stored.map(({ id }) => id))
  for (const id of known) had.add(id)
  const behind = shown.some(({ id }) => !had.has(id) && id !== unsent?.id)
  if (behind) return shown
  const settled = stored.map((row) => newer(row, shown))
  if (!unsent || known.has(unsent.id)) return settled
  return [...settled, asMessage(unsent)]
}

/** A row that is still being written may know less than what has already arrived here. */
function newer(row: MessageRow, shown: ChatMessage[]): ChatMessage {
  if (row.status !== 'streaming') return row
  const arrived = shown.find(({ id }) => id === row.id)
  return arrived && weight(arrived) > weight(row) ? arrived : row
}

function weight({ parts }: ChatMessage): number {
  return JSON.stringify(parts).length
}

/** What stays on the screen when a message is sent: not what it stands in for, nor what came after that. */
export function without(
  shown: ChatMessage[],
  { id, replaces }: Pick<Unsent, 'id' | 'replaces'>,
): ChatMessage[] {
  const from = shown.findIndex((message) => message.id === replaces)
  const left = from === -1 ? shown : shown.slice(0, from)
  return left.filter((message) => message.id !== id)
}

export function asMessage(
  { id, text, quotes = [], files = [], replaces }: Unsent,
): ChatMessage {
  return {
    id,
    role: 'user',
    ...replaces === undefined ? {} : { metadata: { replaces } },
    parts: [
      ...[text, ...quotes].map((text) => ({ type: 'text' as const, text })),
      ...files.map(({ name, mediaType, url }) => ({
        type: 'file' as const,
        filename: name,
        mediaType,
        url,
      })),
    ],
  }
}

/** What its writer wrote in it, and what is attached, as it is written. */
export function asWritten(message: ChatMessage): Pick<Unsent, 'text' | 'quotes'> {
  const texts = message.parts.flatMap((part) => part.type === 'text' ? [part.text] : [])
  const own = texts.filter((text) => readQuote(text) === null)
  return { text: own.join('\n').trim(), quotes: texts.filter((text) => readQuote(text) !== null) }
}

/** A file of a message: here already, or to be read by its id. */
export type SentFile = AttachedFile & { id: string | null }

export function filesOf(message: ChatMessage): SentFile[] {
  return message.parts.flatMap((part) => {
    if (part.type !== 'file') return []
    const { filename: name = 'file', mediaType, url } = part
    const id = url.startsWith(ATTACHMENT_URL) ? url.slice(ATTACHMENT_URL.length) : null
    return [{ id, name, mediaType, url }]
  })
}
