// What a person pastes to add a server: an address, or the piece of JSON other MCP programs keep. Pure.
import { isRecord } from '@shared/json.ts'

export type ServerKind = 'http' | 'sse' | 'stdio'

/** What could be read out of a paste. `headers` hold secrets: they go into the credential, nowhere else. */
export type ServerSource = {
  name: string
  kind: ServerKind
  url: string
  headers: Record<string, string>
  /** A key that stood in the address. */
  key: { parameter: string; value: string } | null
  command: string
  args: string[]
  env: Record<string, string>
  /** Servers in the paste beside this one. */
  others: number
}

const nothing = { url: '', headers: {}, key: null, command: '', args: [], env: {}, others: 0 }

/** Null when it is neither an address nor a configuration (yet). */
export function readPaste(text: string): ServerSource | null {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) return readConfig(trimmed)
  const url = asAddress(trimmed)
  return url ? { ...nothing, url: url.href, name: nameOf(url), kind: kindOf(url) } : null
}

const secretName = /^(?:api[-_]?key|key|(?:access[-_]?|auth[-_]?|api[-_]?)?token|secret|password)$/i

/** Addresses are readable to the whole team: what looks like a secret in one is taken out of it. */
export function withoutKey(url: URL): Pick<ServerSource, 'url' | 'key'> {
  const found = [...url.searchParams].find(([name, value]) => secretName.test(name) && value)
  if (!found) return { url: url.href, key: null }
  const [parameter, value] = found
  const bare = new URL(url)
  bare.searchParams.delete(parameter)
  return { url: bare.href, key: { parameter, value } }
}

/** `example.com/mcp` is taken as https, as every browser would. */
export function asAddress(text: string): URL | null {
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(whole)) return null
  const url = new URL(whole)
  const plausible = url.hostname.includes('.') || url.hostname === 'localhost' ||
    url.hostname.includes(':')
  return plausible && !/\s/.test(text) ? url : null
}

/** `mcp.linear.app` → `Linear`; an address with a port keeps it, for it has no better name. */
export function nameOf(url: URL): string {
  if (/^[\d.]+$|:|^localhost$/.test(url.hostname)) return url.host
  const boring = /^(mcp|api|www|sse|server|servers|remote|gateway|app)$/i
  const parts = url.hostname.split('.').slice(0, -1)
  const candidates = parts.filter((part) => !boring.test(part) && part.length > 2)
  const word = candidates.at(-1) ?? parts.at(-1) ?? url.hostname
  return word.split(/[-_]/).filter((one) => !boring.test(one)).map(capital).join(' ') ||
    capital(word)
}

/** Legacy servers give it away by the last word of their path. */
export function kindOf(url: URL): ServerKind {
  return /\/sse\/?$/i.test(url.pathname) ? 'sse' : 'http'
}

function readConfig(text: string): ServerSource | null {
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch {
    return null
  }
  const named = record(config)?.mcpServers ?? record(config)?.servers ??
    record(record(config)?.mcp)?.servers
  const entries = Object.entries(record(named) ?? {})
  if (entries.length === 0) return readEntry('', config, 0)
  const [name, entry] = entries[0]!
  return readEntry(name, entry, entries.length - 1)
}

function readEntry(name: string, entry: unknown, others: number): ServerSource | null {
  const server = record(entry)
  if (!server) return null
  if (typeof server.command === 'string' && server.command) {
    const args = Array.isArray(server.args)
      ? server.args.filter((one) => typeof one === 'string')
      : []
    const { command } = server
    return {
      ...nothing,
      kind: 'stdio',
      command,
      args,
      env: texts(server.env),
      others,
      name: name ? capital(name) : capital(command.split('/').at(-1)!),
    }
  }
  const url = typeof server.url === 'string' ? asAddress(server.url) : null
  if (!url) return null
  const said = server.type ?? server.transport
  const kind = said === 'sse' ? 'sse' : said === undefined ? kindOf(url) : 'http'
  const headers = texts(server.headers)
  return {
    ...nothing,
    kind,
    ...withoutKey(url),
    headers,
    others,
    name: name ? capital(name) : nameOf(url),
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return isRecord(value) ? value : null
}

function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value) ?? {})
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
