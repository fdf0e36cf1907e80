import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { serve } from './passage.ts'

const authorization = `Basic ${btoa(`astra:${crypto.randomUUID()}`)}`

type Heard = { asked: string[]; dialled: string[] }

/** Says something to a passage and gives back the first line of what it answers. */
async function answerTo(said: string | Uint8Array<ArrayBuffer>, heard: Heard): Promise<string> {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const client = await Deno.connect({ hostname: '127.0.0.1', port: listener.addr.port })
  const serving = serve(await listener.accept(), {
    authorization,
    check_name(name) {
      heard.asked.push(name)
      return Promise.resolve(['203.0.114.7'])
    },
    dial({ hostname, port }) {
      heard.dialled.push(`${hostname}:${port}`)
      return Promise.reject(new Error('not in this test'))
    },
  })
  const bytes = typeof said === 'string' ? new TextEncoder().encode(said) : said
  await client.write(bytes)
  const answer = new Uint8Array(256)
  const read = await client.read(answer)
  client.close()
  listener.close()
  await serving
  return new TextDecoder().decode(answer.subarray(0, read ?? 0)).split('\r\n')[0]!
}

const head = (first: string, ...fields: string[]) => [first, ...fields, '', ''].join('\r\n')
const knows = `Proxy-Authorization: ${authorization}`
const denied = 'HTTP/1.1 407 Proxy Authentication Required'
const connect = 'CONNECT mcp.example.com:443 HTTP/1.1'

Deno.test('a request that knows the password is led to an address that was checked', async () => {
  const heard: Heard = { asked: [], dialled: [] }
  assert.equal(await answerTo(head(connect, knows), heard), 'HTTP/1.1 502 Bad Gateway')
  assert.deepEqual(heard, { asked: ['mcp.example.com'], dialled: ['203.0.114.7:443'] })
})

Deno.test(promises.tunnel_is_closed, async () => {
  const heard: Heard = { asked: [], dialled: [] }
  const wrong = `Basic ${btoa(`astra:${crypto.randomUUID()}`)}`
  for (const given of [wrong, '', 'Basic', authorization.slice(0, -1), `${authorization}x`]) {
    const said = head(connect, `Proxy-Authorization: ${given}`)
    assert.equal(await answerTo(said, heard), denied, given)
  }
  assert.equal(await answerTo(head(connect, `Authorization: ${authorization}`), heard), denied)
  assert.deepEqual(heard, { asked: [], dialled: [] })
})

Deno.test('a public address is its own check', async () => {
  const heard: Heard = { asked: [], dialled: [] }
  for (const host of ['8.8.8.8', '[2606:4700::1111]', '134744072']) {
    assert.equal(
      await answerTo(head(`CONNECT ${host}:443 HTTP/1.1`, knows), heard),
      'HTTP/1.1 502 Bad Gateway',
    )
  }
  const dialled = ['8.8.8.8:443', '2606:4700::1111:443', '8.8.8.8:443']
  assert.deepEqual(heard, { asked: [], dialled })
})

Deno.test('even with the password only public hosts on the https port are reached', async () => {
  const heard: Heard = { asked: [], dialled: [] }
  const requests = [
    'CONNECT mcp.example.com:80 HTTP/1.1',
    'CONNECT mcp.example.com:22 HTTP/1.1',
    'CONNECT mcp.example.com HTTP/1.1',
    'CONNECT 127.0.0.1:443 HTTP/1.1',
    'CONNECT [::1]:443 HTTP/1.1',
    'CONNECT [::ffff:127.0.0.1]:443 HTTP/1.1',
    'CONNECT [2606:4700::1111:443 HTTP/1.1',
    'CONNECT 2130706433:443 HTTP/1.1',
    'CONNECT localhost:443 HTTP/1.1',
    'CONNECT metadata.google.internal:443 HTTP/1.1',
    'CONNECT a@mcp.example.com:443 HTTP/1.1',
    'CONNECT mcp.example.com/x:443 HTTP/1.1',
    'CONNECT mcp.example.com:443 HTTP/1.0',
    'GET http://mcp.example.com/ HTTP/1.1',
    '',
  ]
  for (const first of requests) {
    assert.equal(await answerTo(head(first, knows), heard), denied, first)
  }
  assert.deepEqual(heard, { asked: [], dialled: [] })
})

Deno.test('a request too long, or with something behind it, is refused', async () => {
  const heard: Heard = { asked: [], dialled: [] }
  assert.equal(await answerTo(head(connect, knows, `X-Long: ${'x'.repeat(5_000)}`), heard), denied)
  assert.equal(await answerTo(new Uint8Array(4_096).fill(0xff), heard), denied)
  assert.deepEqual(heard, { asked: [], dialled: [] })
})
