// The one origin, from outside: who answers which path, that streams stay streams, and that people who
// ask at the same moment never see each other's rows.
import assert from 'node:assert/strict'
import { createApi } from '../../../scripts/stack/api.ts'
import { startPostgres } from '../postgres.ts'
import { bare, type Launched, launchReady, type Status, until } from './launch.ts'

/** Runs a test on a stack of its own. */
async function onStack(
  env: Record<string, string>,
  test: (status: Status, stack: Launched) => Promise<void>,
): Promise<void> {
  const stack = await launchReady({ env: { ...bare, ...env } })
  try {
    await test(await stack.status(), stack)
  } finally {
    await stack.stop()
  }
}

Deno.test('the web app learns its backend from /astra.json, which is never kept', async () => {
  await onStack({}, async ({ url, publishable_key }) => {
    const answer = await fetch(`${url}/astra.json`)
    assert.deepEqual(await answer.json(), { supabase_url: url, publishable_key })
    assert.equal(answer.headers.get('cache-control'), 'no-store')
  })
})

Deno.test('a page whose name was made to lead here gets nothing, whatever it asks for', async () => {
  await onStack({}, async ({ url, publishable_key }) => {
    const statusFor = async (host: string, path: string) => {
      const connection = await Deno.connect({
        hostname: '127.0.0.1',
        port: Number(new URL(url).port),
      })
      const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `apikey: ${publishable_key}`]
      const head = [...lines, 'Connection: close', '', ''].join('\r\n')
      await connection.write(new TextEncoder().encode(head))
      const answer = await new Response(connection.readable).text()
      return [Number(answer.split(' ')[1]), answer.includes('sb_publishable_')]
    }
    const { host, port } = new URL(url)
    for (
      const path of ['/astra.json', '/auth/v1/settings', '/functions/v1/mcp-client/health', '/']
    ) {
      for (const name of ['evil.test', `evil.test:${port}`, `127.0.0.1.evil.test:${port}`]) {
        assert.deepEqual(await statusFor(name, path), [421, false], `${name}${path}`)
      }
    }
    assert.deepEqual(await statusFor(host, '/astra.json'), [200, true])
    assert.deepEqual(await statusFor(`localhost:${port}`, '/astra.json'), [200, true])
  })
})

Deno.test('the API opens to its keys only, and no request is elevated for coming from this machine', async () => {
  await onStack({}, async ({ url, publishable_key, secret_key }) => {
    const statusOf = async (headers: Record<string, string>) => {
      const answer = await fetch(`${url}/rest/v1/teams`, { headers })
      await answer.body?.cancel()
      return answer.status
    }
    assert.equal(await statusOf({}), 401)
    assert.equal(await statusOf({ apikey: 'sb_secret_of_someone_else' }), 401)
    assert.equal(await statusOf({ authorization: `Bearer ${secret_key}` }), 401)
    // Nobody signed in has no grant on any table.
    assert.equal(await statusOf({ apikey: publishable_key }), 401)
    assert.equal(await statusOf({ apikey: secret_key }), 200)
  })
})

Deno.test('an answer of the function starts to arrive before the request has ended', async () => {
  await onStack({}, async ({ function_url }) => {
    const sent = new TransformStream<Uint8Array, Uint8Array>()
    const writer = sent.writable.getWriter()
    const pending = fetch(`${function_url}/mirror?a=1`, { method: 'POST', body: sent.readable })
    await writer.write(new TextEncoder().encode('one '))
    const answer = await pending
    assert.equal(answer.headers.get('x-seen'), 'POST /mcp-client/mirror?a=1')
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    assert.equal((await reader.read()).value, 'one ')
    await writer.write(new TextEncoder().encode('two'))
    await writer.close()
    assert.equal((await reader.read()).value, 'two')
    assert.equal((await reader.read()).done, true)
  })
})

