// A process of its own that says its port and then answers everything with `103 Early Hints`, without end
// and as fast as it is read: in the process of a test it would slow down with the test.
import { certified } from './certificates.ts'

const { cert, key } = certified
const listener = Deno.listenTls({ hostname: '127.0.0.1', port: 0, cert, key })
console.log(listener.addr.port)

const hints = new TextEncoder().encode(
  'HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n'.repeat(2_000),
)
for await (const conn of listener) void hint(conn).catch(() => {})

async function hint(conn: Deno.TlsConn): Promise<void> {
  await conn.read(new Uint8Array(4_096))
  for (;;) await conn.write(hints)
}
