// Follows the HTTP/1.1 answers on one connection just far enough to say where in them a moment is.
import type { Break } from './wire.ts'

/** Into a JSON body, and past the first event of a stream: in the middle of a token, or of a chunk’s head. */
const intoJson = 60
const intoEvent = 20

export type AnswerReader = {
  /** A request has gone out: an answer to it comes next. */
  expect(): void
  /** The offset at which it is to break in a piece of an answer, or null when it is not in this piece. */
  find(piece: string, broken: Break | null): number | null
  /** An event stream has begun. */
  streaming(): boolean
}

export function answerReader(): AnswerReader {
  let head = ''
  let type: 'json' | 'stream' | 'other' | null = null
  /** The body, from where somebody began to look. */
  let body = ''
  return {
    expect() {
      head = ''
      body = ''
      type = null
    },
    find(piece, broken) {
      if (broken?.moment === 'first byte') return 0
      let from = 0
      if (type === null) {
        const before = head.length
        head += piece
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return null
        type = typeOf(head.slice(0, end))
        from = end + 4 - before
      }
      if (!broken) {
        body = ''
        return null
      }
      const seen = body.length
      body += piece.slice(from)
      const at = placeIn(body, { type, broken })
      return at === null ? null : from + Math.max(0, at - seen)
    },
    streaming: () => type === 'stream',
  }
}

function typeOf(head: string): 'json' | 'stream' | 'other' {
  if (/^content-type: *application\/json/im.test(head)) return 'json'
  return /^content-type: *text\/event-stream/im.test(head) ? 'stream' : 'other'
}

function placeIn(body: string, { type, broken }: { type: string; broken: Break }): number | null {
  const { moment, fault } = broken
  if (moment === 'mid-JSON' && type === 'json') return body.length > intoJson ? intoJson : null
  if (moment !== 'mid-SSE' || type !== 'stream') return null
  // What is cut off properly is cut off between two chunks.
  const mark = fault === 'truncated' ? '\n\n\r\n' : '\n\n'
  const at = body.indexOf(mark)
  if (at < 0) return null
  const place = at + mark.length + (fault === 'truncated' ? 0 : intoEvent)
  return body.length > place || fault === 'truncated' ? place : null
}

/** An answer’s first piece, announcing no more of its body than comes before the break. */
export function announceLess(piece: string): string {
  return piece.replace(/^content-length: *\d+/im, `content-length: ${intoJson}`)
}
