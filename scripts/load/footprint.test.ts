import assert from 'node:assert/strict'
import { riseInTenMinutes } from './footprint.ts'

const samples = (mib: (seconds: number) => number) =>
  Array.from({ length: 301 }, (_, seconds) => ({ seconds, mib: mib(seconds) }))

Deno.test('memory that stays rises by nothing, one that grows by what it grows', () => {
  assert.equal(riseInTenMinutes(samples(() => 100)), 0)
  // 100 MiB at the median, 20 more in ten minutes.
  const rise = riseInTenMinutes(samples((seconds) => 95 + seconds / 30))
  assert.ok(Math.abs(rise - 0.2) < 1e-9, String(rise))
  const sawtooth = riseInTenMinutes(samples((seconds) => 100 + (seconds % 10)))
  assert.ok(Math.abs(sawtooth) < 0.01, String(sawtooth))
})
