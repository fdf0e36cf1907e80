import assert from 'node:assert/strict'
import { UpstreamError, type UpstreamReason } from './mcp/upstream.ts'
import { nextTry, type Tried } from './retry.ts'

const least = () => 0
const most = () => 0.999_999

function tried(
  given: Partial<Omit<Tried, 'failed'>> & { reason?: UpstreamReason; sent?: boolean } = {},
): Tried {
  const { reason = 'unreachable', sent = false, ...more } = given
  return {
    failed: new UpstreamError(reason, 'It failed', { sent }),
    tries: 1,
    spent_ms: 0,
    deadline_ms: 30_000,
    endpoints: 1,
    is_idempotent: false,
    ...more,
  }
}

const answered: UpstreamReason[] = [
  'unauthorized',
  'protocol',
  'too_large',
  'address_refused',
  'cancelled',
]

for (const reason of answered) {
  Deno.test(`what ended as ${reason} is not tried again, however harmless`, () => {
    assert.equal(nextTry(tried({ reason, is_idempotent: true, endpoints: 3 })), null)
  })
}

for (const reason of ['unreachable', 'timeout'] as const) {
  Deno.test(`what ended as ${reason} is tried again if it never left, or the tool allows it`, () => {
    assert.notEqual(nextTry(tried({ reason })), null)
    assert.equal(nextTry(tried({ reason, sent: true })), null)
    assert.equal(nextTry(tried({ reason, sent: true, endpoints: 3 })), null)
    assert.notEqual(nextTry(tried({ reason, sent: true, is_idempotent: true })), null)
  })
}

Deno.test('pauses at one endpoint grow, by a random part between a half and the whole', () => {
  const pauses = (random: () => number) => [1, 2].map((tries) => nextTry(tried({ tries }), random))
  assert.deepEqual(pauses(least), [50, 100])
  assert.deepEqual(pauses(most), [100, 200])
  for (let n = 0; n < 200; n++) {
    const pause = nextTry(tried({ tries: 2 }))!
    assert.ok(pause >= 100 && pause <= 200, String(pause))
  }
})

const counted: [endpoints: number, pauses: (number | null)[]][] = [
  [1, [50, 100, null]],
  [2, [0, 100, null]],
  [3, [0, 0, null]],
  [5, [0, 0, 0, 0, null]],
]

for (const [endpoints, pauses] of counted) {
  Deno.test(`endpoints: ${endpoints}, tries: ${pauses.length}, and another endpoint is tried at once`, () => {
    assert.deepEqual(
      pauses.map((_, at) => nextTry(tried({ tries: at + 1, endpoints }), least)),
      pauses,
    )
  })
}

Deno.test('there is no try that would have no time', () => {
  const at = (spent_ms: number, more: Partial<Tried> = {}) =>
    nextTry({ ...tried({ spent_ms, deadline_ms: 1_000 }), ...more }, least)
  assert.equal(at(749), 50)
  assert.equal(at(750), null)
  assert.equal(at(799, { endpoints: 2 }), 0)
  assert.equal(at(800, { endpoints: 2 }), null)
})
