// The guarded fetch: the only way a request leaves for an upstream. Owns address and DNS checks,
// redirects within one origin, byte caps and deadlines. Refuses anything it cannot prove public.
// Native fetch only: on Deno 2.1.4 other clients never deliver an event stream.
import { judgeAddress } from './address.ts'
import { bounded, unread } from './answer-body.ts'
import { deadline } from './deadline.ts'
import { EgressError } from './egress-error.ts'
import { type NameCheck, nameCheck, type ResolveName } from './names.ts'
import { openTunnel, type Tunnel } from './tunnel.ts'
import { once } from '../once.ts'
import { openSockets, type Sockets } from './sockets.ts'
import { hopTo, isRedirect, mostHops, targetOf } from './redirect.ts'

export { isEventStream } from './answer-body.ts'
export { EgressError, type EgressReason } from './egress-error.ts'

export type EgressSettings = {
  /** The operator’s `host` or `host:port` entries: http, any port, private and unresolved. */
  allowed_private_hosts: string[]
  /** Tests inject this; otherwise the runtime’s DNS. Ignored when `check_name` is given. */
  resolve?: ResolveName
  /** A name check shared by several fetches, so that they share what it remembers. */
  check_name?: NameCheck
  /** A tunnel shared by several fetches, for its owner to close; otherwise one as long as the process. */
  tunnel?: Tunnel
  /** Decompressed bytes of one answer, or of one event of a stream. */
  max_bytes?: number
  /** Events of one answer’s stream in ten seconds; otherwise as many as a tool’s answer may need. */
  events_in_window?: number
  /** From the request to the answer’s headers, redirects included. */
  first_byte_ms?: number
  /** From the request to the answer’s last byte. A GET event stream has none: it is a channel. */
  total_ms?: number
  /** False where no event stream is due: one that comes all the same is an answer like any other. */
  streams?: boolean
  /** True where an answer’s status is all that counts: no redirect is followed, no body is read. */
  status_only?: boolean
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

export type Egress = {
  fetch: GuardedFetch
  /**
   * The server did not answer in time: connections kept to its origin may have died in silence, and none of
   * them is used again. What is on its way there goes on.
   */
  doubt(url: string): void
  /** Lets go of what doubts have opened. A tunnel is its owner’s to close. */
  close(): void
}

type Means = {
  listed: string[]
  checkName: NameCheck
  sockets: Sockets
  tunnel: Tunnel
  redirects: boolean
}

/** As `openEgress`, for whoever asks an origin too seldom to doubt what is kept. */
export function guardedFetch(settings: EgressSettings): GuardedFetch {
  return openEgress(settings).fetch
}

/**
 * Gives a fetch that judges every request before it leaves and bounds every answer.
 * Throws `EgressError`; an abort by the caller’s own signal is rethrown as it came.
 */
export function openEgress(settings: EgressSettings): Egress {
  const checkName = settings.check_name ?? nameCheck(settings.resolve)
  const means: Means = {
    listed: settings.allowed_private_hosts,
    checkName,
    sockets: openSockets(() => Deno.createHttpClient({})),
    tunnel: settings.tunnel ?? openTunnel({ check_name: checkName }),
    redirects: !settings.status_only,
  }
  return {
    fetch: boundedFetch(settings, means),
    doubt(url) {
      const verdict = judgeAddress(url, means.listed)
      if (!verdict.allowed) return
      const by = verdict.listed ? means.sockets : means.tunnel
      void by.doubt(verdict.url.origin)
    },
    close: () => means.sockets.close(),
  }
}

function boundedFetch(settings: EgressSettings, means: Means): GuardedFetch {
  const limits = {
    max_bytes: settings.max_bytes ?? 4 * 1024 * 1024,
    first_byte_ms: settings.first_byte_ms ?? 30_000,
    total_ms: settings.total_ms ?? 60_000,
    streams: settings.streams ?? true,
    events_in_window: settings.events_in_window,
  }
  return async (input, init = {}, onStreamFailure) => {
    const watch = deadline(init.signal ?? null)
    try {
      watch.within(limits.first_byte_ms)
      const response = await follow(input, { init, signal: watch.signal }, means)
      if (settings.status_only) return await unread(response, watch)
      const method = init.method ?? 'GET'
      return await bounded(response, { limits, watch, onStreamFailure, method })
    } catch (error) {
      watch.end(error)
      throw error
    }
  }
}

type Leaving = { init: RequestInit; signal: AbortSignal }

/** Sends, and sends again where a redirect stays within its origin. Every hop is judged anew. */
async function follow(
  input: string | URL,
  request: Leaving,
  means: Means,
): Promise<Response> {
  let target = input
  for (let hops = 0;; hops++) {
    const { url, client } = await judge(target, means)
    const response = await send(url, { ...request, client })
    if (!means.redirects || !isRedirect(response)) return response
    await response.body?.cancel()
    const next = hops < mostHops ? hopTo(url, { response, init: request.init }) : null
    if (!next) throw refusedRedirect(targetOf(url, response))
    target = next
  }
}

/**
 * What no operator listed is reached through the tunnel: a name at the addresses that were checked, and
 * every host at a pace that leaves this process room for its other calls.
 */
async function judge(input: string | URL, means: Means) {
  const verdict = judgeAddress(input, means.listed)
  if (!verdict.allowed) throw new EgressError('address_refused', verdict.message)
  const { url } = verdict
  if (verdict.listed) return { url, client: means.sockets.clientFor(url.origin) }
  if (!verdict.literal) await means.checkName(url.hostname)
  return { url, client: await means.tunnel.client(url.origin) }
}

async function send(url: URL, leaving: Leaving & { client: Deno.HttpClient | null }) {
  const { init, signal, client } = leaving
  const headers = new Headers(init.headers)
  for (const name of hopHeaders) headers.delete(name)
  const request: RequestInit & { client?: Deno.HttpClient } = {
    ...once(init),
    headers,
    signal,
    redirect: 'manual',
    ...(client && { client }),
  }
  try {
    return await fetch(url, request)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw EgressError.ofFailedFetch(error)
  }
}

function refusedRedirect(target: URL | null): EgressError {
  const where = target?.host ? ` to ${target.host}` : ''
  return new EgressError(
    'redirected',
    `The server redirects${where}; this redirect is not followed. Use that address if it is the right one`,
  )
}
