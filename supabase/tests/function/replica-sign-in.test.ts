// Signing in at a server with several endpoints: always for its main address, whichever of them refused.
import assert from 'node:assert/strict'
import { startAuthorization } from '../upstreams/authorization.ts'
import { until } from '../upstreams/bench.ts'
import { callTool, comeBack, consent, signInTeam } from './sign-in-steps.ts'
import { addServer, isOver, people, stack, untilRow } from './the-stack.ts'

const { owner } = people

/** Another address of the same server, which says of signing in that its own address is what counts. */
function startReplica(main: string) {
  const asked: string[] = []
  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    const { pathname, origin } = new URL(request.url)
    asked.push(`${request.method} ${pathname}`)
    const { method, headers } = request
    const body = request.body ? await request.text() : null
    const answer = await fetch(main, { method, headers, body })
    if (answer.status !== 401) return answer
    await answer.body?.cancel()
    const own = `Bearer resource_metadata="${origin}/elsewhere"`
    return new Response('no', { status: 401, headers: { 'www-authenticate': own } })
  })
  return { url: `http://127.0.0.1:${server.addr.port}/mcp`, asked, stop: () => server.shutdown() }
}

const prefer = (server_id: string, url: string) =>
  stack.asService(`mcp_endpoints?server_id=eq.${server_id}&url=neq.${encodeURIComponent(url)}`, {
    method: 'PATCH',
    body: JSON.stringify({ status: 'degraded' }),
  })

Deno.test('a call that another endpoint refuses waits for a sign-in at the main address, and goes on', async () => {
  const main = startAuthorization()
  const replica = startReplica(main.url)
  const server_id = await addServer(main.url, {
    config: { url: main.url, replicas: [replica.url] },
  })
  try {
    await signInTeam(server_id)
    await owner.call('set_credential', { server_id, credential: null })
    await prefer(server_id, replica.url)
    replica.asked.length = 0

    const { body } = await callTool(owner, server_id)
    assert.equal(body.status, 'awaiting_auth', JSON.stringify(body))
    assert.ok(replica.asked.length > 0, 'the call went to the other endpoint')
    assert.equal(new URL(body.authorization_url).searchParams.get('resource'), main.url)
    assert.ok(!replica.asked.includes('GET /elsewhere'))

    const { way } = await comeBack(await consent(body.authorization_url))
    assert.equal(way?.searchParams.get('connected'), server_id)
    const row = await untilRow(body.execution_id, isOver)
    assert.equal(row.status, 'success', row.error_message)
  } finally {
    await owner.call('remove_server', { server_id })
    await replica.stop()
    await main.stop()
  }
})

Deno.test('a sign-in that ends after a further host was added is not kept', async () => {
  const main = startAuthorization()
  const server_id = await addServer(main.url)
  try {
    const { body } = await owner.call('connect_server', { server_id, account: 'team' })
    const held = Promise.withResolvers<void>()
    main.behaviour.hold = held.promise
    const coming = comeBack(await consent(body.authorization_url))
    // It is being finished by now, so nothing is left to be forgotten with the move.
    await until(() => main.seen.tokens.length === 1)
    const config = { url: main.url, replicas: ['https://example.com/mcp'] }
    assert.equal((await owner.call('update_server', { server_id, config })).status, 200)
    held.resolve()
    const { error } = await coming
    assert.equal(error, 'server_changed')
    const { body: kept } = await stack.asService(`mcp_server_credentials?server_id=eq.${server_id}`)
    assert.deepEqual(kept, [])
  } finally {
    await owner.call('remove_server', { server_id })
    await main.stop()
  }
})
