import assert from 'node:assert/strict'
import { question } from '../../../tests/upstreams/asking.ts'
import { failureOf } from '../../../tests/upstreams/bench.ts'
import { asked, begin, tasking } from '../../../tests/upstreams/tasking-bench.ts'
import type { TaskHandle } from './tasks.ts'

const hour = 3_600_000
const bounded: [Record<string, unknown>, Partial<TaskHandle>][] = [
  [{ pollIntervalMs: 0 }, { poll_ms: 250 }],
  [{ pollIntervalMs: -1e12 }, { poll_ms: 250 }],
  [{ pollIntervalMs: 1e12 }, { poll_ms: 60_000 }],
  [{ pollIntervalMs: 777.2 }, { poll_ms: 778 }],
  [{ pollIntervalMs: undefined }, { poll_ms: 5_000 }],
  [{ ttlMs: null }, { ttl_ms: null }],
  [{ ttlMs: undefined }, { ttl_ms: null }],
  [{ ttlMs: -5 }, { ttl_ms: 0 }],
  [{ ttlMs: 1e300 }, { ttl_ms: 365 * 24 * hour }],
  [{ statusMessage: undefined }, { status_message: null }],
  [{ statusMessage: '\u001b[31mRed\u0000\u202e\u200b' }, { status_message: 'Red' }],
  [{ statusMessage: '\u200b' }, { status_message: null }],
  [{ statusMessage: 'x'.repeat(1e6) }, { status_message: `${'x'.repeat(499)}…` }],
]

Deno.test('what a server says of a task is kept within bounds, when it begins and when it is polled', async () => {
  let part: Record<string, unknown> = {}
  const bend = (method: string, result: Record<string, unknown>) =>
    method.startsWith('t') ? { ...result, ...part } : result
  await tasking({ bend }, async (at) => {
    for (const [given, expected] of bounded) {
      part = given
      const { protocol: _, ...task } = await begin(at)
      const state = await at.connections.pollTask(at.upstream, asked(task.task_id))
      assert.deepEqual(task, { ...task, ...expected })
      assert.ok(state.kind === 'working')
      assert.deepEqual(state.task, { ...state.task, ...expected })
    }
  })
})

const noTask: Record<string, Record<string, unknown>> = {
  'no identifier': { taskId: undefined },
  'a number for an identifier': { taskId: 7 },
  'an empty identifier': { taskId: '' },
  'an endless identifier': { taskId: 'x'.repeat(1_025) },
  'control characters in its identifier': { taskId: 'a\r\nx: y' },
  'half a character in its identifier': { taskId: 'a\ud800' },
  'no status': { status: undefined },
  'an unknown status': { status: 'meditating' },
  'a poll interval in words': { pollIntervalMs: 'soon' },
  'a time to live in words': { ttlMs: 'long' },
  'a status message that is none': { statusMessage: { text: 'a' } },
}

for (const [what, part] of Object.entries(noTask)) {
  Deno.test(`a task with ${what} is a typed failure, when it begins and when it is polled`, async () => {
    let bent = 'tools/call'
    const bend = (method: string, result: Record<string, unknown>) =>
      method === bent ? { ...result, ...part } : result
    await tasking({ bend }, async (at) => {
      const failed = await failureOf(begin(at))
      assert.deepEqual([failed.reason, failed.sent], ['protocol', true])
      bent = 'tasks/get'
      const { task_id } = await begin(at)
      const polled = await failureOf(at.connections.pollTask(at.upstream, asked(task_id)))
      assert.deepEqual([polled.reason, polled.sent], ['protocol', true])
    })
  })
}

const noState: Record<string, Record<string, unknown>> = {
  'another task': { taskId: 'somebody-elses' },
  'a task of its own': { resultType: 'task' },
  'a completed task without a result': { status: 'completed' },
  'a completed task with a list for a result': { status: 'completed', result: [] },
  'a failed task without an error': { status: 'failed' },
  'a failed task with half an error': { status: 'failed', error: { message: 'No' } },
  'a waiting task without questions': { status: 'input_required' },
  'a question that was never offered': {
    status: 'input_required',
    inputRequests: { a: { method: 'sampling/createMessage', params: {} } },
  },
  'a page at a private address': {
    status: 'input_required',
    inputRequests: {
      a: {
        method: 'elicitation/create',
        params: { mode: 'url', message: 'Open', url: 'http://10.0.0.1/', elicitationId: 'e' },
      },
    },
  },
  'too many questions': {
    status: 'input_required',
    inputRequests: Object.fromEntries(
      Array.from(
        { length: 17 },
        (_, at) => [at, { method: 'elicitation/create', params: question }],
      ),
    ),
  },
}

for (const [what, part] of Object.entries(noState)) {
  Deno.test(`a poll that is answered with ${what} is a typed failure`, async () => {
    const bend = (method: string, result: Record<string, unknown>) =>
      method === 'tasks/get' ? { ...result, ...part } : result
    await tasking({ bend }, async (at) => {
      const { task_id } = await begin(at)
      const failure = await failureOf(at.connections.pollTask(at.upstream, asked(task_id)))
      assert.equal(failure.reason, 'protocol')
      assert.doesNotMatch(failure.message, /somebody|sampling|10\.0/)
    })
  })
}

Deno.test('a task is no acknowledgement: only a call may be answered with one', async () => {
  const bend = (method: string, result: Record<string, unknown>) =>
    method.startsWith('tasks/') ? { ...result, resultType: 'task', taskId: 'new' } : result
  await tasking({ bend }, async (at) => {
    const { task_id } = await begin(at)
    const cancelling = await failureOf(at.connections.cancelTask(at.upstream, task_id))
    assert.equal(cancelling.reason, 'protocol')
    const answering = await failureOf(at.connections.answerTask(at.upstream, task_id, {}))
    assert.equal(answering.reason, 'protocol')
  })
})
