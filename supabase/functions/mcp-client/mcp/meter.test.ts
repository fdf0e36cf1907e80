import assert from 'node:assert/strict'
import { EgressError } from './egress-error.ts'
import { eventMeter } from './meter.ts'

Deno.test('a channel may carry any number of events, an answer may not, and neither a huge one', () => {
  const event = new TextEncoder().encode(`data: ${'x'.repeat(90)}\r\n\r\n`)
  const channel = eventMeter({ max_bytes: 1_000, channel: true })
  for (let n = 0; n < 100; n++) channel(event)
  const answer = eventMeter({ max_bytes: 1_000, channel: false })
  assert.throws(() => {
    for (let n = 0; n < 100; n++) answer(event)
  }, EgressError)
  const huge = eventMeter({ max_bytes: 1_000, channel: true })
  assert.throws(() => {
    for (let n = 0; n < 100; n++) huge(event.subarray(0, 20))
  }, EgressError)
})

Deno.test('events have a pace: a slow call may tell its progress for ever, a flood is cut off', () => {
  const event = new TextEncoder().encode('data: 1\n\n')
  const clock = { ms: 0 }
  const meter = eventMeter({ max_bytes: 1_000_000, channel: false }, () => clock.ms)
  for (; clock.ms < 600_000; clock.ms += 50) meter(event)
  const flood = () => {
    for (let n = 0; n < 2_500; n++) meter(event)
  }
  assert.throws(flood, /more events than can be followed/)
})

Deno.test('an event is counted whole, however it is cut into chunks', () => {
  const meter = eventMeter({ max_bytes: 50, channel: true })
  const piece = (text: string) => meter(new TextEncoder().encode(text))
  for (let n = 0; n < 20; n++) for (const part of ['data: 123', '45\r', '\n\r', '\n']) piece(part)
  piece('data: 1234567890\ndata: 12345678901234567890')
  assert.throws(() => piece('123456789'), EgressError)
})

Deno.test('events are told apart by every line end there is', () => {
  const outcome = (text: string, cutEvery: number) => {
    const meter = eventMeter({ max_bytes: 1_000_000, channel: false })
    const bytes = new TextEncoder().encode(text)
    try {
      for (let at = 0; at < bytes.length; at += cutEvery) meter(bytes.subarray(at, at + cutEvery))
      return 'passed'
    } catch (error) {
      return error instanceof EgressError ? error.reason : 'untyped'
    }
  }
  for (const end of ['\n', '\r', '\r\n']) {
    for (const cutEvery of [1, 3, 1_000]) {
      const event = `data: 1${end}data: 2${end}${end}`
      assert.equal(outcome(event.repeat(2_000), cutEvery), 'passed', JSON.stringify(end))
      assert.equal(outcome(event.repeat(2_001), cutEvery), 'too_large', JSON.stringify(end))
    }
  }
})
