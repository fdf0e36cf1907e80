// How a server is doing, in one word and one sentence. Pure; the clock is an argument.
import type { Server } from '@shared/server.ts'
import { formatDuration, relativeTime } from '@/lib/format.ts'
import type { Tone } from '@/ui/status.tsx'

export type ServerState = { tone: Tone; word: string; sentence: string | null }

type Known = Pick<
  Server,
  | 'is_active'
  | 'connection_status'
  | 'last_error'
  | 'server_type'
  | 'last_connected_at'
  | 'health'
  | 'health_error'
>

/**
 * One answer out of two sources. Checks know whether it can be reached, every minute; the last call or
 * test knows whether it let Astra in. What cannot be reached is said first: the rest follows from it.
 */
export function stateOf(server: Known): ServerState {
  if (!server.is_active) {
    return { tone: 'muted', word: 'Switched off', sentence: 'Nobody can use its tools now.' }
  }
  if (server.server_type === 'stdio' && server.connection_status !== 'connected') {
    return {
      tone: 'warn',
      word: 'Needs a host',
      sentence: server.last_error ??
        'Command servers run on a stdio host, and none is connected yet.',
    }
  }
  if (server.health === 'offline') {
    const sentence = server.health_error ?? server.last_error ?? 'It does not answer'
    return { tone: 'bad', word: 'Offline', sentence: ended(sentence) }
  }
  return fromLastCall(server)
}

function fromLastCall(server: Known): ServerState {
  switch (server.connection_status) {
    case 'connected':
      return fromChecks(server)
    case 'error':
      return server.health === 'online'
        ? {
          tone: 'warn',
          word: 'Last call failed',
          sentence: `${
            ended(server.last_error ?? 'It failed')
          } Since then it answers Astra’s checks.`,
        }
        : { tone: 'bad', word: 'Not working', sentence: server.last_error }
    case 'disconnected':
      return { tone: 'warn', word: 'Disconnected', sentence: server.last_error }
    case 'pending':
      return server.last_connected_at === null
        ? { tone: 'info', word: 'Not tried yet', sentence: testIt(server) }
        : {
          tone: 'info',
          word: 'Not tried since',
          sentence: `Its address or account has changed. ${testIt(server)}`,
        }
  }
}

function testIt({ health }: Known): string {
  return health === 'online'
    ? 'It answers Astra’s checks. Test it to see whether its tools work.'
    : 'Test it to see whether it answers.'
}

function fromChecks({ health, health_error }: Known): ServerState {
  switch (health) {
    case 'degraded':
      return {
        tone: 'warn',
        word: 'Degraded',
        sentence: ended(health_error ?? 'It works, but not all of it, or slowly'),
      }
    case 'online':
      return { tone: 'ok', word: 'Online', sentence: null }
    default:
      return { tone: 'ok', word: 'Connected', sentence: null }
  }
}

/** With the full stop that a sentence of an error may lack. */
function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`
}

/** One of a server's addresses, as its checks and calls see it. */
export function endpointState(
  { status, last_error }: { status: Server['health']; last_error: string | null },
): ServerState {
  switch (status) {
    case 'online':
      return { tone: 'ok', word: 'Online', sentence: null }
    case 'degraded':
      return { tone: 'warn', word: 'Degraded', sentence: ended(last_error ?? 'It answers slowly') }
    case 'offline':
      return { tone: 'bad', word: 'Offline', sentence: last_error && ended(last_error) }
    case 'unknown':
      return { tone: 'muted', word: 'Not checked yet', sentence: null }
  }
}

/** `checked 40 s ago`: within the first minute to the second. */
export function agoWords(then: string, now = new Date()): string {
  const seconds = Math.round((now.getTime() - new Date(then).getTime()) / 1_000)
  if (seconds < 5) return 'just now'
  return seconds < 60 ? `${seconds} s ago` : relativeTime(then, now)
}

/** `answers in 0.2 s` */
export function latencyWords(latency_ms: number | null): string | null {
  return latency_ms === null ? null : `answers in ${formatDuration(latency_ms)}`
}

/** How much longer an address is left alone; null where it is not. */
export function restWords(rests_until: string | null, now = new Date()): string | null {
  if (rests_until === null) return null
  const seconds = Math.ceil((new Date(rests_until).getTime() - now.getTime()) / 1_000)
  if (seconds <= 0) return 'tried again with the next call'
  return `left alone for ${formatDuration(seconds * 1_000)} more`
}

export const transportWords: Record<'streamable_http' | 'sse', string> = {
  streamable_http: 'Streamable HTTP',
  sse: 'SSE (older)',
}

/** Whether an older way had to do, because the one asked for did not answer. */
export function fellBack(asked: Server['server_type'], found: Server['transport']): boolean {
  return asked === 'http' && found === 'sse'
}

export const kindWords: Record<Server['server_type'], string> = {
  http: 'HTTP',
  sse: 'SSE (older)',
  stdio: 'Command (stdio)',
}

/** Where a server is, without what follows: `mcp.example.com`, or the command it runs. */
export function placeOf(server: Pick<Server, 'config'>): string {
  const { url, command, args } = server.config
  if (typeof url === 'string') return hostOf(url)
  if (typeof command !== 'string') return ''
  return [command, ...(Array.isArray(args) ? args : [])].join(' ')
}

/** `mcp.example.com` */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}
