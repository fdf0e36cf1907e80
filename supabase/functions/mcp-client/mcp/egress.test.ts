import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { privateLiterals, privateNames } from '../../../tests/upstreams/addresses.ts'
import { until } from '../../../tests/upstreams/bench.ts'
import { startHostile } from '../../../tests/upstreams/hostile.ts'
import { EgressError, type EgressReason, guardedFetch, openEgress } from './egress.ts'
import { nameCheck } from './names.ts'
import { letGo } from './passage.ts'
import { openTunnel } from './tunnel.ts'

const publicName = 'mcp.example.com'

async function reasonOf(work: Promise<unknown>): Promise<EgressReason | 'passed' | 'untyped'> {
  try {
    await work
    return 'passed'
  } catch (error) {
    return error instanceof EgressError ? error.reason : 'untyped'
  }
}

Deno.test('no private address or name is ever contacted, in any spelling', async () => {
  let hits = 0
  const listen = { port: 0, hostname: '0.0.0.0', onListen() {} }
  const canary = Deno.serve(listen, () => {
    hits++
    return new Response('reached')
  })
  const resolve = (name: string) =>
    Promise.resolve(name.endsWith('.example') ? ['8.8.8.8'] : ['127.0.0.1'])
  const guarded = guardedFetch({ allowed_private_hosts: [], resolve })
  const { port } = canary.addr
  assert.ok(privateLiterals.length >= 64 && privateNames.length >= 20)
  for (const host of [...privateLiterals, ...privateNames]) {
    for (const url of [`https://${host}/`, `http://${host}:${port}/`, `https://${host}:${port}/`]) {
      assert.equal(await reasonOf(guarded(url)), 'address_refused', url)
    }
  }
  await canary.shutdown()
  assert.equal(hits, 0)
})

Deno.test('a name is refused when any of its addresses, of either family, is private', async () => {
  const answers: [Record<string, string[]>, EgressReason][] = [
    [{ A: ['10.0.0.1'], AAAA: [] }, 'address_refused'],
    [{ A: ['8.8.8.8', '127.0.0.1'], AAAA: [] }, 'address_refused'],
    [{ A: ['8.8.8.8'], AAAA: ['fd00::1'] }, 'address_refused'],
    [{ A: ['8.8.8.8'], AAAA: ['::ffff:10.0.0.1'] }, 'address_refused'],
    [{ A: [], AAAA: [] }, 'unresolvable'],
  ]
  for (const [answer, reason] of answers) {
    const resolve = (_: string, kind: 'A' | 'AAAA') => Promise.resolve(answer[kind] ?? [])
    const guarded = guardedFetch({ allowed_private_hosts: [], resolve })
    assert.equal(await reasonOf(guarded(`https://${publicName}/`)), reason, JSON.stringify(answer))
  }
})

Deno.test('a resolver that fails for one family refuses; one without records of a family does not', async () => {
  const failing = (error: Error) => (_: string, kind: 'A' | 'AAAA') =>
    kind === 'A' ? Promise.resolve(['10.0.0.1']) : Promise.reject(error)
  const broken = guardedFetch({
    allowed_private_hosts: [],
    resolve: failing(new Error('SERVFAIL')),
  })
  assert.equal(await reasonOf(broken(`https://${publicName}/`)), 'unresolvable')
  const none = failing(new Deno.errors.NotFound('no records'))
  const partial = guardedFetch({ allowed_private_hosts: [], resolve: none })
  assert.equal(await reasonOf(partial(`https://${publicName}/`)), 'address_refused')
})

Deno.test('a good DNS answer is believed for a moment, a bad one never', async () => {
  let asked = 0
  const answers = [['127.0.0.1'], ['203.0.114.1']]
  const resolve = (_: string, kind: 'A' | 'AAAA') =>
    Promise.resolve(kind === 'A' ? answers[Math.min(asked++, 1)]! : [])
  const check_name = nameCheck(resolve)
  const tunnel = openTunnel({ check_name, dial: () => Promise.reject(new Error('refused')) })
  const guarded = guardedFetch({ allowed_private_hosts: [], check_name, tunnel })
  const url = `https://${publicName}/`
  assert.equal(await reasonOf(guarded(url)), 'address_refused')
  await reasonOf(guarded(url))
  await reasonOf(guarded(url))
  assert.equal(asked, 2)
  await tunnel.close()
})

Deno.test('hop-by-hop headers do not leave, others do', async () => {
  let seen = new Headers()
  const listen = { port: 0, hostname: '127.0.0.1', onListen() {} }
  const echo = Deno.serve(listen, (request) => {
    seen = request.headers
    return new Response('ok')
  })
  const host = `127.0.0.1:${echo.addr.port}`
  const guarded = guardedFetch({ allowed_private_hosts: [host] })
  const headers = {
    host: 'other.example',
    'proxy-authorization': 'Basic x',
    te: 'trailers',
    'x-kept': 'yes',
  }
  assert.equal(await (await guarded(`http://${host}/`, { headers })).text(), 'ok')
  assert.equal(seen.get('host'), host)
  assert.equal(seen.get('proxy-authorization'), null)
  assert.equal(seen.get('te'), null)
  assert.equal(seen.get('x-kept'), 'yes')
  await echo.shutdown()
})

