// When the database is looked at again for a conversation, and how what it then has joins what is known. Pure.
import type { MessageRow } from './queries.ts'

/** Rows are kept once a second while an answer is written. */
const whileWrittenMs = 1_000
const whileWrittenLongMs = 3_000
const longMs = 10 * 60_000
/** A call waits for a person or runs in the background; then the assistant goes on by itself. */
const whileWaitingMs = 2_500
/** So many of the newest are looked at again: what else can change was there before. */
export const tailLength = 6
const looksBack = 20

export type Known = Pick<MessageRow, 'status' | 'waits' | 'created_at'>

/** How long until the next look; false where nothing is to be expected. */
export function pauseUntilNextLook(rows: Known[] | undefined, now: number): number | false {
  const newest = rows?.slice(-looksBack) ?? []
  const written = newest.findLast(({ status }) => status === 'streaming')
  if (written) {
    return now - Date.parse(written.created_at) < longMs ? whileWrittenMs : whileWrittenLongMs
  }
  return newest.some(({ waits }) => waits) ? whileWaitingMs : false
}

/** The newest messages as they are now, in place of what was known of that time. */
export function withTail(known: MessageRow[], tail: MessageRow[]): MessageRow[] {
  // Fewer than asked for is all there is.
  if (tail.length < tailLength) return tail
  const from = Date.parse(tail[0]!.created_at)
  const ids = new Set(tail.map(({ id }) => id))
  const before = known.filter(({ id, created_at }) =>
    Date.parse(created_at) <= from && !ids.has(id)
  )
  return [...before, ...tail]
}

/** The answer to this person that is being written, wherever it was asked for. */
export function writtenFor(rows: MessageRow[] | undefined, user_id: string): MessageRow | null {
  if (!rows?.some(({ status }) => status === 'streaming')) return null
  const mine = new Set(rows.flatMap((row) => row.user_id === user_id ? [row.id] : []))
  const written = rows.findLast(({ status, answers }) =>
    status === 'streaming' && mine.has(answers ?? '')
  )
  return written ?? null
}
