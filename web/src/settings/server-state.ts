// How a server is doing, in one word and one sentence. Pure.
import type { Server } from '@shared/server.ts'
import type { Tone } from '@/ui/status.tsx'

export type ServerState = { tone: Tone; word: string; sentence: string | null }

type Known = Pick<
  Server,
  'is_active' | 'connection_status' | 'last_error' | 'server_type' | 'last_connected_at'
>

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
  switch (server.connection_status) {
    case 'connected':
      return { tone: 'ok', word: 'Connected', sentence: null }
    case 'error':
      return { tone: 'bad', word: 'Not working', sentence: server.last_error }
    case 'disconnected':
      return { tone: 'warn', word: 'Disconnected', sentence: server.last_error }
    case 'pending':
      return server.last_connected_at === null
        ? { tone: 'info', word: 'Not tried yet', sentence: 'Test it to see whether it answers.' }
        : {
          tone: 'info',
          word: 'Not tried since',
          sentence: 'Its address or account has changed. Test it to see whether it answers.',
        }
  }
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
  if (typeof url === 'string') return URL.canParse(url) ? new URL(url).host : url
  if (typeof command !== 'string') return ''
  return [command, ...(Array.isArray(args) ? args : [])].join(' ')
}
