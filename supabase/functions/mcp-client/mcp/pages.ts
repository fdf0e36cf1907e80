// Walks a paginated list of a server (MCP “Pagination”), within bounds a hostile server cannot move.
import { isRecord } from '../../../../shared/json.ts'
import { noClock } from './budget.ts'
import { measure } from './content.ts'
import type { Connection } from './negotiation.ts'
import { askRaw } from './raw.ts'
import { UpstreamError } from './upstream.ts'

const listLimits = {
  pages: 64,
  entries: 2_000,
  depth: 64,
  bytes: 8 * 1024 * 1024,
  /** Everyone who opens a page of the app, and every model, reads all of an entry. */
  entry_bytes: 256 * 1024,
} as const

export type Walk = {
  method: string
  /** The field of a page that holds its entries. */
  field: string
  /** What they are called in our sentences. */
  called: string
  signal: AbortSignal
}

/** `ttl_ms`: the shortest life that a page gave itself (2026-07-28), or null. */
export type Walked = { entries: unknown[]; ttl_ms: number | null }

/** Gives the entries of every page, as they came. Throws what the SDK throws, or `UpstreamError`. */
export async function walkPages(connection: Connection, walk: Walk): Promise<Walked> {
  const walked: Walked = { entries: [], ttl_ms: null }
  const cursors = new Set<string>()
  let room: number = listLimits.bytes
  let cursor: string | undefined
  for (let pages = 0; pages < listLimits.pages; pages++) {
    const page = await pageAt(connection, { ...walk, cursor })
    const entries = page[walk.field]
    if (!Array.isArray(entries)) {
      throw new UpstreamError('protocol', `The server’s answer is not a list of ${walk.called}`)
    }
    if (walked.entries.length + entries.length > listLimits.entries) {
      throw tooLarge(`The server lists more than ${listLimits.entries} ${walk.called}`)
    }
    room -= sizeOf(entries)
    if (room < 0) throw tooLarge(`The server’s list of ${walk.called} is larger than 8 MiB`)
    walked.entries.push(...entries)
    if (typeof page.ttlMs === 'number') {
      walked.ttl_ms = Math.min(page.ttlMs, walked.ttl_ms ?? Infinity)
    }
    if (typeof page.nextCursor !== 'string') return walked
    if (cursors.has(page.nextCursor)) {
      throw new UpstreamError('protocol', `The server’s list of ${walk.called} goes in circles`)
    }
    cursors.add(page.nextCursor)
    cursor = page.nextCursor
  }
  throw tooLarge(`The server’s list of ${walk.called} has more than ${listLimits.pages} pages`)
}

async function pageAt(
  { client }: Connection,
  { method, signal, cursor }: Walk & { cursor?: string },
): Promise<Record<string, unknown>> {
  const params = cursor === undefined ? undefined : { cursor }
  const page = await askRaw(client, { method, params }, { signal, timeout: noClock })
  return isRecord(page) ? page : {}
}

/** What nobody could write out is not counted: whoever uses the entries leaves it out. */
function sizeOf(entries: unknown[]): number {
  return JSON.stringify(entries.filter(isBounded)).length
}

export function isBounded(entry: unknown): boolean {
  const { depth, entry_bytes } = listLimits
  return measure(entry, { depth, bytes: entry_bytes }) === 'fits'
}

function tooLarge(message: string): UpstreamError {
  return new UpstreamError('too_large', message)
}
