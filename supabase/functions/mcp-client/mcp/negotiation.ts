// Opens one connection to an upstream: which transport, which protocol era, how long it may take.
// Declares elicitation and nothing else: Astra answers no sampling or roots of a server. That a call takes
// a task is declared with the call.
import {
  Client,
  type ConnectOptions,
  type DiscoverResult,
  SSEClientTransport,
} from '@modelcontextprotocol/client'
import { storable } from '../storable.ts'
import { fetchFor } from './challenge.ts'
import type { GuardedFetch } from './egress.ts'
import { httpStatusOf, upstreamFailure } from './failure.ts'
import { Incoming, type IncomingSettings } from './incoming.ts'
import { keepingUnknownFields } from './raw.ts'
import { capabilities } from './task-wire.ts'
import { boundedAnswers, HttpTransport, sendingOf } from './transport.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

export type Connection = {
  client: Client
  /** What the server sends by itself. All work that waits for the server goes through its `during`. */
  incoming: Incoming
  allowed_private_hosts: string[]
  protocol: StoredProtocol
  /** Opened on a remembered modern verdict, so nothing has been exchanged with the server yet. */
  unproven: boolean
  /** A legacy session exists on the server’s side and can expire there. */
  hasSession: boolean
  /** The server has been asked for its log messages. */
  logging: boolean
  /** Why the connection can no longer be used, once it cannot. */
  broken: UpstreamError | null
  close(): Promise<void>
}

export type NegotiationSettings = IncomingSettings & {
  fetch: GuardedFetch
  connect_ms: number
  /** Hears of every answer that arrives, whatever it is. */
  onAnswer?: () => void
}

const legacyBelievedMs = 24 * 60 * 60 * 1_000
const mostDiscoverBytes = 64 * 1_024
const goodbyeMs = 5_000

/**
 * Connects. `http` tries streamable HTTP in both eras and falls back to legacy SSE only when a POST is
 * answered 400, 404 or 405 (MCP 2025-11-25, transports, backwards compatibility); `sse` goes straight
 * there. Throws `UpstreamError` with `sent: false`.
 */
export async function negotiate(
  upstream: Upstream,
  given: NegotiationSettings,
): Promise<Connection> {
  const settings = { ...given, fetch: fetchFor(upstream, given) }
  const deadline = Date.now() + settings.connect_ms
  const known = believable(upstream.protocol)
  try {
    if (upstream.server_type === 'sse') return await openSse(upstream, { ...settings, deadline })
    if (known?.transport === 'sse') {
      const still = await openSse(upstream, { ...settings, deadline }).catch(() => null)
      if (still) return still
    }
    return await openHttpKnowing(upstream, { ...settings, deadline, known })
  } catch (error) {
    throw upstreamFailure(error, { calling: false })
  }
}

type Opening = NegotiationSettings & { deadline: number; known?: StoredProtocol | null }

/** A remembered verdict that the server no longer honours is forgotten, once. */
async function openHttpKnowing(upstream: Upstream, opening: Opening): Promise<Connection> {
  try {
    return await openHttpOrFallBack(upstream, opening)
  } catch (error) {
    const refused = upstreamFailure(error, { calling: false }).reason === 'protocol'
    if (!opening.known || !refused) throw error
    return await openHttpOrFallBack(upstream, { ...opening, known: null })
  }
}

async function openHttpOrFallBack(upstream: Upstream, opening: Opening): Promise<Connection> {
  try {
    return await openHttp(upstream, opening)
  } catch (error) {
    if (![400, 404, 405].includes(httpStatusOf(error) ?? 0)) throw error
    const old = await openSse(upstream, opening).catch(() => null)
    if (old) return old
    throw error
  }
}

async function openHttp(upstream: Upstream, opening: Opening): Promise<Connection> {
  const { fetch, deadline, known } = opening
  const transport = boundedAnswers(
    new HttpTransport(new URL(upstream.url), { fetch, headers: upstream.headers }),
  )
  const incoming = new Incoming(opening)
  const client = newClient('auto', incoming)
  const prior = priorOf(known ?? null)
  await inTime(client.connect(transport, { timeout: remaining(deadline), prior }), {
    deadline,
    giveUp: () => transport.close(),
  })
  const protocol = prior?.kind === 'modern' && known ? known : verdict(client, 'streamable_http')
  return standing(opening, {
    client,
    incoming,
    protocol,
    unproven: prior?.kind === 'modern',
    hasSession: transport.sessionId !== undefined,
    goodbye: () => transport.terminateSession(),
  })
}

