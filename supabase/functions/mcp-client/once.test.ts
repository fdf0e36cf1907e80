// Whether a request whose connection breaks is sent once, on real connections.
import assert from 'node:assert/strict'
import { promises } from '../../tests/promises.ts'
import { openDatabase, read } from './db.ts'
import { guardedFetch } from './mcp/egress.ts'

/** Reads a request to its end and breaks the connection, unless it is asked to greet first. */
function startBreaking() {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const seen: string[] = []
  const converse = async (conn: Deno.TcpConn) => {
    const bytes = new Uint8Array(65_536)
    let text = ''
    for (let size; (size = await conn.read(bytes)) !== null;) {
      text += new TextDecoder().decode(bytes.subarray(0, size))
      if (!text.includes('last')) continue
      seen.push(text)
      if (!text.includes('greet')) return
      text = ''
      await conn.write(new TextEncoder().encode('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]'))
    }
  }
  const accepting = (async () => {
    for await (const conn of listener) void converse(conn).finally(() => conn.close())
  })().catch(() => {})
  return {
    seen,
    host: `127.0.0.1:${listener.addr.port}`,
    async stop() {
      listener.close()
      await accepting
    },
  }
}

Deno.test(promises.called_once, async () => {
  const server = startBreaking()
  const fetch = guardedFetch({ allowed_private_hosts: [server.host] })
  const send = async (body: BodyInit) =>
    await (await fetch(`http://${server.host}/`, { method: 'POST', body })).text()
  await assert.rejects(send('{"call":"last"}'))
  assert.equal(server.seen.length, 1)
  // On a connection that was kept it is the same.
  await send('{"greet":"last"}')
  await assert.rejects(send('{"call":"last"}'))
  await assert.rejects(send(new URLSearchParams({ refresh_token: 'last' })))
  assert.equal(server.seen.length, 4)
  assert.match(server.seen[0]!, /content-length: 15\r\n/i)
  assert.match(server.seen[3]!, /content-type: application\/x-www-form-urlencoded/i)
  await server.stop()
})

Deno.test('what the database is told is not sent again when the connection breaks', async () => {
  const server = startBreaking()
  const { service } = openDatabase({
    supabaseUrl: `http://${server.host}`,
    secretKey: 's',
    publishableKey: 'p',
  })
  await assert.rejects(read(service.rpc('begin_execution', { p_tool_name: 'last' })))
  await read(service.rpc('greet', { p_tool_name: 'last' }))
  await assert.rejects(read(service.rpc('begin_execution', { p_tool_name: 'last' })))
  assert.equal(server.seen.length, 3)
  await server.stop()
})
