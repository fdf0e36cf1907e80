import assert from 'node:assert/strict'
import { type Hostile, startDropping, startHostile } from '../../../tests/upstreams/hostile.ts'
import { until } from '../../../tests/upstreams/bench.ts'
import type { ToolCall } from './call.ts'
import { type Connections, openConnections } from './connection.ts'
import { type Upstream, UpstreamError, type UpstreamReason } from './upstream.ts'

/** Long enough that a cap is met first on a slow machine; where the clock is what is tested, less. */
const patient = 8_000
const call: ToolCall = {
  name: 't',
  definition: { name: 't', inputSchema: { type: 'object' } },
  arguments: {},
  timeout_ms: patient,
  max_total_ms: patient,
}

async function against(
  work: (server: Hostile, connections: Connections) => Promise<void>,
  connect_ms = patient,
) {
  const server = startHostile()
  const allowed_private_hosts = [server.host]
  const connections = openConnections({ allowed_private_hosts, connect_ms, list_ms: 5_000 })
  try {
    await work(server, connections)
  } finally {
    await connections.close()
    await server.stop()
  }
}

function at(url: string): Upstream {
  return { key: url, server_type: 'http', url, headers: {}, query: {}, protocol: null }
}

/** Fails unless the work fails in time, with a sentence of ours. */
async function failureOf(work: Promise<unknown>, within: number): Promise<UpstreamError> {
  const started = performance.now()
  const error = await work.then(() => null, (reason) => reason)
  assert.ok(error instanceof UpstreamError, `not a typed failure: ${error}`)
  assert.ok(performance.now() - started < within + 1_000, `took ${performance.now() - started} ms`)
  assert.doesNotMatch(error.message, /SECRET|secret|token|who are you|\?|http:/)
  return error
}

const whileCalling: Record<string, { reason: UpstreamReason; sent: boolean }> = {
  html: { reason: 'protocol', sent: true },
  html404: { reason: 'protocol', sent: false },
  huge: { reason: 'too_large', sent: true },
  chunked: { reason: 'too_large', sent: true },
  bomb: { reason: 'too_large', sent: true },
  silent: { reason: 'timeout', sent: true },
  drip: { reason: 'timeout', sent: true },
  dripstream: { reason: 'timeout', sent: true },
  endless: { reason: 'too_large', sent: true },
  bigevent: { reason: 'too_large', sent: true },
  cutstream: { reason: 'unreachable', sent: true },
  redirectloop: { reason: 'address_refused', sent: false },
  redirectaway: { reason: 'address_refused', sent: false },
  redirectin: { reason: 'address_refused', sent: false },
  truncated: { reason: 'protocol', sent: true },
  deep: { reason: 'too_large', sent: true },
  blocks: { reason: 'too_large', sent: true },
  notaresult: { reason: 'protocol', sent: true },
  wrongid: { reason: 'protocol', sent: true },
  unauthorized: { reason: 'unauthorized', sent: false },
  forbidden: { reason: 'unauthorized', sent: false },
  broken: { reason: 'unreachable', sent: true },
  busy: { reason: 'protocol', sent: false },
  accepted: { reason: 'protocol', sent: true },
}

for (const [kind, expected] of Object.entries(whileCalling)) {
  Deno.test(`a server that answers a call with "${kind}" is a typed failure in time, and let go of`, async () => {
    await against(async (server, connections) => {
      const url = server.url('call', kind)
      const timeout_ms = expected.reason === 'timeout' ? 1_000 : patient
      const work = connections.callTool(at(url), { ...call, timeout_ms })
      const failure = await failureOf(work, timeout_ms)
      assert.deepEqual({ reason: failure.reason, sent: failure.sent }, expected)
      await until(() => server.open() === 0)
    })
  })
}

const whileConnecting: Record<string, UpstreamReason> = {
  html: 'protocol',
  html404: 'protocol',
  huge: 'too_large',
  chunked: 'too_large',
  bomb: 'too_large',
  silent: 'timeout',
  drip: 'timeout',
  dripstream: 'timeout',
  endless: 'too_large',
  cutstream: 'unreachable',
  redirectloop: 'address_refused',
  redirectaway: 'address_refused',
  redirectin: 'address_refused',
  truncated: 'protocol',
  wrongid: 'protocol',
  unauthorized: 'unauthorized',
  forbidden: 'unauthorized',
  broken: 'unreachable',
  busy: 'protocol',
}

