// Reads what a server answers within bounds: an ordinary body whole and at once, so that nothing of it
// outlives the request; an event stream as it comes, metered.
import type { Deadline } from './deadline.ts'
import { EgressError } from './egress-error.ts'
import { eventMeter } from './meter.ts'
import { mostValues, valueCounter } from './values.ts'

export type Bounds = {
  limits: { max_bytes: number; total_ms: number; streams: boolean; events_in_window?: number }
  watch: Deadline
  method: string
  onStreamFailure?: (error: unknown) => void
}

/** The same answer, bounded. Throws `EgressError`; a stream throws it while it is read. */
export async function bounded(response: Response, bounds: Bounds): Promise<Response> {
  const { limits, watch } = bounds
  const shape = shapeOf(response)
  if (!response.body) {
    watch.end()
    return new Response(null, shape)
  }
  const streaming = limits.streams && isEventStream(response)
  const channel = streaming && bounds.method === 'GET'
  watch.within(channel ? 0 : limits.total_ms)
  const reader = response.body.getReader({ mode: 'byob' })
  const read = heeding(watch, reader)
  if (streaming) {
    const meter = eventMeter({ ...limits, channel })
    const fail = (error: unknown) => {
      const failure = readFailure(error, watch)
      bounds.onStreamFailure?.(failure)
      watch.end(failure)
      return failure
    }
    return new Response(metered(reader, { read, meter, fail, end: () => watch.end() }), shape)
  }
  try {
    return new Response(await whole(reader, { read, max: limits.max_bytes }), shape)
  } catch (error) {
    throw readFailure(error, watch)
  } finally {
    watch.end()
  }
}

/** The same answer without its body, which is let go of unread. */
export async function unread(response: Response, watch: Deadline): Promise<Response> {
  watch.end()
  await response.body?.cancel().catch(() => {})
  return new Response(null, shapeOf(response))
}

const roomBytes = 64 * 1_024

/** The media type alone, as the SDK reads it. */
export function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type')?.split(';')[0]
  return type?.trim().toLowerCase() === 'text/event-stream'
}

/** The reason phrase is left out: nothing of it is worth believing. */
function shapeOf({ status, headers }: Response): ResponseInit {
  if (status >= 200 && status <= 599) return { status, headers }
  throw new EgressError(
    'protocol',
    'The server answers with a status that HTTP does not have',
    true,
  )
}

function readFailure(error: unknown, watch: Deadline): unknown {
  if (watch.signal.aborted) return watch.signal.reason
  return error instanceof EgressError ? error : EgressError.ofFailedFetch(error)
}

type Reader = ReadableStreamBYOBReader
/** A piece is good until the next one is asked for. */
type Read = () => Promise<{ done: true; value?: undefined } | { done: false; value: Uint8Array }>

/**
 * Reads until the request’s clock or its caller ends it. The runtime ends a body only while it still has
 * the request, which is garbage once the headers are there: after a collection an abort would reach no one.
 */
function heeding({ signal }: Deadline, reader: Reader): Read {
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  // One room for all pieces: the runtime would hand out 64 KiB for a piece of any size, and a hostile
  // answer is many small ones.
  let room = new ArrayBuffer(roomBytes)
  return async () => {
    const { done, value } = await reader.read(new Uint8Array(room))
    if (done && signal.aborted) throw signal.reason
    if (done || !value) return { done: true }
    room = value.buffer
    return { done: false, value }
  }
}

async function whole(reader: Reader, { read, max }: { read: Read; max: number }) {
  let body = new Uint8Array(roomBytes)
  let size = 0
  for (;;) {
    const { done, value } = await read()
    if (done) break
    const end = size + value.byteLength
    if (end > max) {
      await reader.cancel().catch(() => {})
      throw EgressError.tooLarge(max)
    }
    if (end > body.byteLength) {
      const roomier = new Uint8Array(Math.max(end, body.byteLength * 2))
      roomier.set(body.subarray(0, size))
      body = roomier
    }
    body.set(value, size)
    size = end
  }
  const all = body.subarray(0, size)
  // A value takes two bytes at least, so most bodies need no look.
  if (size > 2 * mostValues) valueCounter().see(all)
  return all
}

type Metering = {
  read: Read
  meter: (chunk: Uint8Array) => void
  fail: (error: unknown) => unknown
  end: () => void
}

function metered(reader: Reader, rules: Metering): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await rules.read()
        if (done) {
          rules.end()
          return controller.close()
        }
        rules.meter(value)
        controller.enqueue(value.slice())
      } catch (error) {
        const failure = rules.fail(error)
        await reader.cancel().catch(() => {})
        throw failure
      }
    },
    async cancel(reason) {
      rules.end()
      await reader.cancel(reason).catch(() => {})
    },
  }, { highWaterMark: 0 })
}
