// No address inside is ever spoken to, whoever names it: an admin, or a server in any place where it may
// name one. A stack of its own, whose operator lists the luring server and nothing else.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { type Answer, startStack } from '../running-stack.ts'
import { disguises, privateLiterals, privateNames, rebindingNames } from '../upstreams/addresses.ts'
import { type Lure, lures, startLuring } from '../upstreams/luring.ts'

const luring = startLuring()
const canary = startCanary()
const stack = await startStack({ env: { ASTRA_ALLOWED_PRIVATE_HOSTS: luring.host } })
const owner = await stack.signIn('owner@acme.test')
// Hundreds of addresses are tried within a minute.
await owner.rest(`teams?id=eq.${stack.teams.Acme}`, {
  method: 'PATCH',
  body: JSON.stringify({ rate_per_person: null, rate_per_team: null }),
})
Deno.test.afterAll(async () => {
  await stack.stop()
  await luring.stop()
  canary.stop()
})

/** Listens on both loopbacks, on the same two ports, and counts whoever connects. */
function startCanary() {
  const seen = { connections: 0 }
  const listeners = [0, 0].flatMap(() => {
    const four = Deno.listen({ hostname: '127.0.0.1', port: 0 })
    return [four, Deno.listen({ hostname: '::1', port: four.addr.port })]
  })
  for (const listener of listeners) {
    void (async () => {
      for await (const conn of listener) {
        seen.connections++
        conn.close()
      }
    })().catch(() => {})
  }
  return {
    ports: [listeners[0]!.addr.port, listeners[2]!.addr.port] as const,
    connections: () => seen.connections,
    stop: () => listeners.forEach((listener) => listener.close()),
  }
}

const [port, otherPort] = canary.ports
const hosts = [...privateLiterals, ...privateNames, ...rebindingNames]
/** Refused for the host alone, and for what a careless check would have reached. */
const addresses = [
  ...hosts.flatMap((host) => [`https://${host}/mcp`, `http://${host}:${port}/mcp`]),
  ...disguises(otherPort),
]
const rebinding = ['kubernetes.default', ...rebindingNames]
/** Only a resolver knows that they lead inside: they may be saved, and are refused when spoken to. */
const looksPublic = (address: string) =>
  URL.canParse(address) && new URL(address).protocol === 'https:' &&
  [...rebinding, 'mcp.example.com'].includes(new URL(address).host)

const adding = (url: string) =>
  owner.call('add_server', { name: crypto.randomUUID(), server_type: 'http', config: { url } })

async function addServer(url: string, server_type = 'http'): Promise<string> {
  const { status, body } = await owner.call('add_server', {
    name: crypto.randomUUID(),
    server_type,
    config: { url },
  })
  assert.equal(status, 200, JSON.stringify(body))
  return body.server.id
}

async function addTool(server_id: string): Promise<void> {
  const definition = { name: 't', inputSchema: { type: 'object' } }
  const row = {
    team_id: stack.teams.Acme,
    server_id,
    tool_name: 't',
    input_schema: definition.inputSchema,
    definition,
    definition_hash: 'planted',
    timeout_seconds: 2,
    policy: 'allow',
  }
  const { status, body } = await stack.asService('mcp_tools', {
    method: 'POST',
    body: JSON.stringify(row),
  })
  assert.equal(status, 201, JSON.stringify(body))
}

function refusedToSave({ status, body }: Answer, address: string): void {
  if (looksPublic(address) && status === 200) return
  assert.equal(status, 400, `${address}: ${JSON.stringify(body)}`)
  assert.match(body.error.message, /^config\.url: /)
}

Deno.test('the corpus is as large as was promised', () => {
  assert.ok(privateLiterals.length >= 64)
  assert.ok(privateNames.length + rebindingNames.length >= 20)
  assert.equal(new Set(addresses).size, addresses.length)
})

Deno.test(promises.private_addresses, async () => {
  for (const address of addresses) refusedToSave(await adding(address), address)
  assert.equal((await adding('https://mcp.example.com/mcp')).status, 200)
  assert.equal((await adding('https://8.8.8.8/mcp')).status, 200)
  assert.equal(canary.connections(), 0)
})

Deno.test('no server is moved to an address inside, in any spelling', async () => {
  const server_id = await addServer(`http://${luring.host}/good/mcp`)
  for (const address of addresses) {
    const update = { server_id, config: { url: address } }
    refusedToSave(await owner.call('update_server', update), address)
  }
  await owner.call('update_server', { server_id, config: { url: `http://${luring.host}/good/2` } })
  const { status, body } = await owner.call('sync_tools', { server_id })
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(luring.asked().includes('POST /good/2'))
  assert.equal(canary.connections(), 0)
})

