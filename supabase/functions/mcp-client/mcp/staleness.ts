// Says whether a failed call only met an old connection: the server refused it before reading it, so
// nothing ran and one more try on a new connection is safe. Pure.
import { SdkHttpError, UnsupportedProtocolVersionError } from '@modelcontextprotocol/client'
import { httpStatusOf } from './failure.ts'
import type { Lease } from './pool.ts'

/**
 * True for an expired session (404, MCP 2025-11-25 “Session Management”; many servers say 400 and name
 * the session) on a connection used before, and for a server that no longer speaks the remembered era.
 */
export function isStale(error: unknown, lease: Pick<Lease, 'reused' | 'connection'>): boolean {
  const status = httpStatusOf(error)
  const { unproven, hasSession } = lease.connection
  if (unproven) {
    return status === 400 || status === 404 || status === 405 ||
      error instanceof UnsupportedProtocolVersionError
  }
  if (!hasSession || !lease.reused) return false
  return status === 404 || (status === 400 && /session/i.test(bodyOf(error)))
}

function bodyOf(error: unknown): string {
  if (error instanceof SdkHttpError) return String(error.data.text ?? '').slice(0, 1_000)
  return error instanceof Error ? error.message.slice(0, 1_000) : ''
}
