// The guarded fetch: the only way a request leaves for an upstream. Owns address and DNS checks,
// redirects (never followed), byte caps and deadlines. Refuses anything it cannot prove public.
// Native fetch only: on Deno 2.1.4 other clients never deliver an event stream.
import { judgeAddress } from './address.ts'
import { type NameCheck, nameCheck, type ResolveName } from './names.ts'
import { EgressError } from './egress-error.ts'
import { eventMeter } from './meter.ts'

export { EgressError, type EgressReason } from './egress-error.ts'

export type EgressSettings = {
  /** The operator’s `host` or `host:port` entries: http, any port, private and unresolved. */
  allowed_private_hosts: string[]
  /** Tests inject this; otherwise the runtime’s DNS. Ignored when `check_name` is given. */
  resolve?: ResolveName
  /** A name check shared by several fetches, so that they share what it remembers. */
  check_name?: NameCheck
  /** Decompressed bytes of one answer, or of one event of a stream. */
  max_bytes?: number
  /** From the request to the answer’s headers. */
  first_byte_ms?: number
  /** From the request to the answer’s last byte. A GET event stream has none: it is a channel. */
  total_ms?: number
}

/** `onStreamFailure` hears why an event stream broke after its headers: the reader of the body may not say. */
export type GuardedFetch = (
  input: string | URL,
  init?: RequestInit,
  onStreamFailure?: (error: unknown) => void,
) => Promise<Response>

/** RFC 9110 §7.6.1, plus what the runtime owns. */
const hopHeaders = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
]

/**
 * Gives a fetch that judges every request before it leaves and bounds every answer.
 * Throws `EgressError`; an abort by the caller’s own signal is rethrown as it came.
 */
export function guardedFetch(settings: EgressSettings): GuardedFetch {
  const limits = {
    max_bytes: settings.max_bytes ?? 4 * 1024 * 1024,
    first_byte_ms: settings.first_byte_ms ?? 30_000,
    total_ms: settings.total_ms ?? 60_000,
  }
  const checkName = settings.check_name ?? nameCheck(settings.resolve)

  return async (input, init = {}, onStreamFailure) => {
    const url = await judge(input, { listed: settings.allowed_private_hosts, checkName })
    const watch = deadline(init.signal ?? null)
    try {
      watch.within(limits.first_byte_ms)
      const response = await send(url, { init, signal: watch.signal })
      await refuseRedirect(url, response)
      return await bounded(response, {
        limits,
        watch,
        onStreamFailure,
        method: init.method ?? 'GET',
      })
    } catch (error) {
      watch.end(error)
      throw error
    }
  }
}

async function judge(
  input: string | URL,
  rules: { listed: string[]; checkName: NameCheck },
): Promise<URL> {
  const verdict = judgeAddress(input, rules.listed)
  if (!verdict.allowed) throw new EgressError('address_refused', verdict.message)
  if (!verdict.listed && !verdict.literal) await rules.checkName(verdict.url.hostname)
  return verdict.url
}

async function send(url: URL, request: { init: RequestInit; signal: AbortSignal }) {
  const headers = new Headers(request.init.headers)
  for (const name of hopHeaders) headers.delete(name)
  const { signal } = request
  try {
    return await fetch(url, { ...request.init, headers, signal, redirect: 'manual' })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw EgressError.ofFailedFetch(error)
  }
}

async function refuseRedirect(url: URL, response: Response): Promise<void> {
  if (response.status < 300 || response.status > 399 || response.status === 304) return
  await response.body?.cancel()
  const location = response.headers.get('location')
  const target = location && URL.canParse(location, url) ? new URL(location, url).host : ''
  const where = target ? ` to ${target}` : ''
  throw new EgressError(
    'redirected',
    `The server redirects${where}; redirects are not followed. Use that address if it is the right one`,
  )
}

type Bounds = {
  limits: { max_bytes: number; total_ms: number }
  watch: Deadline
  method: string
  onStreamFailure?: (error: unknown) => void
}

/** Ordinary answers are read whole here, so that nothing of them outlives this call. */
async function bounded(response: Response, bounds: Bounds): Promise<Response> {
  const { limits, watch } = bounds
  const shape = {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  }
  if (!response.body) {
    watch.end()
    return new Response(null, shape)
  }
  const streaming = isEventStream(response)
  const channel = streaming && bounds.method === 'GET'
  watch.within(channel ? 0 : limits.total_ms)
  const reader = response.body.getReader()
  if (streaming) {
    const meter = eventMeter({ max_bytes: limits.max_bytes, channel })
    const fail = (error: unknown) => {
      const failure = readFailure(error, watch)
      bounds.onStreamFailure?.(failure)
      watch.end(failure)
      return failure
    }
    return new Response(metered(reader, { meter, fail, end: () => watch.end() }), shape)
  }
  try {
    return new Response(await whole(reader, limits.max_bytes), shape)
  } catch (error) {
    throw readFailure(error, watch)
  } finally {
    watch.end()
  }
}

function readFailure(error: unknown, watch: Deadline): unknown {
  if (watch.signal.aborted) return watch.signal.reason
  return error instanceof EgressError ? error : EgressError.ofFailedFetch(error)
}

/** The media type alone, as the SDK reads it. */
export function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type')?.split(';')[0]
  return type?.trim().toLowerCase() === 'text/event-stream'
}

async function whole(reader: ReadableStreamDefaultReader<Uint8Array>, max: number) {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > max) {
      await reader.cancel().catch(() => {})
      throw EgressError.tooLarge(max)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

function metered(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  rules: { meter: (chunk: Uint8Array) => void; fail: (error: unknown) => unknown; end: () => void },
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
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

type Deadline = {
  signal: AbortSignal
  /** Restarts the clock; 0 stops it. */
  within(ms: number): void
  /** Stops the clock and lets go of the caller’s signal; with an error the request is torn down. */
  end(error?: unknown): void
}

function deadline(outer: AbortSignal | null): Deadline {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted) follow()
  else outer?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    within(ms) {
      clearTimeout(timer)
      if (ms > 0) timer = setTimeout(() => controller.abort(EgressError.timeout()), ms)
    },
    end(error) {
      clearTimeout(timer)
      outer?.removeEventListener('abort', follow)
      if (error !== undefined && !controller.signal.aborted) controller.abort(error)
    },
  }
}
