import assert from 'node:assert/strict'
import { type Bench, bench, call, closing, failureOf } from '../../../tests/upstreams/bench.ts'
import { asked, begin, taking, tasking } from '../../../tests/upstreams/tasking-bench.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { question } from '../../../tests/upstreams/asking.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import { startTasking } from '../../../tests/upstreams/tasking.ts'
import { openConnections } from './connection.ts'

const done = { content: [{ type: 'text', text: '{}' }] }

/** What each request declared its client to be capable of. */
function declared(seen: { params: Record<string, unknown> | null }[]) {
  return seen.map(({ params }) =>
    (params!._meta as Record<string, unknown>)['io.modelcontextprotocol/clientCapabilities']
  )
}

Deno.test('a call that takes a task says so for itself; a call that does not, and the discovery, do not', async () => {
  await tasking({}, async (at, { recorder }) => {
    const plain = await at.connections.callTool(at.upstream, call('work'))
    assert.equal(plain.kind, 'answered')
    const { task_id } = await begin(at, {}, { onLog: () => {}, onProgress: () => {} })
    await at.connections.pollTask(at.upstream, asked(task_id))
    const capabilities = { elicitation: { form: {}, url: {} } }
    const extensions = { 'io.modelcontextprotocol/tasks': {} }
    assert.deepEqual(declared(recorder.seen), [
      capabilities, // server/discover
      capabilities,
      { ...capabilities, extensions },
      { ...capabilities, extensions },
    ])
    const meta = recorder.seen[2]?.params?._meta as Record<string, unknown>
    assert.equal(meta['io.modelcontextprotocol/logLevel'], 'info')
    assert.ok('progressToken' in meta)
  })
})

Deno.test('a session-era server is offered no tasks and knows none', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const outcome = await at.connections.callTool(at.upstream, call('echo', { text: 'a' }, taking))
    assert.equal(outcome.kind, 'answered')
    const sent = server.recorder.seen.find(({ rpc }) => rpc === 'tools/call')
    assert.deepEqual(sent?.params, { name: 'echo', arguments: { text: 'a' } })
    server.recorder.clear()
    assert.deepEqual(await at.connections.pollTask(at.upstream, asked('t')), { kind: 'gone' })
    await at.connections.cancelTask(at.upstream, 't')
    const failure = await failureOf(at.connections.answerTask(at.upstream, 't', {}))
    assert.equal(failure.reason, 'protocol')
    assert.deepEqual(server.recorder.seen, [])
  })
})

Deno.test('a call that takes a task may still be answered at once, in every way', async () => {
  await tasking({}, async (at) => {
    const swift = await at.connections.callTool(at.upstream, call('swift', {}, taking))
    assert.deepEqual(swift.kind === 'answered' && swift.result, done)
    const refused = await at.connections.callTool(at.upstream, call('nope', {}, taking))
    assert.equal(refused.kind, 'tool_failed')
  })
  const server = startModern()
  const at = bench(server)
  await closing(server, at, async () => {
    const asks = call('ask', { requests: {}, state: 's' }, taking)
    const outcome = await at.connections.callTool(at.upstream, asks)
    assert.equal(outcome.kind, 'input_required')
  })
})

Deno.test('a server that insists on tasks refuses a call that takes none', async () => {
  await tasking({}, async (at) => {
    const outcome = await at.connections.callTool(at.upstream, call('patience'))
    assert.equal(outcome.kind === 'tool_failed' && outcome.code, -32021)
  })
})

Deno.test('a task is polled to its end by a process that has only its handle, with one request each time', async () => {
  await tasking({}, async (at, { recorder, host }) => {
    const { protocol, ...task } = await begin(at, { polls: 2 })
    assert.deepEqual(task, {
      task_id: task.task_id,
      poll_ms: 1_000,
      ttl_ms: 3_600_000,
      status_message: '2 to go',
    })
    await at.connections.close()
    recorder.clear()
    const elsewhere = openConnections({ allowed_private_hosts: [host] })
    const upstream = { ...at.upstream, protocol: protocol! }
    try {
      const poll = () => elsewhere.pollTask(upstream, asked(task.task_id))
      const working = (status_message: string) => ({
        kind: 'working',
        task: { ...task, status_message },
      })
      assert.deepEqual(await poll(), working('2 to go'))
      assert.deepEqual(await poll(), working('1 to go'))
      assert.deepEqual(await poll(), {
        kind: 'ended',
        answer: { kind: 'answered', result: done },
      })
      assert.deepEqual(recorder.seen.map(({ rpc }) => rpc), Array(3).fill('tasks/get'))
    } finally {
      await elsewhere.close()
    }
  })
})