Deno.test('a caller who leaves is noticed by the function, before its answer and in the middle of it', async () => {
  await onStack({}, async ({ function_url }) => {
    const abandoned = async () => Number(await (await fetch(`${function_url}/abandoned`)).text())
    const stream = new AbortController()
    const answer = await fetch(`${function_url}/endless`, { signal: stream.signal })
    await answer.body!.getReader().read()
    stream.abort()
    await until('the stream is abandoned', async () => await abandoned() === 1)
    const silence = new AbortController()
    const waiting = fetch(`${function_url}/silent`, { signal: silence.signal })
    setTimeout(() => silence.abort(), 200)
    await assert.rejects(waiting)
    await until('the silent call is abandoned', async () => await abandoned() === 2)
  })
})

Deno.test('there is no function but the one', async () => {
  await onStack({}, async ({ url }) => {
    for (const path of ['other', 'mcp-clients', 'mcp-client/../other']) {
      const answer = await fetch(`${url}/functions/v1/${path}`)
      assert.equal(answer.status, 404, path)
      assert.equal((await answer.json()).error.code, 'not_found')
    }
  })
})

Deno.test('a request body that is too large for the API is refused', async () => {
  await onStack({}, async ({ url, secret_key }) => {
    const headers = { apikey: secret_key, 'content-type': 'application/json' }
    const body = JSON.stringify([{ name: 'x'.repeat(6_000_000) }])
    const answer = await fetch(`${url}/rest/v1/teams`, { method: 'POST', headers, body })
    await answer.body?.cancel()
    assert.equal(answer.status, 413)
  })
})

Deno.test('people who ask at the same moment get their own rows (PGlite)', async () => {
  await onStack({}, everyoneGetsTheirOwn)
})

Deno.test('people who ask at the same moment get their own rows (PostgreSQL)', async () => {
  const postgres = await startPostgres()
  try {
    await onStack({ ASTRA_DATABASE_URL: postgres.url }, everyoneGetsTheirOwn)
  } finally {
    await postgres.stop()
  }
})

Deno.test('a slow sender holds up nobody', async () => {
  await onStack({}, async ({ url, publishable_key, secret_key }) => {
    const slow = new TransformStream<Uint8Array, Uint8Array>()
    const writer = slow.writable.getWriter()
    const headers = { apikey: publishable_key, 'content-type': 'application/json' }
    const pending = fetch(`${url}/auth/v1/signup`, { method: 'POST', headers, body: slow.readable })
    await writer.write(new TextEncoder().encode('{'))
    const quick = await fetch(`${url}/rest/v1/teams`, { headers: { apikey: secret_key } })
    assert.deepEqual(await quick.json(), [])
    await writer.write(new TextEncoder().encode('}'))
    await writer.close()
    await (await pending).body?.cancel()
  })
})

async function everyoneGetsTheirOwn({ url, publishable_key }: Status): Promise<void> {
  const api = createApi(url, publishable_key)
  const people = ['ada', 'ben', 'cyd', 'dee']
  const askers = await Promise.all(people.map(async (name) => {
    const email = `${name}@example.test`
    await api.signUp(email, 'a password of ten')
    const token = await tokenOf(url, publishable_key, email)
    const headers = {
      apikey: publishable_key,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ p_name: `Team of ${name}` })
    await (await fetch(`${url}/rest/v1/rpc/create_team`, { method: 'POST', headers, body })).text()
    return { name, headers }
  }))
  const asked = Array.from({ length: 200 }, async (_, at) => {
    const { name, headers } = askers[at % askers.length]!
    const answer = await fetch(`${url}/rest/v1/teams?select=name`, { headers })
    assert.deepEqual(await answer.json(), [{ name: `Team of ${name}` }])
  })
  await Promise.all(asked)
}

async function tokenOf(url: string, apikey: string, email: string): Promise<string> {
  const answer = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'a password of ten' }),
  })
  return (await answer.json()).access_token
}