async function openSse(upstream: Upstream, opening: Opening): Promise<Connection> {
  let failure: unknown = null
  const transport = boundedAnswers(
    new SSEClientTransport(new URL(upstream.url), {
      requestInit: { headers: upstream.headers },
      fetch: noting(opening.fetch, (error) => failure = error),
    }),
  )
  const sending = sendingOf(transport)
  const incoming = new Incoming(opening)
  const client = newClient('legacy', incoming)
  await inTime(client.connect(transport, { timeout: remaining(opening.deadline) }), {
    deadline: opening.deadline,
    giveUp: () => transport.close(),
  }).catch((error) => {
    throw httpStatusOf(error) === null ? failure ?? error : error
  })
  const connection = standing(opening, {
    client,
    incoming,
    protocol: verdict(client, 'sse'),
    unproven: false,
    hasSession: true,
    async goodbye() {
      await Promise.allSettled(sending)
    },
  })
  // The library would reconnect by itself, to a session that was never initialised: end it instead.
  client.onerror = (error) => {
    connection.broken ??= upstreamFailure(failure ?? error, { calling: true })
    queueMicrotask(() => client.close()) // its reconnect timer is set after this returns
  }
  return connection
}

/** The event source library reports a failed fetch as text only: the error itself is noted. */
function noting(guarded: GuardedFetch, note: (error: unknown) => void) {
  return async (input: string | URL, init?: RequestInit) =>
    await guarded(input, init, note).catch((error) => {
      note(error)
      throw error
    })
}

function newClient(mode: 'auto' | 'legacy', incoming: Incoming): Client {
  const client = new Client({ name: 'astra', version: '0.1.0' }, {
    capabilities,
    versionNegotiation: { mode },
    inputRequired: { autoFulfill: false },
  })
  incoming.attend(client)
  return keepingUnknownFields(client)
}

type Standing = Omit<Connection, 'allowed_private_hosts' | 'logging' | 'broken' | 'close'> & {
  /** What is owed to the server before the connection closes; not waited for long. */
  goodbye(): Promise<void>
}

/** A connection that its transport gave up serves nobody again. */
function standing(opening: Opening, { goodbye, ...parts }: Standing): Connection {
  const connection: Connection = {
    ...parts,
    allowed_private_hosts: opening.allowed_private_hosts,
    logging: false,
    broken: null,
    async close() {
      parts.incoming.close()
      const deadline = Date.now() + goodbyeMs
      await inTime(goodbye(), { deadline, giveUp: () => {} }).catch(() => {})
      await parts.client.close()
    },
  }
  parts.client.onclose = () => {
    const message = 'The connection to the server broke'
    connection.broken ??= new UpstreamError('unreachable', message, { sent: true })
  }
  return connection
}

/** A stale legacy verdict works for ever and hides an upgrade, so it is dated; a modern one fails loudly. */
function believable(stored: StoredProtocol | null): StoredProtocol | null {
  if (!stored) return null
  if (stored.era === 'modern') return stored.discover ? stored : null
  const age = Date.now() - Date.parse(stored.checked_at)
  return age >= 0 && age < legacyBelievedMs ? stored : null
}

function priorOf(known: StoredProtocol | null): ConnectOptions['prior'] {
  if (!known || known.transport === 'sse') return undefined
  if (known.era === 'legacy') return { kind: 'legacy' }
  return { kind: 'modern', discover: known.discover as DiscoverResult }
}

function verdict(client: Client, transport: StoredProtocol['transport']): StoredProtocol {
  const discover = client.getDiscoverResult()
  const small = discover && JSON.stringify(discover).length <= mostDiscoverBytes
  return {
    era: discover ? 'modern' : 'legacy',
    protocol_version: client.getNegotiatedProtocolVersion() ?? 'unknown',
    transport,
    ...(small ? { discover: storable(discover as Record<string, unknown>) } : {}),
    checked_at: new Date().toISOString(),
  }
}

function remaining(deadline: number): number {
  return Math.max(1, deadline - Date.now())
}

/** Waits until the deadline; then, and on any failure, gives up what was being opened. */
async function inTime<T>(
  work: Promise<T>,
  limit: { deadline: number; giveUp: () => unknown },
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new UpstreamError('timeout', 'The server did not answer in time'))
    timer = setTimeout(fail, remaining(limit.deadline))
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    await limit.giveUp()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
