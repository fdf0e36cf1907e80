// Decides whether an upstream address may be spoken to, from its text alone. Pure: no DNS, no clock.
// Owns the rule "public https on port 443, or operator-listed"; what a name resolves to is egress.ts.
import ipaddr from 'ipaddr.js'

export type AddressRefusal =
  | 'not_a_url'
  | 'not_https'
  | 'userinfo'
  | 'port'
  | 'private_name'
  | 'private_address'

export type Address =
  | { allowed: true; listed: boolean; literal: boolean; url: URL }
  | { allowed: false; reason: AddressRefusal; message: string }

const sentences: Record<AddressRefusal, string> = {
  not_a_url: 'This is not a web address',
  not_https: 'The address must start with https://',
  userinfo: 'The address must not contain a user name or password; use a credential instead',
  port: 'Only port 443 is allowed unless the operator lists this host and port',
  private_name: 'This is a private host name; the operator has not listed it as allowed',
  private_address: 'This is a private address; the operator has not listed it as allowed',
}

/** Suffixes that never name a public host (RFC 6761, 6762, 7686, 8375, 9476 and ICANN’s `.internal`). */
const privateSuffixes = [
  'local',
  'internal',
  'localhost',
  'localdomain',
  'lan',
  'home',
  'home.arpa',
  'corp',
  'intranet',
  'private',
  'onion',
  'alt',
  'test',
  'invalid',
]

/** Azure’s wire server: a public-looking address that only exists inside the cloud’s own network. */
const platformAddresses = ['168.63.129.16']

/**
 * Judges an address. `allowedPrivateHosts` holds the operator’s `host` or `host:port` entries: those
 * may use http, any scheme’s port and private addresses, and are not resolved. Redirect targets, SSE
 * endpoints and saved configurations all pass here.
 */
export function judgeAddress(address: string | URL, allowedPrivateHosts: string[]): Address {
  const url = parse(address)
  if (!url) return refuse('not_a_url')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('not_https')
  if (url.username || url.password) return refuse('userinfo')

  const literal = literalOf(url)
  if (isListed(url, allowedPrivateHosts)) {
    return { allowed: true, listed: true, literal: literal !== null, url }
  }
  if (url.protocol !== 'https:') return refuse('not_https')
  if (literal !== null) {
    if (!isPublic(literal)) return refuse('private_address')
  } else if (isPrivateName(bareName(url))) return refuse('private_name')
  if (url.port !== '') return refuse('port')
  return { allowed: true, listed: false, literal: literal !== null, url }
}

/**
 * True only for globally routable unicast addresses. Forms that embed an IPv4 address (mapped,
 * compatible, NAT64, 6to4, Teredo) are refused or judged by what they embed; nonsense is not public.
 */
export function isPublic(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return false
  const address = ipaddr.process(ip)
  if (address.range() !== 'unicast') return false
  if (address instanceof ipaddr.IPv6) return ((address.parts[0] ?? 0) & 0xe000) === 0x2000 // 2000::/3
  return !platformAddresses.includes(address.toString())
}

function refuse(reason: AddressRefusal): Address {
  return { allowed: false, reason, message: sentences[reason] }
}

function parse(address: string | URL): URL | null {
  if (address instanceof URL) return address
  return URL.canParse(address) ? new URL(address) : null
}

/** The URL parser has already turned decimal, octal, hex and full-width forms into the plain one. */
function literalOf(url: URL): string | null {
  const name = bareName(url)
  return ipaddr.isValid(name) ? name : null
}

function bareName(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.+$/, '')
}

function isPrivateName(name: string): boolean {
  if (!name.includes('.')) return true
  return privateSuffixes.some((suffix) => name.endsWith(`.${suffix}`))
}

function isListed(url: URL, allowedPrivateHosts: string[]): boolean {
  const name = bareName(url)
  const shown = name.includes(':') ? `[${name}]` : name
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const forms = [name, shown, `${shown}:${port}`]
  return allowedPrivateHosts.some((entry) => forms.includes(entry.trim().toLowerCase()))
}
