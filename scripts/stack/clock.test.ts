import assert from 'node:assert/strict'
import { startClock } from './clock.ts'

type Answer = () => Response | Promise<Response>

/** A function whose tick answers as told; `rung(n)` resolves when it has been rung so often. */
function startTick(answer: (at: number) => ReturnType<Answer>) {
  const seen: { key: string | null; open: number }[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let open = 0
  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, async (request) => {
    assert.equal(new URL(request.url).pathname, '/functions/v1/mcp-client/tick')
    seen.push({ key: request.headers.get('apikey'), open: ++open })
    for (const one of waiting) if (seen.length >= one.count) one.resolve()
    const left = Promise.withResolvers<Response>()
    request.signal.addEventListener('abort', () => left.resolve(new Response()))
    return await Promise.race([answer(seen.length), left.promise]).finally(() => open--)
  })
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    seen,
    rung: (count: number) =>
      new Promise<void>((resolve) => {
        if (seen.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    stop: () => server.shutdown(),
  }
}

const well = () => Response.json({})
const silence = { secret_key: 'sb_secret_of_tests', report() {} }

Deno.test('a clock rings with the secret key, at once and again, never twice at a time', async () => {
  const tick = startTick(well)
  const stop = startClock({ ...silence, url: tick.url, every_ms: 1 })
  await tick.rung(5)
  await stop()
  const rung = tick.seen.length
  assert.ok(tick.seen.every(({ key, open }) => key === 'sb_secret_of_tests' && open === 1))
  await tick.stop()
  assert.equal(tick.seen.length, rung)
})

Deno.test('while nobody answers a clock rings sooner, and says so once', async () => {
  const reasons: string[] = []
  const tick = startTick((at) => at === 3 ? well() : new Response(null, { status: 503 }))
  const report = (reason: string) => void reasons.push(reason)
  // An hour between ticks that go well: only failed ones are followed by another one here.
  const stop = startClock({ ...silence, url: tick.url, every_ms: 3_600_000, again_ms: 1, report })
  await tick.rung(3)
  await stop()
  assert.deepEqual(reasons, ['the tick was answered with 503'])
  await tick.stop()
})

Deno.test('a clock that is stopped waits for no tick and no time', async () => {
  const tick = startTick(() => new Promise<Response>(() => {}))
  const stop = startClock({ ...silence, url: tick.url })
  await tick.rung(1)
  await stop()
  await tick.stop()

  const quick = startTick(well)
  const stopQuick = startClock({ ...silence, url: quick.url, every_ms: 3_600_000 })
  await quick.rung(1)
  await stopQuick()
  await quick.stop()
})
