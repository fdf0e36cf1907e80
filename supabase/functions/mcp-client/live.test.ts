import assert from 'node:assert/strict'
import type { ExecutionAnswer } from '../../../shared/execution.ts'
import { goLive, liveExecution } from './live.ts'

const answer: ExecutionAnswer = { execution_id: 'one', status: 'success', duration_ms: 1 }

Deno.test('the end of one worker with an execution leaves another one with it reachable', async () => {
  const ends = [1, 2].map(() => Promise.withResolvers<ExecutionAnswer>())
  const [first, second] = ends.map(({ promise }) => goLive('one', undefined, () => promise))
  ends[0]!.resolve(answer)
  await first!.done
  assert.equal(liveExecution('one'), second!.live)
  ends[1]!.resolve(answer)
  await second!.done
  assert.equal(liveExecution('one'), undefined)
})

Deno.test('whoever sent a call that is let go is answered once, and no longer cancels it', async () => {
  const end = Promise.withResolvers<ExecutionAnswer>()
  const caller = new AbortController()
  const { live, done } = goLive('two', caller.signal, () => end.promise)
  const told = live.next()
  live.letGo()
  live.letGo()
  assert.equal((await told).status, 'running')
  assert.deepEqual([live.released, live.unheard], [true, true])
  caller.abort()
  assert.equal(live.signal.aborted, false)
  const next = live.next()
  end.resolve(answer)
  assert.equal((await next).status, 'success')
  await done
})
