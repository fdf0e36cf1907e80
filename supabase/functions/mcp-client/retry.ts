// Whether a call that failed may be made again, and when. Pure but for chance: no clock, no I/O.
import type { UpstreamError } from './mcp/upstream.ts'

export type Tried = {
  failed: UpstreamError
  /** How often it was tried so far, and since when. */
  tries: number
  spent_ms: number
  /** When it has to be over. */
  deadline_ms: number
  /** Addresses of the server; another one than was just tried needs no pause. */
  endpoints: number
  /** An admin's word that calling twice does no more than calling once. */
  is_idempotent: boolean
}

const MOST_TRIES = 3
const FIRST_PAUSE_MS = 100
/** A try needs some time to be worth anything. */
const LEAST_LEFT_MS = 200

/**
 * Milliseconds until the next try; null when there must be none. Repeats only what never left, unless the
 * tool is idempotent, and only where the server could not be reached: what it answered, it answered.
 * Exponential backoff with jitter (50–100 %), within the deadline.
 */
export function nextTry(tried: Tried, random: () => number = Math.random): number | null {
  const { failed, tries, endpoints } = tried
  if (failed.reason !== 'unreachable' && failed.reason !== 'timeout') return null
  if (failed.sent && !tried.is_idempotent) return null
  if (tries >= Math.max(MOST_TRIES, endpoints)) return null
  const pause = tries < endpoints
    ? 0
    : Math.round(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + random() / 2))
  return tried.spent_ms + pause + LEAST_LEFT_MS < tried.deadline_ms ? pause : null
}