for (const [kind, reason] of Object.entries(whileConnecting)) {
  const connect_ms = reason === 'timeout' ? 1_000 : patient
  Deno.test(`a server that connects with "${kind}" is a typed failure in time, and nothing was sent`, () =>
    against(async (server, connections) => {
      const upstream = at(server.url('mcp', kind))
      const failure = await failureOf(connections.callTool(upstream, call), connect_ms)
      assert.deepEqual({ reason: failure.reason, sent: failure.sent }, { reason, sent: false })
      assert.equal(connections.size(), 0)
      await until(() => server.open() === 0)
    }, connect_ms))
}

Deno.test('a legacy SSE server that misbehaves from the start is a typed failure in time', () =>
  against(async (server, connections) => {
    for (const kind of Object.keys(whileConnecting)) {
      const upstream = { ...at(server.url('mcp', kind)), server_type: 'sse' as const }
      const failure = await failureOf(connections.callTool(upstream, call), 500)
      assert.equal(failure.sent, false, kind)
    }
    await until(() => server.open() === 0)
  }, 500))

Deno.test('a redirect is named by its host only', async () => {
  await against(async (server, connections) => {
    const url = server.url('call', 'redirectaway')
    const failure = await failureOf(connections.callTool(at(url), call), 1_000)
    assert.match(failure.message, /redirects to evil\.example;/)
  })
})

Deno.test('a tool list that loops, never ends or is too long is refused', async () => {
  await against(async (server, connections) => {
    const list = (kind: string) =>
      failureOf(connections.listTools(at(server.url('list', kind))), 5_000)
    assert.match((await list('loop')).message, /circles/)
    assert.match((await list('pages')).message, /more than 64 pages/)
    assert.equal((await list('many')).reason, 'too_large')
    assert.equal((await list('html')).reason, 'protocol')
    assert.equal((await list('notaresult')).reason, 'protocol')
  })
})

Deno.test('unusable entries of a tool list are left out, and each is told why', async () => {
  await against(async (server, connections) => {
    const listing = await connections.listTools(at(server.url('list', 'odd')))
    assert.deepEqual(listing.tools.map((tool) => tool.name), ['ok'])
    assert.deepEqual(listing.left_out.map(({ tool_name }) => tool_name), [
      '',
      '',
      '',
      '',
      'a',
      'ok',
      'deep',
    ])
    for (const { message } of listing.left_out) assert.match(message, /^(It|Its|The) /)
  })
})

Deno.test('unknown blocks and fields of a result are kept', async () => {
  await against(async (server, connections) => {
    const outcome = await connections.callTool(at(server.url('call', 'novel')), call)
    assert.deepEqual(outcome.kind === 'answered' && outcome.result, {
      content: [{ type: 'hologram', 'x-depth': 3 }, { type: 'text', text: 'a', 'x-block': 1 }],
      'x-result': [1],
    })
  })
})

Deno.test('a stream the server leaves open after its answer is closed', async () => {
  await against(async (server, connections) => {
    const outcome = await connections.callTool(at(server.url('call', 'lingering')), call)
    assert.equal(outcome.kind, 'answered')
    await until(() => server.open() === 0)
  })
})

Deno.test('a dropped or refused connection is unreachable; only the refused one certainly sent nothing', async () => {
  const server = startDropping()
  const connections = openConnections({ allowed_private_hosts: ['127.0.0.1'] })
  const dropped = await failureOf(connections.callTool(at(server.url), call), 1_000)
  assert.equal(dropped.reason, 'unreachable')
  await server.stop()
  const refused = await failureOf(connections.callTool(at(server.url), call), 1_000)
  assert.equal(refused.reason, 'unreachable')
  assert.equal(refused.message, 'Nothing answers at the server’s address')
  await connections.close()
})
