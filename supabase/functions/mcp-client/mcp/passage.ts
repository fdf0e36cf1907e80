// One connection through the tunnel: a CONNECT request (RFC 9110 §9.3.6) that knows the password and
// names a public host, then bytes in both directions. Connects to addresses that were checked, on the
// https port, and to nothing else. Sees only what TLS lets it see.
import { timingSafeEqual } from 'node:crypto'
import { judgeAddress } from './address.ts'
import type { NameCheck } from './names.ts'

export type Dial = (to: { hostname: string; port: number }) => Promise<Deno.TcpConn>

export type Rules = {
  /** The one `Proxy-Authorization` that opens. */
  authorization: string
  check_name: NameCheck
  dial: Dial
}

const httpsPort = 443
const mostHead = 4_096
const headMs = 5_000
const dialMs = 4_000
/** Of a name’s addresses, so many are tried. */
const mostTried = 4
const chunk = 32 * 1024
const hostForm = '[^\\s/:@?#[\\]]+|\\[[0-9a-f:.]+\\]'
const request = new RegExp(`^CONNECT (${hostForm}):${httpsPort} HTTP/1\\.1\r\n`, 'i')
const credential = /\r\nproxy-authorization: *([^\r\n]*)\r\n/i

/** Serves a connection to its end, and leaves nothing open. */
export async function serve(client: Deno.TcpConn, rules: Rules): Promise<void> {
  try {
    const asked = hostAskedFor(await headOf(client), rules.authorization)
    if (asked === null) return await say(client, '407 Proxy Authentication Required')
    const upstream = await reach(asked, rules).catch(() => null)
    if (upstream) await join(client, upstream)
    else await say(client, '502 Bad Gateway')
  } finally {
    letGo(client)
  }
}

/** Closes what may be closed already. */
export function letGo(conn: Deno.TcpConn): void {
  try {
    conn.close()
  } catch {
    // It was.
  }
}

async function headOf(client: Deno.TcpConn): Promise<string> {
  const timer = setTimeout(() => letGo(client), headMs)
  const head = new Uint8Array(mostHead)
  try {
    for (let size = 0; size < mostHead;) {
      const read = await client.read(head.subarray(size))
      if (read === null) return ''
      size += read
      const text = new TextDecoder().decode(head.subarray(0, size))
      if (text.endsWith('\r\n\r\n')) return text
    }
    return ''
  } finally {
    clearTimeout(timer)
  }
}

type Asked = { name: string; literal: boolean }

/** Public hosts only, over https only: whoever learnt the password could reach nothing else either. */
function hostAskedFor(head: string, authorization: string): Asked | null {
  if (!isSame(credential.exec(head)?.[1] ?? '', authorization)) return null
  const asked = request.exec(head)?.[1]
  if (asked === undefined) return null
  const verdict = judgeAddress(`https://${asked}/`, [])
  if (!verdict.allowed) return null
  const { literal, url } = verdict
  return { name: literal ? url.hostname.replace(/^\[|\]$/g, '') : asked, literal }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => new TextEncoder().encode(text))
  return a!.byteLength === b!.byteLength && timingSafeEqual(a!, b!)
}

/** Connects to the first of the host’s checked addresses that takes the connection. */
async function reach(asked: Asked, { check_name, dial }: Rules): Promise<Deno.TcpConn> {
  const addresses = asked.literal ? [asked.name] : await check_name(asked.name)
  let failure: unknown
  for (const hostname of addresses.slice(0, mostTried)) {
    try {
      return await inTime(dial({ hostname, port: httpsPort }))
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** A connection that comes too late is let go of: dialling cannot be called off on every runtime. */
async function inTime(dialling: Promise<Deno.TcpConn>): Promise<Deno.TcpConn> {
  let isLate = false
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    isLate = true
    late.reject(new Error('no connection in time'))
  }, dialMs)
  dialling.then((conn) => isLate && letGo(conn), () => {})
  try {
    return await Promise.race([dialling, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The client’s end ends both; the upstream’s end is passed on, so that its last bytes arrive. */
async function join(client: Deno.TcpConn, upstream: Deno.TcpConn): Promise<void> {
  try {
    client.setNoDelay()
    upstream.setNoDelay()
    await say(client, '200 OK')
    const inward = pour(upstream, client).then(() => client.closeWrite()).catch(() => letGo(client))
    await pour(client, upstream).catch(() => {})
    letGo(upstream)
    await inward
  } finally {
    letGo(upstream)
  }
}

async function say(client: Deno.TcpConn, status: string): Promise<void> {
  await client.write(new TextEncoder().encode(`HTTP/1.1 ${status}\r\n\r\n`))
}

/** One direction, at the pace of its reader. */
async function pour(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const bytes = new Uint8Array(chunk)
  for (;;) {
    const read = await from.read(bytes)
    if (read === null) return
    for (let at = 0; at < read;) at += await to.write(bytes.subarray(at, read))
  }
}
