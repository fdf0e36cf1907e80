// Calls that their server works on as a task: the caller gets the end if they wait, anyone may find it
// later, and it outlives the process that began it.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import {
  startTasking,
  type TaskingOptions,
  type TaskingServer,
  type Work,
} from '../upstreams/tasking.ts'
import { startSecondFunction } from './second-function.ts'
import {
  addServer,
  isOver,
  killFunction,
  people,
  stack,
  stored,
  syncAndAllow,
  untilRow,
} from './the-stack.ts'

const { owner, member } = people

type At = {
  server: TaskingServer
  server_id: string
  call: (work: Work, more?: Record<string, unknown>) => ReturnType<typeof member.call>
}

async function tasking(work: (at: At) => Promise<void>, options: TaskingOptions = {}) {
  const server = startTasking({ pollIntervalMs: 250, ...options })
  const server_id = await addServer(server.url)
  try {
    await syncAndAllow(server_id)
    const call: At['call'] = (parameters, more = {}) =>
      member.call('call_tool', { server_id, tool_name: 'work', parameters, ...more })
    await work({ server, server_id, call })
  } finally {
    await owner.call('remove_server', { server_id })
    await server.stop()
  }
}

const result = { content: [{ type: 'text', text: 'worked' }] }
const tick = () => stack.post('{}', { apikey: stack.secret_key }, '/tick')

