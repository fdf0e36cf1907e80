// Reads what a server answers within bounds: an ordinary body whole and at once, so that nothing of it
// outlives the request; an event stream as it comes, metered.
import { Buffer } from 'node:buffer'
import type { Deadline } from './deadline.ts'
import { EgressError } from './egress-error.ts'
import { eventMeter } from './meter.ts'
import { mostValues, valueCounter } from './values.ts'

export type Bounds = {
  limits: { max_bytes: number; total_ms: number; streams: boolean }
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
  const reader = response.body.getReader()
  const read = heeding(watch, reader)
  if (streaming) {
    const meter = eventMeter({ max_bytes: limits.max_bytes, channel })
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

type Reader = ReadableStreamDefaultReader<Uint8Array>
type Read = Reader['read']

/**
 * Reads until the request’s clock or its caller ends it. The runtime ends a body only while it still has
 * the request, which is garbage once the headers are there: after a collection an abort would reach no one.
 */
function heeding({ signal }: Deadline, reader: Reader): Read {
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return async () => {
    const piece = await reader.read()
    if (piece.done && signal.aborted) throw signal.reason
    return piece
  }
}

async function whole(reader: Reader, { read, max }: { read: Read; max: number }) {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await read()
    if (done) break
    size += value.byteLength
    if (size > max) {
      await reader.cancel().catch(() => {})
      throw EgressError.tooLarge(max)
    }
    chunks.push(value)
  }
  const body = Buffer.concat(chunks)
  // A value takes two bytes at least, so most bodies need no look.
  if (size > 2 * mostValues) valueCounter().see(body)
  return body
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
        controller.enqueue(value)
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
