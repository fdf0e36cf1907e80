import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { EgressError, guardedFetch } from './egress.ts'
import { hopTo } from './redirect.ts'

const origin = 'https://mcp.example.com'

function hop(status: number, location: string | null, init: RequestInit): string | null {
  const headers = new Headers(location === null ? {} : { location })
  const response = new Response(null, { status, headers })
  return hopTo(new URL(`${origin}/mcp`), { response, init })?.href ?? null
}

Deno.test('a redirect keeps the request or asks anew, as its status and method allow', () => {
  const post = { method: 'POST', body: '{}' }
  for (const status of [307, 308]) {
    for (const init of [post, { method: 'DELETE' }, {}]) {
      assert.equal(hop(status, '/mcp/', init), `${origin}/mcp/`)
    }
  }
  for (const status of [301, 302, 303]) {
    assert.equal(hop(status, '/mcp/', {}), `${origin}/mcp/`)
    assert.equal(hop(status, '/mcp/', { method: 'HEAD' }), `${origin}/mcp/`)
    assert.equal(hop(status, '/mcp/', post), null)
    assert.equal(hop(status, '/mcp/', { method: 'DELETE' }), null)
  }
  for (const status of [300, 305, 306]) assert.equal(hop(status, '/mcp/', {}), null)
})

Deno.test('only a body that can be sent again is', () => {
  const bodies: [RequestInit['body'], boolean][] = [
    ['{}', true],
    [new Uint8Array([1]), true],
    [new Uint8Array([1]).buffer, true],
    [new Blob(['{}']).stream(), false],
    [new URLSearchParams('code=1'), false],
    [new FormData(), false],
  ]
  for (const [body, again] of bodies) {
    assert.equal(hop(307, '/mcp/', { method: 'POST', body }) !== null, again, String(body))
  }
})

Deno.test('another scheme, host or port is another origin, however it is spelled', () => {
  const others = [
    'http://mcp.example.com/mcp/',
    'https://mcp.example.com:8443/mcp/',
    'https://mcp.example.com./mcp/',
    'https://www.mcp.example.com/mcp/',
    'https://mcp.example.com@evil.example/',
    'https://mcp.example.com.evil.example/',
    '//evil.example/mcp/',
    '\\\\evil.example/mcp/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/plain,x',
    'blob:https://mcp.example.com/1',
    'http://[',
    null,
  ]
  for (const location of others) assert.equal(hop(307, location, {}), null, String(location))
  for (const same of ['https://mcp.example.com:443/x', 'x', '?y', '//mcp.example.com/x']) {
    assert.notEqual(hop(307, same, {}), null, same)
  }
})

type Seen = { method: string; path: string; body: string; key: string | null }

/** Serves redirects: the path says to where, the test says with which status. */
async function redirecting(
  answer: (seen: Seen, url: URL) => Response,
  work: (host: string, seen: Seen[]) => Promise<void>,
) {
  const seen: Seen[] = []
  const listen = { port: 0, hostname: '127.0.0.1', onListen() {} }
  const server = Deno.serve(listen, async (request) => {
    const url = new URL(request.url)
    const one = {
      method: request.method,
      path: url.pathname,
      body: await request.text(),
      key: request.headers.get('x-key'),
    }
    seen.push(one)
    return answer(one, url)
  })
  await work(`127.0.0.1:${server.addr.port}`, seen)
  await server.shutdown()
}

const to = (location: string, status = 307) =>
  new Response('moved', { status, headers: { location } })

Deno.test('a server that answers /mcp with 307 or 308 to /mcp/ works, body and headers included', async () => {
  for (const status of [307, 308]) {
    await redirecting(
      ({ path, body }) => path === '/mcp' ? to('/mcp/', status) : new Response(`got ${body}`),
      async (host, seen) => {
        const guarded = guardedFetch({ allowed_private_hosts: [host] })
        const init = { method: 'POST', body: '{"a":1}', headers: { 'x-key': 'k' } }
        const response = await guarded(`http://${host}/mcp`, init)
        assert.equal(await response.text(), 'got {"a":1}')
        assert.deepEqual(seen.at(-1), { method: 'POST', path: '/mcp/', body: '{"a":1}', key: 'k' })
      },
    )
  }
})

Deno.test(promises.no_redirects, async () => {
  let elsewhere = 0
  const other = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, () => {
    elsewhere++
    return new Response('reached')
  })
  await redirecting(
    ({ path }) => path === '/away' ? to(`http://127.0.0.1:${other.addr.port}/`) : to('/again'),
    async (host, seen) => {
      // Even where both are allowed: what counts is the origin.
      const guarded = guardedFetch({ allowed_private_hosts: ['127.0.0.1'] })
      const refused = (path: string) => guarded(`http://${host}${path}`).catch((error) => error)
      const away = await refused('/away')
      assert.ok(away instanceof EgressError)
      assert.equal(away.reason, 'redirected')
      assert.match(away.message, new RegExp(`redirects to 127.0.0.1:${other.addr.port};`))
      assert.equal((await refused('/loop')).reason, 'redirected')
      assert.deepEqual(seen.map(({ path }) => path), [
        '/away',
        '/loop',
        '/again',
        '/again',
        '/again',
      ])
    },
  )
  await other.shutdown()
  assert.equal(elsewhere, 0)
})

Deno.test('every hop is judged anew', async () => {
  await redirecting(
    (_, url) => to(`http://user:pass@${url.host}/mcp/`),
    async (host, seen) => {
      const guarded = guardedFetch({ allowed_private_hosts: [host] })
      const error = await guarded(`http://${host}/mcp`).catch((error) => error)
      assert.equal(error.reason, 'address_refused')
      assert.equal(seen.length, 1)
    },
  )
})

Deno.test('redirects share one deadline', async () => {
  const late = async (response: Response) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    return response
  }
  const listen = { port: 0, hostname: '127.0.0.1', onListen() {} }
  const server = Deno.serve(listen, () => late(to('/again')))
  const host = `127.0.0.1:${server.addr.port}`
  const guarded = guardedFetch({ allowed_private_hosts: [host], first_byte_ms: 250 })
  const error = await guarded(`http://${host}/`).catch((error) => error)
  assert.equal(error.reason, 'timeout')
  await server.shutdown()
})

Deno.test('what a redirect says besides its target is let go of', async () => {
  const gone = Promise.withResolvers<void>()
  const endless = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => gone.resolve(),
    })
  await redirecting(
    ({ path }) =>
      path === '/mcp'
        ? new Response(endless(), { status: 307, headers: { location: '/mcp/' } })
        : new Response('here'),
    async (host) => {
      const guarded = guardedFetch({ allowed_private_hosts: [host] })
      assert.equal(await (await guarded(`http://${host}/mcp`)).text(), 'here')
      await gone.promise
    },
  )
})
