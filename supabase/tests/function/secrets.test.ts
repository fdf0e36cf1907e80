import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { startCountingServer } from '../upstreams/counting.ts'
import { addServer, people, stack, stored, syncAndAllow } from './the-stack.ts'

const upstream = startCountingServer()
globalThis.addEventListener('unload', () => void upstream.stop())

const secret = 'hush-7f3a"x/+='
const kinds = [
  {
    credential: { credential_type: 'api_key', header: 'X-Api-Key', value: secret },
    sends: ['x-api-key', secret],
  },
  {
    credential: { credential_type: 'oauth_token', value: secret },
    sends: ['authorization', `Bearer ${secret}`],
  },
  {
    credential: { credential_type: 'basic_auth', username: 'u', password: secret },
    sends: ['authorization', `Basic ${btoa(`u:${secret}`)}`],
  },
  {
    credential: { credential_type: 'custom', headers: { 'X-One': 'one-1-one', 'X-Two': secret } },
    sends: ['x-two', secret],
  },
]

for (const { credential, sends } of kinds) {
  Deno.test(`a credential of type ${credential.credential_type} reaches its server and nobody else`, async () => {
    const server_id = await addServer(upstream.url, { credential })
    await syncAndAllow(server_id)
    const { body } = await people.member.call('call_tool', {
      server_id,
      tool_name: 'show_headers',
      parameters: {},
    })
    assert.equal(body.status, 'success')
    assert.equal(upstream.lastHeaders().get(sends[0]!), sends[1])
    const listed = await people.member.call('list_servers')
    const shown = listed.body.servers.find(({ id }: { id: string }) => id === server_id)
    assert.equal(shown.has_credential, true)
    assert.equal(shown.credential_type, credential.credential_type)
    const everywhere = JSON.stringify([body, listed.body, await stored(body.execution_id)])
    for (
      const form of [
        secret,
        btoa(secret),
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ]
    ) {
      assert.ok(!everywhere.includes(form), form)
    }
  })
}

Deno.test('a key in the address travels there, only when the admin insists, and is seen nowhere else', async () => {
  const asked: URL[] = []
  const front = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, (request) => {
    asked.push(new URL(request.url))
    const { method, headers, body } = request
    return fetch(upstream.url, { method, headers, body })
  })
  const credential = { credential_type: 'query_key', parameter: 'key', value: secret }
  const url = `http://127.0.0.1:${front.addr.port}/mcp?tenant=1`
  const server_id = await addServer(url)
  const meek = await people.owner.call('set_credential', { server_id, credential })
  assert.equal(meek.status, 400)
  const insisted = { server_id, credential: { ...credential, accept_risk: true } }
  assert.equal((await people.owner.call('set_credential', insisted)).status, 200)
  await syncAndAllow(server_id)
  const { body } = await people.member.call('call_tool', { server_id, tool_name: 'show_headers' })
  assert.equal(body.status, 'success')
  assert.ok(asked.length > 0)
  for (const { searchParams } of asked) {
    assert.deepEqual([...searchParams], [['tenant', '1'], ['key', secret]])
  }
  const listed = await people.member.call('list_servers')
  const log = await Deno.readTextFile(`${stack.folder}/logs/function.log`)
  const everywhere = JSON.stringify([body, listed.body, log, await stored(body.execution_id)])
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
    assert.ok(!everywhere.includes(form), form)
  }
  await people.owner.call('remove_server', { server_id })
  await front.shutdown()
})

Deno.test(promises.secret_never_stored, async () => {
  const server_id = await addServer(upstream.url, { credential: kinds[1]!.credential })
  await syncAndAllow(server_id)
  const { body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'show_headers',
    parameters: {},
  })
  assert.match(body.result.content[0].text, /\[redacted\]/)
  assert.match((await stored(body.execution_id)).output_result.content[0].text, /\[redacted\]/)
})

Deno.test('whoever writes a credential into a call finds it redacted on record', async () => {
  const server_id = await addServer(upstream.url, { credential: kinds[1]!.credential })
  await syncAndAllow(server_id)
  const { body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'echo',
    parameters: { text: `is it ${secret}?`, other: 'kept' },
  })
  assert.equal(body.result.content[0].text, 'is it [redacted]?')
  const { input_parameters } = await stored(body.execution_id)
  assert.deepEqual(input_parameters, { text: 'is it [redacted]?', other: 'kept' })
})

Deno.test('a key that is written into an address is refused: the whole team reads addresses', async () => {
  const refused = async (query: string) => {
    const config = { url: `${upstream.url}?${query}` }
    const { body } = await people.owner.call('add_server', {
      name: 'x',
      server_type: 'http',
      config,
    })
    if (body.server) await people.owner.call('remove_server', { server_id: body.server.id })
    return body.error?.details[0].path
  }
  for (const name of ['key', 'api_key', 'apiKey', 'access-token', 'auth_token', 'password']) {
    assert.equal(await refused(`tenant=1&${name}=x`), 'config.url', name)
  }
  for (const harmless of ['tenant=1', 'key=', 'keys=a', 'tools=read,write']) {
    assert.equal(await refused(harmless), undefined, harmless)
  }
})

