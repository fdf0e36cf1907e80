// How a server is doing, in one word and one sentence. Pure.
import type { Server, TestStep } from '@shared/server.ts'
import type { Tone } from '@/ui/status.tsx'

export type ServerState = { tone: Tone; word: string; sentence: string | null }

type Known = Pick<Server, 'is_active' | 'connection_status' | 'last_error' | 'server_type'>

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
      return { tone: 'info', word: 'Not tried yet', sentence: 'Test it to see whether it answers.' }
  }
}

export const stepWords: Record<TestStep['step'], string> = {
  address: 'Find the address',
  connect: 'Connect',
  sign_in: 'Sign in',
  list_tools: 'Read its tools',
}

/** What a person can do when this is the step that failed. */
export const stepAdvice: Record<TestStep['step'], string> = {
  address:
    'Check the address for a typing mistake. Addresses inside your network must be allowed by whoever runs this Astra.',
  connect:
    'Check that the server is running and that the address ends where its documentation says, often /mcp or /sse. An older server may need the other type.',
  sign_in: 'The server wants a credential, or refuses the one it has. Replace it and try again.',
  list_tools: 'The server answers but does not hand out tools. Its own log should say why.',
}

export const transportWords: Record<'streamable_http' | 'sse', string> = {
  streamable_http: 'Streamable HTTP',
  sse: 'SSE (older)',
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
