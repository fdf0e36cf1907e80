// What may be stored of a server’s config, and where a server is reached by it. No I/O.
import type { Server } from '../../../shared/server.ts'
import { AppError } from './http.ts'
import { judgeAddress } from './mcp/address.ts'
import { namesSecret } from './redact.ts'

type Config = { url: string; replicas?: string[] } | {
  command: string
  args: string[]
  env: Record<string, string>
}
type Accepted = { config: Record<string, unknown>; env?: Record<string, string> }
type Kind = { server_type: Server['server_type']; allowed_private_hosts: string[] }

/** What may be stored of a config. Throws AppError `invalid_request` for the wrong kind or an address we would never call. */
export function acceptConfig(
  { server_type, allowed_private_hosts }: Kind,
  config: Config,
): Accepted {
  if (server_type === 'stdio') {
    if (!('command' in config)) throw refusal('config.command', 'a stdio server needs a command')
    const { env, ...plain } = config
    // Values of an environment are secrets more often than not: only their names stay readable.
    return Object.keys(env).length === 0
      ? { config: plain }
      : { config: { ...plain, env: Object.keys(env).sort() }, env }
  }
  if (!('url' in config)) throw refusal('config.url', `a server of type ${server_type} needs a url`)
  const seen = new Set<string>()
  addressesOf(config).forEach((address, at) => {
    const path = at === 0 ? 'config.url' : `config.replicas.${at - 1}`
    const place = acceptAddress(address, { path, allowed_private_hosts })
    if (seen.has(place)) throw refusal(path, 'this address is listed twice')
    seen.add(place)
  })
  return { config }
}

/** Gives the address as all its spellings have it in common. */
function acceptAddress(
  address: string,
  { path, allowed_private_hosts }: { path: string; allowed_private_hosts: string[] },
): string {
  const judged = judgeAddress(address, allowed_private_hosts)
  if (!judged.allowed) throw refusal(path, judged.message)
  const url = new URL(judged.url)
  // The whole team reads addresses. A key in one is a credential, which an admin insists on.
  const named = [...url.searchParams].find(([name, value]) => value && namesKey(name))
  if (named) throw refusal(path, `“${named[0]}” looks like a secret: ${AS_CREDENTIAL}`)
  url.hash = ''
  return url.href
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid_request', `${path}: ${message}`, [{ path, message }])
}

const AS_CREDENTIAL = 'take it out of the address, and set it as the key in the address instead.'

function namesKey(parameter: string): boolean {
  return namesSecret(parameter) ||
    /^(?:key|authtoken|apitoken)$/i.test(parameter.replace(/[-_]/g, ''))
}

/** Everywhere a server is reached, its main address first; nowhere for a stdio server. */
export function addressesOf({ url, replicas }: Record<string, unknown>): string[] {
  if (typeof url !== 'string') return []
  return [url, ...(Array.isArray(replicas) ? replicas.map(String) : [])]
}

/** Whether a config leads somewhere that the one before did not: what was given for that one must not follow. */
export function reachesFurther(
  config: Record<string, unknown>,
  before: Record<string, unknown>,
): boolean {
  const known = placesOf(before)
  return placesOf(config).some((place) => !known.includes(place))
}

/** What a secret was given to: the hosts of the addresses, or the command that a stdio host will run. */
function placesOf(config: Record<string, unknown>): string[] {
  const addresses = addressesOf(config)
  if (addresses.length > 0) return addresses.map((address) => new URL(address).origin)
  return [JSON.stringify([config.command, config.args])]
}
