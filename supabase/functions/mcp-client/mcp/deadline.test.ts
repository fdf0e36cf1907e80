import assert from 'node:assert/strict'
import { deadline } from './deadline.ts'

const aborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

Deno.test('however often its end is moved, it counts from the beginning', async () => {
  const began = performance.now()
  const watch = deadline(null)
  watch.within(300)
  setTimeout(() => watch.within(400), 250)
  await aborted(watch)
  const took = performance.now() - began
  assert.ok(took > 390 && took < 600, `${took} ms`)
  assert.equal(watch.signal.reason.reason, 'timeout')
})

Deno.test('a stopped clock ends nothing, and the caller’s signal is let go of', async () => {
  const caller = new AbortController()
  const watch = deadline(caller.signal)
  watch.within(20)
  watch.within(0)
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.equal(watch.signal.aborted, false)
  watch.end()
  caller.abort()
  assert.equal(watch.signal.aborted, false)
})

Deno.test('the caller’s own reason is passed on, even when it came first', () => {
  const reason = new Error('enough')
  assert.equal(deadline(AbortSignal.abort(reason)).signal.reason, reason)
})
