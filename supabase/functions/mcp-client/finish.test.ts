// How long the end of an execution is tried to be written while the database is away.
import assert from 'node:assert/strict'
import type { App } from './app.ts'
import { finishLater, pauseBefore, settled } from './finish.ts'

/** The moments at which it is tried, in ms after the first try, when no try takes any time. */
function moments(chance: number): number[] {
  const moments = [0]
  for (;;) {
    const spent_ms = moments.at(-1)!
    const pause = pauseBefore(moments.length, { spent_ms, chance })
    if (pause === null) return moments
    moments.push(spent_ms + pause)
  }
}

Deno.test('an end survives a database that is away for thirty seconds, and is on record soon after', () => {
  for (const chance of [0, 0.5, 0.999]) {
    const tries = moments(chance)
    const next = tries.find((moment) => moment >= 30_000)
    assert.ok(next !== undefined && next <= 35_000, `tried at ${tries}`)
    assert.ok(tries.at(-1)! <= 65_000 && tries.length < 30, `tried at ${tries}`)
  }
})

Deno.test('an end that the database did not take is written again', async () => {
  const answers = [
    { data: null, error: { code: '', message: 'nobody there' } },
    { data: null, error: { code: '57P01', message: 'stopping' } },
    { data: true, error: null },
  ]
  const background: Promise<unknown>[] = []
  let asked = 0
  const app = {
    db: { service: { rpc: () => Promise.resolve(answers[asked++]) } },
    background: (work: Promise<unknown>) => background.push(work),
  } as unknown as App
  finishLater(app, 'one', { status: 'success', duration_ms: 1 })
  await settled('one')
  await Promise.all(background)
  assert.equal(asked, answers.length)
})