Deno.test('a task asks a person, is answered bit by bit, and goes on with the answers', async () => {
  const requests = Object.fromEntries(
    ['dinner', 'party'].map((key) => [key, { method: 'elicitation/create', params: question }]),
  )
  await tasking({}, async (at, server) => {
    const { task_id } = await begin(at, { requests, polls: 0 })
    const open = async () => {
      const state = await at.connections.pollTask(at.upstream, asked(task_id))
      return state.kind === 'input_required' ? state.requests : state
    }
    const read = {
      mode: 'form',
      message: question.message,
      requested_schema: question.requestedSchema,
    }
    assert.deepEqual(await open(), { dinner: read, party: read })
    const yes = { action: 'accept' as const, content: { guests: 2 } }
    const no = { action: 'decline' as const }
    await at.connections.answerTask(at.upstream, task_id, { dinner: yes })
    assert.deepEqual(await open(), { party: read })
    await at.connections.answerTask(at.upstream, task_id, { party: no })
    assert.deepEqual(server.answers(task_id), { dinner: yes, party: no })
    const text = JSON.stringify({ dinner: yes, party: no })
    assert.deepEqual(await open(), {
      kind: 'ended',
      answer: { kind: 'answered', result: { content: [{ type: 'text', text }] } },
    })
  })
})

Deno.test('a call that asked a person first becomes a task when it goes on', async () => {
  const first = { table: { method: 'elicitation/create', params: question } }
  await tasking({}, async (at) => {
    const work = { first, polls: 0 }
    const asks = await at.connections.callTool(at.upstream, call('work', work, taking))
    assert.ok(asks.kind === 'input_required')
    const responses = { table: { action: 'accept' as const, content: { guests: 2 } } }
    const resume = { responses, request_state: asks.request_state }
    const { task_id } = await begin(at, work, { resume })
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    const result = { content: [{ type: 'text', text: JSON.stringify(responses) }] }
    assert.deepEqual(state, { kind: 'ended', answer: { kind: 'answered', result } })
  })
})

Deno.test('a task that says it waits for input and asks nothing goes on working', async () => {
  const bend = (method: string, result: Record<string, unknown>) =>
    method === 'tasks/get' ? { ...result, status: 'input_required', inputRequests: {} } : result
  await tasking({ bend }, async (at) => {
    const { task_id } = await begin(at)
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    assert.equal(state.kind, 'working')
  })
})

Deno.test('a cancelled task says so; one that has ended stays ended', async () => {
  await tasking({}, async (at) => {
    const { task_id } = await begin(at)
    await at.connections.cancelTask(at.upstream, task_id)
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    assert.deepEqual(state, { kind: 'cancelled' })
    const ended = await begin(at, { polls: 0 })
    for (let poll = 0; poll < 2; poll++) {
      const state = await at.connections.pollTask(at.upstream, asked(ended.task_id))
      assert.equal(state.kind, 'ended')
      await at.connections.cancelTask(at.upstream, ended.task_id)
    }
  })
})

Deno.test('a task that its server has forgotten is gone, and need not be cancelled; no answer of it is lost unsaid', async () => {
  await tasking({}, async (at, server) => {
    const { task_id } = await begin(at)
    server.forget(task_id)
    assert.deepEqual(await at.connections.pollTask(at.upstream, asked(task_id)), { kind: 'gone' })
    await at.connections.cancelTask(at.upstream, task_id)
    const failure = await failureOf(
      at.connections.answerTask(at.upstream, task_id, { a: { action: 'cancel' } }),
    )
    assert.equal(failure.message, 'The server refused the request (MCP error -32602)')
  })
})

