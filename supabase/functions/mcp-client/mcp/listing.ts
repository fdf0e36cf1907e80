// Reads a server’s whole tool list, as raw wire objects, and says which of them cannot be used and why;
// and what the server said of itself when it was met.
import { cleanText } from './content.ts'
import { headerFault } from './header-parameters.ts'
import { inNobodysName } from './incoming.ts'
import type { Connection } from './negotiation.ts'
import { isBounded, walkPages } from './pages.ts'

const mostNamed = 100
const subscribeMs = 10_000
const longestName = 256
const fresh = { least: 60, most: 86_400 }

export type RawTool = Record<string, unknown>

/** A listed tool that cannot be used, and why. */
export type LeftOut = { tool_name: string; message: string }

export type RawTools = {
  tools: RawTool[]
  /** At most 100 are named. */
  left_out: LeftOut[]
  /** How long the server says the list holds (2026-07-28 `ttlMs`), within a minute and a day; null when it does not. */
  fresh_seconds: number | null
}

/** Walks every page. Throws what the SDK throws, or `UpstreamError`. */
export async function listAll(connection: Connection, signal: AbortSignal): Promise<RawTools> {
  if (!connection.client.getServerCapabilities()?.tools) {
    return { tools: [], left_out: [], fresh_seconds: null }
  }
  const walk = { method: 'tools/list', field: 'tools', called: 'tools', signal }
  const { entries, ttl_ms } = await walkPages(connection, walk)
  const found = new Map<string, RawTool>()
  const left_out: LeftOut[] = []
  for (const entry of entries) {
    const name = nameOf(entry)
    const fault = name === null
      ? 'It has no name'
      : faultOf(entry as RawTool, { connection, found })
    if (fault === null) found.set(name!, entry as RawTool)
    else if (left_out.length < mostNamed) {
      left_out.push({ tool_name: cleanText(name ?? '', longestName), message: fault })
    }
  }
  return { tools: [...found.values()], left_out, fresh_seconds: freshSeconds(ttl_ms) }
}

/**
 * Subscribes to news of the tools, for as long as the connection lives: 2026-07-28 servers tell it only
 * to those who ask. Nobody waits for it, and a server that refuses is read again when someone asks.
 */
export function followTools({ client, protocol }: Connection): void {
  if (protocol.era !== 'modern' || !client.getServerCapabilities()?.tools?.listChanged) return
  inNobodysName(() => client.listen({ toolsListChanged: true }, { timeout: subscribeMs }))
    .catch(() => {})
}

/** Its own words, cleaned and capped. */
export function introduction({ client, protocol }: Connection) {
  const instructions = client.getInstructions()
  const version = client.getServerVersion()
  return {
    protocol,
    instructions: instructions === undefined ? null : cleanText(instructions, 20_000),
    server_info: version
      ? { name: cleanText(version.name, 200), version: cleanText(version.version, 100) }
      : null,
  }
}

function nameOf(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { name } = entry as RawTool
  return typeof name === 'string' && name !== '' ? name : null
}

function faultOf(
  tool: RawTool,
  { connection, found }: { connection: Connection; found: Map<string, RawTool> },
): string | null {
  const name = tool.name as string
  // Control characters have no place in a name that people approve.
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return 'Its name holds control characters'
  if (name.length > longestName) return `Its name is longer than ${longestName} characters`
  if (found.has(name)) return 'The server lists this name more than once; the first one is used'
  if (typeof tool.inputSchema !== 'object' || tool.inputSchema === null) {
    return 'It does not say what parameters it takes'
  }
  if (!isBounded(tool)) return 'Its definition is too large or nested too deeply'
  const fault = connection.protocol.era === 'modern' ? headerFault(tool.inputSchema) : null
  return fault && `Its parameters that travel as headers (x-mcp-header) break the rules: ${fault}`
}

function freshSeconds(ttl_ms: number | null): number | null {
  if (ttl_ms === null || Number.isNaN(ttl_ms)) return null
  return Math.min(Math.max(Math.ceil(ttl_ms / 1_000), fresh.least), fresh.most)
}
