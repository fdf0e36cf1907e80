// Pins names to the addresses that were checked. The runtime’s fetch looks a name up by itself, so it
// could reach another address than the one judged. Here it connects through this process instead: a
// CONNECT proxy on loopback, behind a random password, that connects to checked addresses only
// (passage.ts). It reads no faster than this process has time: without it, a server that hints without
// end (HTTP 103) keeps the runtime busy below any clock of ours. TLS stays the fetch’s own, end to end: the certificate’s name is checked as ever.
// `proxy: { transport: 'tcp' }` is not the way: with it the runtime sends https requests as plain text.
import type { NameCheck } from './names.ts'
import { type Dial, letGo, type Rules, serve } from './passage.ts'
import { openSockets, type Sockets } from './sockets.ts'

export type TunnelSettings = {
  check_name: NameCheck
  /** Tests inject this; otherwise TCP. */
  dial?: Dial
  /** Tests inject this: authorities to trust besides the usual ones, in PEM. */
  authorities?: string[]
}

export type Tunnel = {
  /** The client to fetch with from an origin, or null where the runtime lets no one listen. */
  client(origin: string): Promise<Deno.HttpClient | null>
  /** None of the connections kept to this origin is used again. */
  doubt(origin: string): Promise<void>
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const username = 'astra'

/** Opens when first used. */
export function openTunnel(settings: TunnelSettings): Tunnel {
  let opening: Promise<Door | null> | undefined
  return {
    async client(origin) {
      opening ??= openDoor(settings).catch(() => null)
      return (await opening)?.sockets.clientFor(origin) ?? null
    },
    async doubt(origin) {
      ;(await opening)?.sockets.doubt(origin)
    },
    async close() {
      await (await opening)?.close()
    },
  }
}

type Door = { sockets: Sockets; close(): Promise<void> }

async function openDoor(settings: TunnelSettings): Promise<Door> {
  const password = crypto.randomUUID() + crypto.randomUUID()
  const entrance = open({
    authorization: `Basic ${btoa(`${username}:${password}`)}`,
    check_name: settings.check_name,
    dial: settings.dial ?? Deno.connect,
  })
  const { port } = entrance
  try {
    // Where no one may connect to loopback, finding out now beats failing every call.
    letGo(await Deno.connect({ hostname: loopback, port }))
    const make = () =>
      Deno.createHttpClient({
        caCerts: settings.authorities ?? [],
        proxy: { url: `http://${loopback}:${port}`, basicAuth: { username, password } },
      })
    const sockets = openSockets(make, make())
    const close = () => {
      sockets.close()
      return entrance.close()
    }
    return { sockets, close }
  } catch (error) {
    await entrance.close()
    throw error
  }
}

function open(rules: Rules) {
  const listener = Deno.listen({ hostname: loopback, port: 0 })
  listener.unref()
  const served = new Map<Deno.TcpConn, Promise<void>>()
  const accepting = (async () => {
    for await (const conn of listener) {
      const done = serve(conn, rules).catch(() => {}).finally(() => served.delete(conn))
      served.set(conn, done)
    }
  })().catch(() => {})
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async close() {
      listener.ref() // else nothing is left that waits for its end
      listener.close()
      await accepting
      for (const conn of served.keys()) letGo(conn)
      await Promise.all(served.values())
    },
  }
}