Deno.test('a task that failed is a failed tool with clean, capped text', async () => {
  await tasking({}, async (at) => {
    const message = `\u001b[31mNo\u202e ${'x'.repeat(3_000)}`
    const { task_id } = await begin(at, { polls: 0, error: { code: -32603, message } })
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    assert.ok(state.kind === 'ended' && state.answer.kind === 'tool_failed')
    assert.equal(state.answer.code, -32603)
    assert.equal(state.answer.message.length, 2_000)
    assert.match(state.answer.message, /^No x+…$/)
  })
})

Deno.test('the result of a task is judged as that of a call: unknown fields kept, promises held, sizes bounded', async () => {
  const outputSchema = {
    type: 'object',
    properties: { sum: { type: 'number' } },
    required: ['sum'],
  }
  const blocks = Array(1_001).fill({ type: 'text', text: '' })
  const poll = async (at: Bench, result: Record<string, unknown>) => {
    const { task_id } = await begin(at, { polls: 0, result })
    return await at.connections.pollTask(at.upstream, asked(task_id, { outputSchema }))
  }
  await tasking({}, async (at) => {
    const kept = { content: [], structuredContent: { sum: 3 }, 'x-result': 'kept' }
    const answered = { kind: 'ended', answer: { kind: 'answered', result: kept } }
    assert.deepEqual(await poll(at, kept), answered)
    assert.deepEqual(await poll(at, { resultType: 'complete', ...kept }), answered)
    const failed = { content: [{ type: 'text', text: 'The disk is full' }], isError: true }
    const state = await poll(at, failed)
    assert.deepEqual(state.kind === 'ended' && state.answer, { kind: 'answered', result: failed })
    const bad: [Record<string, unknown>, string][] = [
      [{ content: [], structuredContent: { sum: 'three' } }, 'protocol'],
      [{ content: [] }, 'protocol'],
      [{ nothing: 'of a tool' }, 'protocol'],
      [{ content: blocks, structuredContent: { sum: 3 } }, 'too_large'],
      [{ ...kept, resultType: 'task', taskId: 't', status: 'working' }, 'protocol'],
      [{ ...kept, resultType: 'input_required' }, 'protocol'],
    ]
    for (const [result, reason] of bad) {
      const failure = await failureOf(poll(at, result))
      assert.deepEqual([failure.reason, failure.sent], [reason, true], JSON.stringify(failure))
    }
  })
})

Deno.test('a task that nobody takes is no answer, and no name in an answer makes it one', async () => {
  await tasking({ imposes: true }, async (at) => {
    const failure = await failureOf(at.connections.callTool(at.upstream, call('work')))
    assert.deepEqual([failure.reason, failure.sent], ['protocol', true])
  })
  await tasking({}, async (at) => {
    const result = { ...done, task: { taskId: 't', status: 'working' }, 'Symbol(task)': {} }
    const outcome = await at.connections.callTool(at.upstream, call('swift', { result }, taking))
    assert.deepEqual(outcome.kind === 'answered' && outcome.result, result)
  })
})

Deno.test('an identifier that no header can hold as it is names its task all the same', async () => {
  await tasking({ newId: () => ' Aufgabe №1 ' }, async (at) => {
    const { task_id } = await begin(at, { polls: 0 })
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    assert.equal(state.kind, 'ended')
  })
})

Deno.test('polling a silent server ends with the caller’s signal, or when a list would be given up; it may be polled again', async () => {
  let silent = false
  const bend = (_: string, result: Record<string, unknown>) =>
    silent ? new Promise(() => {}) : result
  const server = startTasking({ bend })
  const at = bench(server, {}, { list_ms: 300 })
  await closing(server, at, async () => {
    const { task_id } = await begin(at, { polls: 0 })
    silent = true
    const late = await failureOf(at.connections.pollTask(at.upstream, asked(task_id)))
    assert.deepEqual([late.reason, late.sent], ['timeout', false])
    const stop = new AbortController()
    const signal = stop.signal
    const polling = failureOf(at.connections.pollTask(at.upstream, asked(task_id), { signal }))
    stop.abort()
    assert.equal((await polling).reason, 'cancelled')
    silent = false
    const state = await at.connections.pollTask(at.upstream, asked(task_id))
    assert.equal(state.kind, 'ended')
  })
})
