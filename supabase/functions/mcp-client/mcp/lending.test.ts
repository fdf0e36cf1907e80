import assert from 'node:assert/strict'
import { startBudget } from './budget.ts'
import { createLending } from './lending.ts'
import type { Connection } from './negotiation.ts'
import { createPool } from './pool.ts'
import { type Upstream, UpstreamError } from './upstream.ts'

const upstream = { key: 'k', url: 'https://example.com/mcp', protocol: null } as Upstream

const connection = {
  broken: null,
  protocol: { transport: 'streamable_http' },
  close: () => Promise.resolve(),
  incoming: { during: (_: unknown, work: () => Promise<unknown>) => work() },
} as Connection

/** Runs one errand that fails, and gives what was doubted by then. */
async function failing(errand: { opens: boolean; run: () => Promise<never> }) {
  const doubted: Upstream[] = []
  const opening = Promise.withResolvers<Connection>()
  if (errand.opens) opening.resolve(connection)
  const pool = createPool({ max_connections: 4, idle_ms: 60_000 })
  const { run } = createLending(pool, {
    open: () => opening.promise,
    doubt: (one) => doubted.push(one),
  })
  const budget = startBudget({ max_total_ms: 20 })
  const listener = { budget }
  const failed = await run(upstream, { listener, calling: true, run: errand.run }).catch((e) => e)
  budget.end()
  opening.reject(new Error('over'))
  await pool.close()
  return { reason: failed.reason, doubted }
}

Deno.test('a server that is silent for too long is in doubt, be it while connecting or while called', async () => {
  const silent = () => Promise.reject(new UpstreamError('timeout', 'Silent', { sent: true }))
  const connecting = await failing({ opens: false, run: silent })
  assert.deepEqual(connecting, { reason: 'timeout', doubted: [upstream] })
  const called = await failing({ opens: true, run: silent })
  assert.deepEqual(called, { reason: 'timeout', doubted: [upstream] })
})

Deno.test('a server that says no is not in doubt', async () => {
  const refuse = () => Promise.reject(new UpstreamError('protocol', 'No', { spoken: true }))
  const refused = await failing({ opens: true, run: refuse })
  assert.deepEqual(refused, { reason: 'protocol', doubted: [] })
})
