import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { until } from '../../../tests/upstreams/bench.ts'
import { certified } from '../../../tests/upstreams/certificates.ts'
import { type Egress, EgressError, openEgress } from './egress.ts'
import { nameCheck, type ResolveName } from './names.ts'
import type { Dial } from './passage.ts'
import { openTunnel } from './tunnel.ts'

const name = certified.name
const publicAddress = '203.0.114.7'

type Ground = Egress & {
  /** Addresses that were connected to, in order. */
  dialled: string[]
  client(): Promise<Deno.HttpClient>
}

const resolvesTo = (...addresses: string[]): ResolveName => (_, kind) =>
  Promise.resolve(kind === 'A' ? addresses : [])

/** A TLS server that stands for the whole internet: whatever is dialled ends there. */
async function against(
  work: (ground: Ground) => Promise<void>,
  { resolve = resolvesTo(publicAddress), answer, dial, first_byte_ms }: {
    resolve?: ResolveName
    answer?: (request: Request) => Response | Promise<Response>
    dial?: Dial
    first_byte_ms?: number
  } = {},
) {
  const { cert, key } = certified
  const listen = { hostname: '127.0.0.1', port: 0, cert, key, onListen() {} }
  const server = Deno.serve(listen, answer ?? (() => new Response('hello')))
  const { port } = server.addr
  const dialled: string[] = []
  const check_name = nameCheck(resolve)
  const tunnel = openTunnel({
    check_name,
    authorities: [certified.authority],
    async dial(to) {
      dialled.push(`${to.hostname}:${to.port}`)
      return await (dial?.(to) ?? Deno.connect({ hostname: '127.0.0.1', port }))
    },
  })
  const egress = openEgress({ allowed_private_hosts: [], check_name, tunnel, first_byte_ms })
  try {
    await work({
      ...egress,
      dialled,
      client: async () => (await tunnel.client(`https://${name}`))!,
    })
  } finally {
    await tunnel.close()
    await server.shutdown()
  }
}

const failureOf = (work: Promise<unknown>): Promise<EgressError> =>
  work.then(() => assert.fail('it passed'), (error) => error)

Deno.test(promises.checked_address_is_used, async () => {
  await against(async ({ fetch, dialled }) => {
    for (let n = 0; n < 3; n++) {
      assert.equal(await (await fetch(`https://${name}/mcp`)).text(), 'hello')
    }
    assert.deepEqual(dialled, [`${publicAddress}:443`], 'one connection, kept')
  })
})

Deno.test('a name that is rebound after its check is not followed there', async () => {
  let asked = 0
  const rebinding: ResolveName = (_, kind) => {
    if (kind === 'AAAA') return Promise.resolve([])
    return Promise.resolve([asked++ === 0 ? publicAddress : '127.0.0.1'])
  }
  await against(async ({ fetch, dialled }) => {
    await (await fetch(`https://${name}/`)).text()
    assert.deepEqual(dialled, [`${publicAddress}:443`])
    assert.equal(asked, 1)
  }, { resolve: rebinding })
})

Deno.test('a certificate for another name is refused through the tunnel too', async () => {
  await against(async ({ fetch }) => {
    const error = await failureOf(fetch('https://other.example.com/'))
    assert.equal(error.reason, 'unreachable')
    assert.equal(error.message, 'The server’s TLS certificate is not valid')
    assert.equal(error.sent, false)
  })
})

Deno.test('an event stream arrives through the tunnel as it is sent, and giving it up closes it', async () => {
  let closed = false
  const answer = () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
      cancel: () => void (closed = true),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  await against(async ({ fetch }) => {
    const stop = new AbortController()
    const response = await fetch(`https://${name}/`, { signal: stop.signal })
    const reader = response.body!.getReader()
    assert.equal(new TextDecoder().decode((await reader.read()).value), 'data: 1\n\n')
    stop.abort()
    await reader.read().catch(() => {})
    await until(() => closed)
  }, { answer })
})

Deno.test('of several addresses the first that takes the connection is used', async () => {
  const addresses = ['203.0.114.1', '203.0.114.2', '203.0.114.3']
  let tries = 0
  const { cert, key } = certified
  const listen = { hostname: '127.0.0.1', port: 0, cert, key, onListen() {} }
  const other = Deno.serve(listen, () => new Response('third'))
  await against(async ({ fetch, dialled }) => {
    assert.equal(await (await fetch(`https://${name}/`)).text(), 'third')
    assert.deepEqual(dialled, addresses.map((address) => `${address}:443`))
  }, {
    resolve: resolvesTo(...addresses),
    dial: () =>
      ++tries < 3
        ? Promise.reject(new Error('refused'))
        : Deno.connect({ hostname: '127.0.0.1', port: other.addr.port }),
  })
  await other.shutdown()
})

Deno.test('an address that takes no connection is unreachable, and nothing was sent', async () => {
  await against(async ({ fetch }) => {
    const error = await failureOf(fetch(`https://${name}/`, { method: 'POST', body: '{}' }))
    assert.ok(error instanceof EgressError)
    assert.deepEqual([error.reason, error.sent], ['unreachable', false])
  }, { dial: () => Promise.reject(new Error('refused')) })
})

Deno.test('large bodies pass both ways unharmed, many at once', async () => {
  const body = new Uint8Array(1024 * 1024).map((_, n) => n * 31)
  const answer = async (request: Request) => new Response(await request.arrayBuffer())
  await against(async ({ fetch }) => {
    const once = async () => {
      const response = await fetch(`https://${name}/`, { method: 'POST', body })
      const back = new Uint8Array(await response.arrayBuffer())
      assert.ok(back.byteLength === body.byteLength && back.every((byte, n) => byte === body[n]))
    }
    await Promise.all(Array.from({ length: 8 }, once))
  }, { answer })
})

Deno.test('a server that hints without end ends by the clock, and the process stays awake meanwhile', async () => {
  const script = new URL('../../../tests/upstreams/hinting.ts', import.meta.url).pathname
  const hinting = new Deno.Command(Deno.execPath(), {
    args: ['run', '--no-check', '--allow-net=127.0.0.1', script],
    stdout: 'piped',
  }).spawn()
  const said = hinting.stdout.getReader()
  const port = Number(new TextDecoder().decode((await said.read()).value))
  let awake = 0
  const pulse = setInterval(() => awake++, 20)
  await against(async ({ fetch }) => {
    const error = await failureOf(fetch(`https://${name}/`))
    assert.equal(error.reason, 'timeout')
  }, { dial: () => Deno.connect({ hostname: '127.0.0.1', port }), first_byte_ms: 1_000 })
  clearInterval(pulse)
  assert.ok(awake >= 10, `awake ${awake} times in a second`)
  hinting.kill()
  await hinting.status
  await said.cancel()
})

Deno.test('after a doubt an origin is connected to anew, and no other one is', async () => {
  await against(async ({ fetch, doubt, dialled }) => {
    const ask = async () => assert.equal(await (await fetch(`https://${name}/`)).text(), 'hello')
    for (let time = 0; time < 2; time++) await ask()
    assert.equal(dialled.length, 1)
    doubt(`https://${name}/mcp`)
    for (let time = 0; time < 2; time++) await ask()
    assert.equal(dialled.length, 2)
    doubt('https://other.example/mcp')
    await ask()
    assert.equal(dialled.length, 2)
  })
})
