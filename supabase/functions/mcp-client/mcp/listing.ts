// Reads a server’s whole tool list, as raw wire objects, within bounds a hostile server cannot move.
import { measure } from './content.ts'
import type { Connection } from './negotiation.ts'
import { firstPage } from './raw.ts'
import { UpstreamError } from './upstream.ts'

export const listLimits = {
  pages: 64,
  tools: 2_000,
  depth: 64,
  bytes: 8 * 1024 * 1024,
} as const

export type RawTool = Record<string, unknown>

/** A listed tool that cannot be used, and why. */
export type LeftOut = { tool_name: string; message: string }

export type RawTools = {
  tools: RawTool[]
  /** At most 100 are named. */
  left_out: LeftOut[]
  /** How long the server says the list holds (2026-07-28 `ttlMs`), within a minute and a day. */
  fresh_seconds: number | null
}

/**
 * Walks every page. On 2026-07-28 connections the SDK also leaves out tools whose `x-mcp-header`
 * declarations are invalid (a MUST of that revision). Throws what the SDK throws, or `UpstreamError`.
 */
export async function listAll(
  connection: Connection,
  limits: { signal: AbortSignal; timeout_ms: number },
): Promise<RawTools> {
  const found = new Map<string, RawTool>()
  const cursors = new Set<string>()
  const left_out: LeftOut[] = []
  let cursor = firstPage
  let room: number = listLimits.bytes
  for (let pages = 0; pages < listLimits.pages; pages++) {
    const options = { signal: limits.signal, timeout: limits.timeout_ms }
    const page: { tools: unknown; nextCursor?: unknown } = await connection.client
      .listTools({ cursor }, options)
    if (!Array.isArray(page.tools)) throw protocol('The server’s answer is not a list of tools')
    if (found.size + page.tools.length > listLimits.tools) throw tooMany()
    for (const tool of page.tools) {
      const name = nameOf(tool)
      if (
        name === null || found.has(name) ||
        measure(tool, { ...listLimits, bytes: room }) === 'too_deep'
      ) {
        if (left_out.length < 100) left_out.push({ tool_name: name ?? '', message: 'Malformed' })
        continue
      }
      room -= JSON.stringify(tool).length
      if (room < 0) throw tooLarge('The server’s tool list is larger than 8 MiB')
      found.set(name, tool)
    }
    if (typeof page.nextCursor !== 'string') {
      return { tools: [...found.values()], left_out, fresh_seconds: null }
    }
    if (cursors.has(page.nextCursor)) throw protocol('The server’s tool list goes in circles')
    cursors.add(page.nextCursor)
    cursor = page.nextCursor
  }
  throw tooLarge(`The server’s tool list has more than ${listLimits.pages} pages`)
}

/** The name of a usable entry. Control characters have no place in a name that people approve. */
function nameOf(tool: unknown): string | null {
  if (typeof tool !== 'object' || tool === null) return null
  const { name, inputSchema } = tool as RawTool
  if (typeof name !== 'string' || name === '' || name.length > 256) return null
  if (typeof inputSchema !== 'object' || inputSchema === null) return null
  // deno-lint-ignore no-control-regex
  return /[\u0000-\u001f\u007f-\u009f]/.test(name) ? null : name
}

function tooMany() {
  return tooLarge(`The server lists more than ${listLimits.tools} tools`)
}

function tooLarge(message: string) {
  return new UpstreamError('too_large', message)
}

function protocol(message: string) {
  return new UpstreamError('protocol', message)
}