/** Makes it due now, as if its worker had been gone for a while. */
async function due(execution_id: string): Promise<void> {
  await stack.asService(`mcp_tool_executions?id=eq.${execution_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ poll_at: new Date(Date.now() - 1_000).toISOString() }),
  })
}

/** What a task asks its person. */
const schema = { type: 'object', properties: { guests: { type: 'integer' } } }
const params = { mode: 'form', message: 'How many?', requestedSchema: schema }
const requests = { q: { method: 'elicitation/create', params } }
const content = { guests: 3 }

Deno.test('a caller who waits gets the end of the task', () =>
  tasking(async ({ server, call }) => {
    const { body } = await call({ polls: 2, result })
    assert.equal(body.status, 'success', JSON.stringify(body))
    assert.deepEqual(body.result.content, result.content)
    assert.equal(server.recorder.count('tools/call'), 1)
    assert.equal(server.recorder.count('tasks/get'), 3)
    const row = await stored(body.execution_id)
    assert.equal(row.status, 'success')
    assert.ok(row.duration_ms >= 750)
    const { body: waits } = await stack.asService(
      `mcp_execution_waits?execution_id=eq.${body.execution_id}`,
    )
    assert.deepEqual(waits, [])
  }))

Deno.test('a task that fails is a tool that failed', () =>
  tasking(async ({ call }) => {
    const { body } = await call({ error: { code: -32_000, message: 'No paper' } })
    assert.deepEqual([body.status, body.error.code], ['error', 'tool_failed'])
  }))

Deno.test('a task that asks its person goes on with their answer', () =>
  tasking(async ({ server, call }) => {
    const asked = await call({ requests })
    assert.equal(asked.body.status, 'awaiting_input', JSON.stringify(asked.body))
    assert.equal(asked.body.input.message, 'How many?')
    const { execution_id } = asked.body
    const answered = await member.call('answer_input', {
      execution_id,
      answer: 'accept',
      content,
    })
    assert.equal(answered.body.status, 'success', JSON.stringify(answered.body))
    assert.deepEqual(server.answers(server.tasks()[0]!), {
      q: { action: 'accept', content },
    })
    assert.equal(server.recorder.count('tools/call'), 1)
  }))

Deno.test('what a server says of its task can be read by whoever looks', () =>
  tasking(async ({ call }) => {
    const { body } = await call({ polls: 30, result }, { mode: 'async' })
    const row = await untilRow(body.execution_id, ({ progress }) => progress !== null)
    assert.match(row.progress.message, /to go/)
    await member.call('cancel_execution', { execution_id: body.execution_id })
  }))

Deno.test('a cancelled task is ended at its server, from any process', () =>
  tasking(async ({ server, call }) => {
    const { body } = await call({ polls: 1_000 }, { mode: 'async' })
    const { execution_id } = body
    await untilRow(execution_id, ({ poll_at }) => poll_at !== null)
    const second = await startSecondFunction()
    try {
      const { body: cancelled } = await second.call(member, 'cancel_execution', { execution_id })
      assert.equal(cancelled.status, 'cancelled', JSON.stringify(cancelled))
    } finally {
      await second.stop()
    }
    assert.ok(server.recorder.count('tasks/cancel') >= 1)
    assert.equal((await stored(execution_id)).status, 'cancelled')
  }))

Deno.test('a task that its server has forgotten ends the call, which may have run', () =>
  tasking(async ({ server, call }) => {
    const { body } = await call({ polls: 1_000 }, { mode: 'async' })
    await untilRow(body.execution_id, () => server.tasks().length === 1)
    server.forget(server.tasks()[0]!)
    const row = await untilRow(body.execution_id, isOver)
    assert.deepEqual([row.status, row.error_code], ['error', 'upstream_protocol'])
    assert.match(row.error_message, /may have run/)
  }))

Deno.test(promises.task_outlives_worker, () =>
  tasking(async ({ server, call }) => {
    const called = performance.now()
    const { body } = await call({ polls: 8, result }, { mode: 'async' })
    const { execution_id } = body
    const begun = performance.now()
    await untilRow(execution_id, ({ poll_at }) => poll_at !== null)
    await killFunction()
    assert.equal((await tick()).status, 200)
    await stack.asService('rpc/reap_executions', { method: 'POST', body: '{}' })
    assert.equal((await stored(execution_id)).status, 'running')
    const lost_ms = performance.now() - begun
    await due(execution_id)
    assert.equal((await tick()).status, 200)
    const row = await untilRow(execution_id, isOver)
    assert.deepEqual([row.status, row.output_result.content], ['success', result.content])
    assert.equal(server.recorder.count('tools/call'), 1)
    assert.ok(row.duration_ms >= lost_ms && row.duration_ms <= performance.now() - called)
  }))

Deno.test('a task whose server was moved or whose person has left is asked after no more', () =>
  tasking(async ({ server, server_id, call }) => {
    const { body } = await call({ polls: 1_000 }, { mode: 'async' })
    const { execution_id } = body
    await untilRow(execution_id, ({ poll_at }) => poll_at !== null)
    const elsewhere = startTasking()
    try {
      await owner.call('update_server', { server_id, config: { url: elsewhere.url } })
      await killFunction()
      await due(execution_id)
      await tick()
      const row = await untilRow(execution_id, isOver)
      assert.deepEqual([row.status, row.error_code], ['unknown', 'lost'])
      assert.equal(elsewhere.recorder.count('tasks/get'), 0)
      assert.ok(server.recorder.count('tasks/get') < 1_000)
    } finally {
      await elsewhere.stop()
    }
  }))

Deno.test('the handle of a task is in no row in the clear, and in no answer', () =>
  tasking(async ({ server, call }) => {
    const { body } = await call({ polls: 20, result }, { mode: 'async' })
    await untilRow(body.execution_id, ({ poll_at }) => poll_at !== null)
    const [task_id] = server.tasks()
    const read = await member.call('get_execution', { execution_id: body.execution_id })
    const waits = await stack.asService('mcp_execution_waits?select=*')
    const rows = await stack.asService(`mcp_tool_executions?id=eq.${body.execution_id}`)
    for (const seen of [body, read.body, waits.body, rows.body]) {
      assert.ok(!JSON.stringify(seen).includes(task_id!))
    }
    await member.call('cancel_execution', { execution_id: body.execution_id })
  }))

Deno.test('the time a person took to answer is not in the duration of a task', () =>
  tasking(async ({ call }) => {
    let spent_ms = 0
    const timed = async <T>(work: Promise<T>): Promise<T> => {
      const started = performance.now()
      return await work.finally(() => spent_ms += performance.now() - started)
    }
    const { body: { execution_id } } = await timed(call({ requests }))
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const answer = { execution_id, answer: 'accept', content }
    const { body } = await timed(member.call('answer_input', answer))
    assert.equal(body.status, 'success', JSON.stringify(body))
    const { duration_ms } = await stored(execution_id)
    assert.equal(duration_ms, body.duration_ms)
    // It polled twice, after a quarter of a second each.
    assert.ok(duration_ms >= 500 && duration_ms <= spent_ms, `${duration_ms} of ${spent_ms} ms`)
  }))

Deno.test('an answer is not lost with the process that was handing it to the task', () => {
  let hangs = true
  return tasking(
    async ({ server, call }) => {
      const { body } = await call({ requests, polls: 3 })
      const { execution_id } = body
      const answer = { execution_id, answer: 'accept', content }
      const cut = member.call('answer_input', answer).catch(() => null)
      while (server.recorder.count('tasks/update') === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      await killFunction()
      await cut
      hangs = false
      assert.equal((await stored(execution_id)).status, 'running')
      await due(execution_id)
      await tick()
      const row = await untilRow(execution_id, isOver)
      assert.equal(row.status, 'success', row.error_message)
      assert.deepEqual(server.answers(server.tasks()[0]!), { q: { action: 'accept', content } })
      assert.equal(server.recorder.count('tasks/update'), 2)
      assert.equal(server.recorder.count('tools/call'), 1)
    },
    {
      bend: (method, result) => method === 'tasks/update' && hangs ? new Promise(() => {}) : result,
    },
  )
})

Deno.test('a task whose seal no longer opens ends, and says why', () =>
  tasking(async ({ call }) => {
    const { body } = await call({ polls: 1_000 }, { mode: 'async' })
    const { execution_id } = body
    await untilRow(execution_id, ({ poll_at }) => poll_at !== null)
    await killFunction()
    await stack.asService(`mcp_execution_waits?execution_id=eq.${execution_id}`, {
      method: 'PATCH',
      body: JSON.stringify({ key_version: 77 }),
    })
    await due(execution_id)
    await tick()
    const row = await untilRow(execution_id, isOver)
    assert.deepEqual([row.status, row.error_code], ['error', 'credential_unreadable'])
    assert.match(row.error_message, /may have run/)
    assert.ok(row.duration_ms > 0)
  }))
