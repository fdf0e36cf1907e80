import assert from 'node:assert/strict'
import type { TestStep } from '../../../../shared/server.ts'
import { bench, closing } from '../../../tests/upstreams/bench.ts'
import { startHostile } from '../../../tests/upstreams/hostile.ts'
import { startLegacySse } from '../../../tests/upstreams/legacy-sse.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startRefusing } from '../../../tests/upstreams/refusing.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import type { NameCheck } from './names.ts'
import { probeSteps } from './probe.ts'
import { type Upstream, UpstreamError } from './upstream.ts'

const said = (steps: TestStep[]) => steps.map(({ step, outcome }) => `${step} ${outcome}`)
const words = (steps: TestStep[]) => steps.map(({ message }) => message)
const six = ['resolve', 'tls', 'transport', 'era', 'sign_in', 'list_tools']

Deno.test('every step of a good server passes, and is told as it ends', async () => {
  const fallen = 'Legacy SSE: the server does not take streamable HTTP, so Astra fell back'
  const expected = [
    { start: () => startModern(), transport: 'Streamable HTTP', era: 'MCP 2026-07-28, stateless' },
    {
      start: () => startSessions(),
      transport: 'Streamable HTTP',
      era: 'MCP 2025-11-25, with sessions',
    },
    { start: () => startLegacySse(), transport: fallen, era: 'MCP 2025-11-25, with sessions' },
  ]
  for (const { start, transport, era } of expected) {
    const server = start()
    const at = bench(server)
    await closing(server, at, async () => {
      const told: TestStep[] = []
      const onStep = (step: TestStep) => told.push(step)
      const report = await at.connections.probe(at.upstream, { onStep })
      assert.deepEqual(said(report.steps), six.map((step) => `${step} passed`))
      assert.deepEqual(told, report.steps)
      assert.deepEqual(words(report.steps), [
        'The operator lists this host',
        'No TLS: the operator lists this host',
        transport,
        era,
        'The server asks for no credential',
        `${report.tools_found} tools found`,
      ])
      assert.equal(report.error, null)
    })
  }
})

Deno.test('the first step that fails is named, with what to do; the rest are not tried', async () => {
  const hostile = startHostile()
  const server = { url: hostile.url('mcp', 'html'), host: hostile.host, stop: hostile.stop }
  const at = bench(server)
  const failing = async (url: string) => {
    const { steps, error } = await at.connections.probe({ ...at.upstream, url })
    assert.ok(error instanceof UpstreamError)
    const failed = steps.filter(({ outcome }) => outcome === 'failed')
    assert.equal(failed.length, 1)
    assert.equal(failed[0], steps.at(-1))
    assert.equal(failed[0]!.message, error.message)
    assert.ok(failed[0]!.advice)
    return said(steps).filter((step) => !step.endsWith('skipped')).join(', ')
  }
  await closing(server, at, async () => {
    assert.equal(await failing('https://10.0.0.1/mcp'), 'resolve failed')
    assert.equal(await failing('nonsense'), 'resolve failed')
    const reached = 'resolve passed, tls passed, transport'
    assert.equal(await failing(hostile.url('mcp', 'html')), `${reached} failed`)
    assert.equal(await failing(hostile.url('mcp', 'broken')), `${reached} failed`)
    assert.equal(await failing(hostile.url('mcp', 'redirectaway')), `${reached} failed`)
    const connected = `${reached} passed, era passed, sign_in passed, list_tools`
    assert.equal(await failing(hostile.url('list', 'many')), `${connected} failed`)
    assert.equal(await failing(hostile.url('list', 'html')), `${connected} failed`)
  })
})

Deno.test('what to do fits what failed: somebody fails, or nobody listens', async () => {
  const listen = { port: 0, hostname: '127.0.0.1', onListen() {} }
  const http = Deno.serve(listen, () => new Response('', { status: 500 }))
  const nobody = Deno.listen(listen)
  nobody.close()
  const failing = async (port: number, stop: () => Promise<void>) => {
    const host = `127.0.0.1:${port}`
    const server = { url: `http://${host}/mcp`, host, stop }
    const at = bench(server)
    let failed: TestStep | undefined
    await closing(server, at, async () => {
      const { steps } = await at.connections.probe(at.upstream)
      failed = steps.find(({ outcome }) => outcome === 'failed')
    })
    return failed!
  }
  const broken = await failing(http.addr.port, () => http.shutdown())
  assert.equal(broken.message, 'The server failed with HTTP 500')
  assert.match(broken.advice!, /^Something answers/)
  const gone = await failing(nobody.addr.port, () => Promise.resolve())
  assert.equal(gone.message, 'Nothing answers at the server’s address')
  assert.match(gone.advice!, /^Check the host and port/)
})

Deno.test('a refused credential is the sign-in’s failure, wherever it shows', async () => {
  const challenge = 'Bearer scope="read"'
  const always = startRefusing(startModern(), () => ({ status: 401, challenge }))
  const first = bench(always)
  await closing(always, first, async () => {
    const { steps, error } = await first.connections.probe(first.upstream)
    assert.deepEqual(said(steps).slice(2), [
      'transport passed',
      'era skipped',
      'sign_in failed',
    ])
    assert.deepEqual(words(steps).slice(2, 4), ['An HTTP server answers', 'Shows after signing in'])
    assert.equal(error?.challenge?.scope, 'read')
  })
  const late = startRefusing(
    startSessions(),
    (_, body) => body.includes('tools/list') ? { status: 403, challenge } : null,
  )
  const second = bench(late)
  await closing(late, second, async () => {
    const { steps } = await second.connections.probe(second.upstream)
    assert.deepEqual(said(steps).slice(3), ['era passed', 'sign_in failed'])
  })
})

const secure: Upstream = {
  key: 'k',
  server_type: 'http',
  url: 'https://mcp.example/mcp',
  headers: {},
  query: {},
  protocol: null,
}
const found: NameCheck = () => Promise.resolve(['192.0.2.1'])
const failing = (error: UpstreamError, check_name = found) =>
  probeSteps(secure, { allowed_private_hosts: [], check_name, list: () => Promise.reject(error) })

Deno.test('before anything answered over https it is the TLS step that failed', async () => {
  for (
    const message of ['The server’s TLS certificate is not valid', 'Nothing answers at the address']
  ) {
    const { steps } = await failing(new UpstreamError('unreachable', message))
    assert.deepEqual(said(steps), [
      'resolve passed',
      'tls failed',
    ])
  }
})

Deno.test('a server that refuses in MCP itself is at fault in its era, not in its transport', async () => {
  const { steps } = await failing(new UpstreamError('protocol', 'refused', { spoken: true }))
  assert.deepEqual(said(steps).slice(1), ['tls passed', 'transport passed', 'era failed'])
})

Deno.test('a name that cannot be found is where it ends', async () => {
  const check = () =>
    Promise.reject(new UpstreamError('unreachable', 'The name could not be found'))
  const { steps } = await failing(new UpstreamError('protocol', 'never'), check)
  assert.deepEqual(said(steps), ['resolve failed'])
})
