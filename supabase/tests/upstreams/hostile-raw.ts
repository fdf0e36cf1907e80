// A server that breaks HTTP itself: it writes bytes to the socket. `/<kind>` connects like a session-era
// server and breaks at `tools/call`.
import { welcome } from './hostile.ts'
import { type Rpc } from './hostile-wire.ts'

type Break = (say: (text: string) => Promise<void>, ended: Promise<void>) => Promise<void>

export type RawServer = { url(kind: string): string; stop(): Promise<void> }

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const pause = (ms: number, ended: Promise<void>) =>
  Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), ended])

/** Says the same until the other side has had enough. */
async function forever(say: (text: string) => Promise<void>, text: string) {
  for (;;) await say(text)
}

export const breaks: Record<string, Break> = {
  hugeheader: (say) => say(`${ok}x-big: ${'x'.repeat(1024 * 1024)}\r\ncontent-length: 2\r\n\r\n{}`),
  endlessheader: async (say) => {
    await say(ok)
    await forever(say, `x-more: ${'x'.repeat(1_000)}\r\n`)
  },
  manyheaders: (say) => say(`${ok}${'a: b\r\n'.repeat(50_000)}content-length: 2\r\n\r\n{}`),
  dripheader: async (say, ended) => {
    for (const letter of `${ok}x-slow: ${'x'.repeat(10_000)}`) {
      await say(letter)
      await pause(50, ended)
    }
  },
  cutbody: (say) => say(`${ok}content-length: 1000\r\n\r\n{"jsonrpc":`),
  cutchunk: (say) => say(`${ok}transfer-encoding: chunked\r\n\r\nff\r\n{"jsonrpc":`),
  badchunk: (say) => say(`${ok}transfer-encoding: chunked\r\n\r\nzzzz\r\n{}\r\n0\r\n\r\n`),
  endlesschunkextension: async (say) => {
    await say(`${ok}transfer-encoding: chunked\r\n\r\n1;`)
    await forever(say, 'x'.repeat(10_000))
  },
  twolengths: (say) => say(`${ok}content-length: 2\r\ncontent-length: 30\r\n\r\n{}`),
  oddstatus: (say) => say('HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}'),
  nostatus: (say) => say('HTTP/1.1 OK\r\ncontent-length: 2\r\n\r\n{}'),
  nothttp: (say) => say('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'),
  switching: (say) => say('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'),
  oddsession: (say) =>
    say(`${ok}mcp-session-id: a\u0001\u001b[31m\u0000b\r\ncontent-length: 2\r\n\r\n{}`),
  reset: () => Promise.resolve(),
}

export function startRaw(): RawServer {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const open = new Set<Deno.TcpConn>()
  const accepting = (async () => {
    for await (const conn of listener) {
      open.add(conn)
      void converse(conn).catch(() => {}).finally(() => {
        open.delete(conn)
        close(conn)
      })
    }
  })().catch(() => {})
  return {
    url: (kind) => `http://127.0.0.1:${listener.addr.port}/${kind}`,
    async stop() {
      listener.close()
      for (const conn of open) close(conn)
      await accepting
    },
  }
}

async function converse(conn: Deno.TcpConn): Promise<void> {
  const ended = Promise.withResolvers<void>()
  const say = (text: string) => sayAll(conn, text)
  try {
    for (;;) {
      const asked = await nextRequest(conn)
      if (!asked) return
      const { kind, rpc } = asked
      if (rpc.method === 'tools/call') return await breaks[kind]!(say, ended.promise)
      await say(proper(rpc))
    }
  } finally {
    ended.resolve()
  }
}

function proper(rpc: Rpc): string {
  if (rpc.id === undefined) return 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n'
  const [body, status = 200] = welcome(rpc, false)
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${status} x\r\ncontent-type: application/json\r\n`
  return `${head}content-length: ${new TextEncoder().encode(text).byteLength}\r\n\r\n${text}`
}

async function sayAll(conn: Deno.TcpConn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.byteLength;) at += await conn.write(bytes.subarray(at))
}

async function nextRequest(conn: Deno.TcpConn): Promise<{ kind: string; rpc: Rpc } | null> {
  const bytes = new Uint8Array(64 * 1024)
  let text = ''
  for (;;) {
    const read = await conn.read(bytes)
    if (read === null) return null
    text += new TextDecoder().decode(bytes.subarray(0, read))
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) continue
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    const body = text.slice(end + 4)
    if (body.length < length) continue
    const kind = /^\w+ \/(\w+)/.exec(text)?.[1] ?? ''
    return { kind, rpc: body ? JSON.parse(body) as Rpc : {} }
  }
}

function close(conn: Deno.TcpConn): void {
  try {
    conn.close()
  } catch {
    // The other side was quicker.
  }
}