Deno.test('another credential, or none, makes Astra forget how the server was doing', async () => {
  const { credential } = kinds[1]!
  const server_id = await addServer(upstream.url, { credential })
  await syncAndAllow(server_id)
  const state = async () => {
    const { body } = await people.member.rest(`mcp_servers?id=eq.${server_id}`)
    return [body[0].connection_status, body[0].last_error]
  }
  assert.deepEqual(await state(), ['connected', null])
  for (const next of [credential, null]) {
    await people.owner.call('sync_tools', { server_id })
    await people.owner.call('set_credential', { server_id, credential: next })
    assert.deepEqual(await state(), ['pending', null])
  }
})

Deno.test('a credential that a server describes its tools with is redacted before anyone reads it', async () => {
  upstream.addTool({
    name: 'leaky',
    description: `Your key is ${secret}`,
    inputSchema: { type: 'object', title: `Bearer ${secret}` },
  })
  const server_id = await addServer(upstream.url, { credential: kinds[1]!.credential })
  await syncAndAllow(server_id)
  const { body } = await people.member.rest(
    `mcp_tools?server_id=eq.${server_id}&tool_name=eq.leaky`,
  )
  assert.equal(body[0].description, 'Your key is [redacted]')
  assert.ok(!JSON.stringify(body).includes(JSON.stringify(secret).slice(1, -1)))
})

Deno.test(promises.secret_never_answered, async () => {
  const server_id = await addServer(upstream.url, { credential: kinds[0]!.credential })
  const answers = await Promise.all([
    people.owner.call('list_servers'),
    people.owner.call('set_credential', { server_id, credential: kinds[0]!.credential }),
    people.owner.call('update_server', { server_id, description: 'changed' }),
    people.owner.call('test_server', { server_id }),
    people.owner.call('sync_tools', { server_id }),
    people.owner.rest('mcp_servers?select=*'),
  ])
  for (const { status, body } of answers) {
    assert.equal(status, 200)
    assert.ok(!JSON.stringify(body).includes('hush-7f3a'))
  }
})

Deno.test(promises.credentials_unreadable, async () => {
  for (const person of Object.values(people)) {
    const { status } = await person.rest('mcp_server_credentials?select=*')
    assert.ok(status === 401 || status === 403, `${person.email}: ${status}`)
  }
})

Deno.test(promises.credential_stays_with_host, async () => {
  const server_id = await addServer(upstream.url, { credential: kinds[1]!.credential })
  const elsewhere = { server_id, config: { url: 'https://example.com/mcp' } }
  assert.equal((await people.owner.call('update_server', elsewhere)).status, 409)
  const path = { server_id, config: { url: `${upstream.url}?v=2` } }
  assert.equal((await people.owner.call('update_server', path)).status, 200)
  await people.owner.call('set_credential', { server_id, credential: null })
  const { body } = await people.owner.call('update_server', elsewhere)
  assert.equal(body.server.has_credential, false)
  assert.equal(body.server.config.url, elsewhere.config.url)
})

Deno.test('a credential of another row does not open: the call ends with a typed error', async () => {
  const [a, b] = [
    await addServer(upstream.url, { credential: kinds[1]!.credential }),
    await addServer(upstream.url, { credential: kinds[1]!.credential }),
  ]
  await syncAndAllow(b!)
  const { body: [other] } = await stack.asService(`mcp_server_credentials?server_id=eq.${a}`)
  await stack.asService(`mcp_server_credentials?server_id=eq.${b}`, {
    method: 'PATCH',
    body: JSON.stringify({ encrypted_value: other.encrypted_value }),
  })
  const { body } = await people.member.call('call_tool', {
    server_id: b,
    tool_name: 'echo',
    parameters: { text: 'x' },
  })
  assert.equal(body.status, 'error')
  assert.equal(body.error.code, 'credential_unreadable')
})

Deno.test('a stdio server’s environment is sealed and only its names are shown', async () => {
  const added = await people.owner.call('add_server', {
    name: `Local ${crypto.randomUUID().slice(0, 8)}`,
    server_type: 'stdio',
    config: { command: 'npx', args: ['-y', 'some-server'], env: { TOKEN: 'hush-7f3a-env' } },
  })
  assert.equal(added.status, 200)
  assert.deepEqual(added.body.server.config.env, ['TOKEN'])
  assert.ok(!JSON.stringify(added.body).includes('hush-7f3a-env'))
  const server_id = added.body.server.id
  for (const action of ['test_server', 'sync_tools', 'call_tool']) {
    const input = action === 'call_tool' ? { server_id, tool_name: 'any' } : { server_id }
    const { status, body } = await people.owner.call(action, input)
    assert.equal(status, 501, action)
    assert.match(body.error.message, /needs the stdio host/)
  }
})
