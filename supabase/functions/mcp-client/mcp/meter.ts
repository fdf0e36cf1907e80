// Counts the bytes of an event stream. A single event may be as large as an answer; an answer’s
// stream as a whole a few times that; a channel (a GET stream that lives on) has no total, only a
// pace: killing a healthy channel after n bytes would fail calls that did nothing wrong.
import { EgressError } from './egress-error.ts'

const answersPerStream = 4
/** Every event is parsed and checked: many small ones cost more than one large one. */
const mostEvents = { answer: 5_000, channel: 50_000 }
const answersPerWindow = 16
const windowMs = 10_000
const newline = 10
const carriageReturn = 13

/** Gives a function that is shown every chunk and throws `EgressError` (`too_large`) past a limit. */
export function eventMeter(limits: { max_bytes: number; channel: boolean }) {
  const { max_bytes, channel } = limits
  let total = 0
  let events = 0
  let event = 0
  let lineIsEmpty = true
  let windowEnds = Date.now() + windowMs

  return (chunk: Uint8Array): void => {
    if (channel && Date.now() > windowEnds) {
      total = 0
      events = 0
      windowEnds = Date.now() + windowMs
    }
    total += chunk.byteLength
    if (total > max_bytes * (channel ? answersPerWindow : answersPerStream)) {
      throw EgressError.tooLarge(max_bytes)
    }
    let from = 0
    for (;;) {
      const end = chunk.indexOf(newline, from)
      const line = chunk.subarray(from, end < 0 ? chunk.byteLength : end)
      event += line.byteLength + 1
      if (event > max_bytes) throw EgressError.tooLarge(max_bytes)
      lineIsEmpty &&= line.every((byte) => byte === carriageReturn)
      if (end < 0) return
      if (lineIsEmpty) {
        event = 0
        if (++events > mostEvents[channel ? 'channel' : 'answer']) {
          throw EgressError.tooLarge(max_bytes)
        }
      }
      lineIsEmpty = true
      from = end + 1
    }
  }
}