Deno.test(promises.answer_cap, async () => {
  const server = startHostile()
  const allowed_private_hosts = [server.host]
  const guarded = guardedFetch({ allowed_private_hosts })
  const hurried = guardedFetch({ allowed_private_hosts, first_byte_ms: 300, total_ms: 400 })
  for (const kind of ['huge', 'chunked', 'bomb']) {
    assert.equal(await reasonOf(guarded(server.url('mcp', kind))), 'too_large', kind)
  }
  assert.equal(await reasonOf(hurried(server.url('mcp', 'silent'))), 'timeout')
  assert.equal(await reasonOf(hurried(server.url('mcp', 'drip'))), 'timeout')
  const post = { method: 'POST', body: '{}' }
  for (
    const [kind, reason] of [['endless', 'too_large'], ['bigevent', 'too_large'], [
      'dripstream',
      'timeout',
    ]]
  ) {
    const fetch = reason === 'timeout' ? hurried : guarded
    const response = await fetch(server.url('mcp', kind!), post)
    assert.equal(await reasonOf(response.text()), reason, kind)
  }
  await until(() => server.open() === 0)
  await server.stop()
})

Deno.test('the caller’s own abort is passed on as it is and closes the stream', async () => {
  const server = startHostile()
  const guarded = guardedFetch({ allowed_private_hosts: [server.host] })
  const stop = new AbortController()
  const response = await guarded(server.url('mcp', 'dripstream'), { signal: stop.signal })
  const reading = response.text().then(() => null, (error) => error)
  stop.abort(new Error('enough'))
  assert.equal((await reading).message, 'enough')
  await until(() => server.open() === 0)
  await server.stop()
})

Deno.test('where no stream is due, an event stream is an answer within the same bounds', async () => {
  const server = startHostile()
  const tight = { max_bytes: 256 * 1024, first_byte_ms: 2_000, total_ms: 400, streams: false }
  const guarded = guardedFetch({ allowed_private_hosts: [server.host], ...tight })
  assert.equal(await (await guarded(server.url('mcp', 'cutstream'))).text(), ': bye\n\n')
  assert.equal(await reasonOf(guarded(server.url('mcp', 'endless'))), 'too_large')
  assert.equal(await reasonOf(guarded(server.url('mcp', 'dripstream'))), 'timeout')
  assert.equal(await reasonOf(guarded(server.url('mcp', 'huge'))), 'too_large')
  await until(() => server.open() === 0)
  await server.stop()
})

/** Answers every request on a connection until it is told to be dead: then it says nothing on any it has. */
function startMortal() {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const answer = new TextEncoder().encode('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
  const open = new Map<Deno.TcpConn, { dead: boolean; over: Promise<void> }>()
  const converse = async (conn: Deno.TcpConn) => {
    const bytes = new Uint8Array(4_096)
    while (await conn.read(bytes) !== null) {
      if (!open.get(conn)?.dead) await conn.write(answer)
    }
  }
  const accepting = (async () => {
    for await (const conn of listener) {
      const over = converse(conn).catch(() => {}).finally(() => {
        open.delete(conn)
        letGo(conn)
      })
      open.set(conn, { dead: false, over })
    }
  })().catch(() => {})
  return {
    host: `127.0.0.1:${listener.addr.port}`,
    connections: () => open.size,
    die: () => open.forEach((life) => life.dead = true),
    async stop() {
      listener.close()
      await accepting
      const lives = [...open]
      for (const [conn] of lives) letGo(conn)
      await Promise.all(lives.map(([, { over }]) => over))
    },
  }
}

Deno.test('of connections that died in silence none is used again once one is in doubt', async () => {
  const server = startMortal()
  const url = `http://${server.host}/`
  const { fetch, doubt, close } = openEgress({
    allowed_private_hosts: [server.host],
    first_byte_ms: 200,
  })
  const ask = async () => await (await fetch(url)).text()
  for (let time = 0; time < 2; time++) {
    await Promise.all([ask(), ask(), ask()])
    const kept = server.connections()
    assert.ok(kept > 1, `${kept} connections`)
    server.die()
    assert.equal(await reasonOf(fetch(url)), 'timeout')
    doubt(url)
    assert.equal(await ask(), 'ok')
    // Those of an origin’s own client are closed and not left to themselves.
    if (time === 1) await until(() => server.connections() < kept)
  }
  close()
  await server.stop()
})
