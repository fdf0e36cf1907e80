// Counts the values of JSON text before anything parses it: a megabyte of text is a megabyte, but a
// megabyte of tiny values is a hundred once they are objects.
import { EgressError } from './egress-error.ts'

/** Above what a result may hold (content.ts), so that this is only ever met by what is refused there. */
export const mostValues = 150_000

const quote = 34
const comma = 44
const backslash = 92
const openBracket = 91
const openBrace = 123

export type ValueCounter = {
  /** Throws `EgressError` (`too_large`) past the limit. */
  see(bytes: Uint8Array): void
  /** No string of JSON goes on in another line: what a line before has opened is over. */
  endLine(): void
  reset(): void
}

/** For text that comes in pieces. What is inside strings does not count. */
export function valueCounter(most = mostValues): ValueCounter {
  let values = 0
  let inString = false
  let escaped = false
  const endLine = () => {
    inString = false
    escaped = false
  }
  return {
    see(bytes) {
      for (let at = 0; at < bytes.byteLength; at++) {
        const byte = bytes[at]
        if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inString = false
        } else if (byte === quote) inString = true
        else if (byte === comma || byte === openBracket || byte === openBrace) values++
      }
      if (values > most) throw EgressError.tooManyValues()
    },
    endLine,
    reset() {
      values = 0
      endLine()
    },
  }
}
