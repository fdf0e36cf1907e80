// Counts the bytes, values and events of an event stream. A single event may be as large as an answer; an
// answer’s stream as a whole a few times that; a channel (a GET stream that lives on) has no total, only
// a pace: killing a healthy channel after n bytes would fail calls that did nothing wrong. Events have a
// pace everywhere: a slow call may tell its progress for as long as it runs.
import { EgressError } from './egress-error.ts'
import { valueCounter } from './values.ts'

const answersPerStream = 4
/** In a window. Every event is parsed and checked: many small ones cost more than one large one. */
const mostEvents = { answer: 2_000, channel: 50_000 }
const answersPerWindow = 16
const windowMs = 10_000
const lineFeed = 10
const carriageReturn = 13

type MeterLimits = { max_bytes: number; channel: boolean; events_in_window?: number }

/** Gives a function that is shown every chunk and throws `EgressError` (`too_large`) past a limit. */
export function eventMeter(limits: MeterLimits, now = Date.now) {
  const { max_bytes, channel } = limits
  const most = channel ? mostEvents.channel : limits.events_in_window ?? mostEvents.answer
  let total = 0
  let events = 0
  let event = 0
  let line = 0
  let windowEnds = now() + windowMs
  const split = lineSplitter()
  const values = valueCounter()

  return (chunk: Uint8Array): void => {
    if (now() > windowEnds) {
      if (channel) total = 0
      events = 0
      windowEnds = now() + windowMs
    }
    total += chunk.byteLength
    if (total > max_bytes * (channel ? answersPerWindow : answersPerStream)) {
      throw EgressError.tooLarge(max_bytes)
    }
    split(chunk, (piece, isEnded) => {
      line += piece.byteLength
      event += piece.byteLength
      if (event > max_bytes) throw EgressError.tooLarge(max_bytes)
      values.see(piece)
      if (!isEnded) return
      values.endLine()
      if (line === 0) {
        event = 0
        values.reset()
        if (++events > most) throw EgressError.tooMany()
      }
      line = 0
    })
  }
}

/** Lines end with CR, LF or both (WHATWG HTML §9.2.5), and may be cut anywhere by a chunk’s end. */
function lineSplitter() {
  let endedWithReturn = false
  return (chunk: Uint8Array, tell: (piece: Uint8Array, isEnded: boolean) => void): void => {
    let from = endedWithReturn && chunk[0] === lineFeed ? 1 : 0
    let feed = chunk.indexOf(lineFeed, from)
    let carriage = chunk.indexOf(carriageReturn, from)
    while (feed >= 0 || carriage >= 0) {
      const end = feed < 0 ? carriage : carriage < 0 ? feed : Math.min(feed, carriage)
      tell(chunk.subarray(from, end), true)
      from = end + 1
      if (end === carriage) {
        if (feed === from) from++
        carriage = chunk.indexOf(carriageReturn, from)
      }
      if (feed >= 0 && feed < from) feed = chunk.indexOf(lineFeed, from)
    }
    if (from < chunk.byteLength) tell(chunk.subarray(from), false)
    if (chunk.byteLength > 0) endedWithReturn = chunk.at(-1) === carriageReturn
  }
}
