import assert from 'node:assert/strict'
import { judge, median } from './goals.ts'
import type { Cell } from './load.ts'
import type { Round } from './rounds.ts'

const cell = (p50_ms: number, callers = 1): Cell => ({
  callers,
  calls: 100,
  p50_ms,
  p95_ms: p50_ms,
  p99_ms: p50_ms,
  per_second: 1_000 / p50_ms,
  cpu_us: 1,
  function_us: 1,
  stack_us: 0,
  database_us: 0,
})

/** A round in which everything took `disturbance` times as long. */
const round = (astra: number, disturbance = 1): Round => ({
  direct: [cell(disturbance)],
  astra: [cell(astra * disturbance)],
})

const direct = (rounds: Round[]) => judge(rounds).find(({ what }) => /direct, session/.test(what))!

Deno.test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 2, 9]), 3)
})

Deno.test('a ratio is taken within each round, so that a slow round counts for nothing', () => {
  assert.equal(direct([round(3), round(3, 10), round(3, 0.1)]).ratio, 3)
})

Deno.test('a goal is met, met within the tolerance, or missed', () => {
  assert.equal(direct([round(3.5)]).verdict, 'met')
  assert.equal(direct([round(3.9)]).verdict, 'met within 15 %')
  assert.equal(direct([round(4.1)]).verdict, 'missed')
})

Deno.test('a peer that is missing leaves its goals unmeasured, never met', () => {
  const withPeer = judge([round(3)]).filter(({ what }) => what.includes('mcp-hub'))
  assert.equal(withPeer.length, 8)
  assert.ok(withPeer.every(({ ratio, verdict }) => ratio === null && verdict === 'not measured'))
})