Deno.test('a name that only a resolver can tell leads nowhere when it is spoken to', async () => {
  for (const name of rebinding) {
    const server_id = await addServer(`https://${name}/mcp`)
    await addTool(server_id)
    const { body } = await owner.call('call_tool', { server_id, tool_name: 't' })
    assert.match(body.error.code, /^(address_refused|upstream_unreachable)$/, name)
  }
  assert.equal(canary.connections(), 0)
})

/** How an operation that met the lure answers, in words. */
type Outcome = (server_id: string) => Promise<string>

const called: Outcome = async (server_id) => {
  const { status, body } = await owner.call('call_tool', { server_id, tool_name: 't' })
  assert.equal(status, 200, JSON.stringify(body))
  return body.status === 'error' ? body.error.code : body.status
}

const connected: Outcome = async (server_id) => {
  const { status, body } = await owner.call('connect_server', { server_id, account: 'team' })
  return status === 200 ? new URL(body.authorization_url).host : body.error.code
}

type Way = {
  by: Outcome
  server_type?: 'sse'
  /** How it ends when the address is refused. */
  refused: RegExp
  /** An address of the server’s own, how that ends, and what must have been asked for then. */
  good: { target: string; ends: string; asks: string }
}

const described = (lure: Lure) => `GET /.well-known/oauth-authorization-server/${lure}`

const offered = { by: connected, refused: /^(unavailable|conflict|unsupported)$/ }
const ways: Record<Lure, Way> = {
  redirect: {
    by: called,
    // Some of these, read as the way on from an address, stay on it.
    refused: /^(address_refused|upstream_protocol)$/,
    good: { target: '/good/mcp', ends: 'success', asks: 'POST /good/mcp' },
  },
  endpoint: {
    by: called,
    server_type: 'sse',
    refused: /^(address_refused|upstream_protocol|upstream_unreachable)$/,
    good: { target: '/good/mcp', ends: 'timeout', asks: 'POST /good/mcp' },
  },
  resource_metadata: {
    by: called,
    refused: /^upstream_unauthorized$/,
    good: {
      target: '{origin}/resource/resource_metadata',
      ends: 'awaiting_auth',
      asks: 'GET /resource/resource_metadata',
    },
  },
  authorization_servers: {
    ...offered,
    good: {
      target: '{origin}/authorization_servers',
      ends: luring.host,
      asks: described('authorization_servers'),
    },
  },
  authorization_endpoint: {
    ...offered,
    good: {
      target: '{origin}/authorize',
      ends: luring.host,
      asks: described('authorization_endpoint'),
    },
  },
  token_endpoint: {
    ...offered,
    good: { target: '{origin}/token', ends: luring.host, asks: described('token_endpoint') },
  },
  registration_endpoint: {
    ...offered,
    good: { target: '{origin}/register/here', ends: luring.host, asks: 'POST /register/here' },
  },
  metadata_redirect: {
    ...offered,
    good: {
      target: '/.well-known/oauth-authorization-server/token_endpoint',
      ends: 'unavailable',
      asks: described('token_endpoint'),
    },
  },
}

for (const lure of lures) {
  const { by, server_type, refused, good } = ways[lure]
  Deno.test(`a server cannot lead Astra inside by its ${lure.replaceAll('_', ' ')}`, async () => {
    const server_id = await addServer(luring.url(lure), server_type)
    await addTool(server_id)
    for (const address of addresses) {
      luring.target = address
      const outcome = await by(server_id)
      if (!looksPublic(address)) assert.match(outcome, refused, `${address}: ${outcome}`)
    }
    assert.equal(canary.connections(), 0)
    luring.asked()
    luring.target = good.target
    assert.equal(await by(server_id), good.ends)
    assert.ok(luring.asked().includes(good.asks), 'the good address was never asked')
  })
}

Deno.test('a token endpoint that only a resolver gives away is never told the code', async () => {
  const server_id = await addServer(luring.url('token_endpoint'))
  for (const name of rebinding) {
    luring.target = `https://${name}/token`
    const { body } = await owner.call('connect_server', { server_id, account: 'team' })
    const state = new URL(body.authorization_url).searchParams.get('state')!
    const back = new URL(`${stack.url}/functions/v1/mcp-client/oauth/callback`)
    back.search = new URLSearchParams({ state, code: 'x' }).toString()
    const response = await fetch(back, { redirect: 'manual' })
    await response.body?.cancel()
    const way = new URL(response.headers.get('location')!)
    assert.ok(way.searchParams.get('connect_error'), way.href)
  }
  assert.equal(canary.connections(), 0)
})
