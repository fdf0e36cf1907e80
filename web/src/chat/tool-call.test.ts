import { expect, test } from 'vitest'
import type { DynamicToolUIPart } from 'ai'
import type { ChatMessage } from './chat-message.ts'
import { endedState, readToolCall, waitsFor } from './tool-call.ts'

const execution_id = '7f0c2f6e-4c53-4d4e-9c57-5a3a0b1c2d3e'
const server_id = '1b671a64-40d5-491e-99b0-da01ff1f3341'

function read(part: Record<string, unknown>, options: { live?: boolean; named?: boolean } = {}) {
  const tool = {
    type: 'dynamic-tool',
    toolName: 'everything__get-sum',
    toolCallId: 't',
    input: { a: 1 },
    ...part,
  } as DynamicToolUIPart
  const call = {
    tool_call_id: 't',
    execution_id: null,
    server_id,
    server_name: 'Everything',
    tool_name: 'get-sum',
    tool_title: null,
    started_at: '2026-11-21T10:00:00Z',
    progress: null,
    log: [],
  }
  const parts: ChatMessage['parts'] = options.named === false
    ? [tool]
    : [tool, { type: 'data-call', id: 't', data: call }]
  return readToolCall(tool, {
    message: { id: 'm', role: 'assistant', parts },
    tools: new Map(),
    live: options.live ?? false,
  })
}

test('a finished call is named by its tool and server and links to its execution', () => {
  const call = read({
    state: 'output-available',
    output: {
      kind: 'answered',
      execution_id,
      status: 'success',
      duration_ms: 812,
      result: { content: [] },
    },
  })
  expect(call).toMatchObject({ title: 'Get sum', serverName: 'Everything' })
  expect(call.state).toMatchObject({ kind: 'done', executionId: execution_id, durationMs: 812 })
})

test('without its data part a call is still named, from its key', () => {
  expect(read({ state: 'input-available' }, { named: false, live: true }).title).toBe('Get sum')
})

test('a failed call says why and whose turn it is', () => {
  const call = read({
    state: 'output-available',
    output: {
      kind: 'answered',
      execution_id,
      status: 'error',
      duration_ms: 5,
      error: { code: 'upstream_unauthorized', message: 'The server refused its sign-in.' },
    },
  })
  expect(call.state).toMatchObject({
    kind: 'failed',
    reason: 'The server refused its sign-in.',
    code: 'upstream_unauthorized',
  })
})

test('a call that lacks arguments carries its form', () => {
  const call = read({
    state: 'output-available',
    output: {
      kind: 'needs_person',
      reason: 'missing',
      missing: ['b'],
      parameters: { a: 1 },
      input_schema: { type: 'object' },
    },
  })
  expect(call.state).toEqual({
    kind: 'incomplete',
    parameters: { a: 1 },
    schema: { type: 'object' },
  })
})

test('an output of no known shape is a failure on our side, never an empty success', () => {
  expect(read({ state: 'output-available', output: { kind: 'surprise' } }).state)
    .toMatchObject({ kind: 'failed', code: 'internal' })
})

test('a call left without an end is running only while its answer is arriving', () => {
  expect(read({ state: 'input-available' }, { live: true }).state.kind).toBe('running')
  expect(read({ state: 'input-available' }, { live: false }).state.kind).toBe('stopped')
})

test('a refusal over arguments names them as the form does', () => {
  const call = read({
    state: 'output-available',
    output: {
      kind: 'refused',
      code: 'invalid_parameters',
      message: 'parameters.user_name: must be string',
    },
  })
  expect(call.state).toMatchObject({
    reason: '“User name” must be string',
    code: 'invalid_parameters',
  })
})

test('a call the person stopped is no failure', () => {
  const call = read({
    state: 'output-available',
    output: {
      kind: 'answered',
      execution_id,
      status: 'cancelled',
      duration_ms: 900,
      error: { code: 'cancelled', message: 'The call was cancelled' },
    },
  })
  expect(call.state).toEqual({ kind: 'stopped', executionId: execution_id })
})

test('a call that waits for a person is followed, with what it asks until more is known', () => {
  const input = { mode: 'form', server_name: 'S', message: 'Who?', requested_schema: {} }
  const output = { kind: 'answered', execution_id, status: 'awaiting_input', input, duration_ms: 3 }
  const { state, serverId } = read({ state: 'output-available', output })
  expect(serverId).toBe(server_id)
  expect(state).toMatchObject({
    kind: 'waiting',
    executionId: execution_id,
    first: { status: 'awaiting_input', asked: input },
  })
})

const approval = {
  approval_id: '0b671a64-40d5-491e-99b0-da01ff1f3341',
  needs: 'self',
  expires_at: '2026-11-21T11:00:00Z',
  allows_always: true,
}
const unapproved = (more: object = {}) => ({
  state: 'output-available',
  output: {
    kind: 'answered',
    execution_id,
    status: 'awaiting_approval',
    approval: { ...approval, ...more },
    duration_ms: 0,
  },
})

test('a call that nobody has approved is followed, with who may approve it', () => {
  expect(read(unapproved()).state).toMatchObject({
    kind: 'waiting',
    executionId: execution_id,
    first: { status: 'awaiting_approval', asked: approval, parameters: null },
  })
})

test('whom an answer waits for is said: the person, or an admin', () => {
  const message = (part: object): ChatMessage => ({
    id: 'm',
    role: 'assistant',
    parts: [{ type: 'dynamic-tool', toolName: 'a__b', toolCallId: 't', input: {}, ...part }],
  } as ChatMessage)
  expect(waitsFor(message(unapproved()))).toBe('you')
  expect(waitsFor(message(unapproved({ needs: 'admin' })))).toBe('an admin')
  const done = { kind: 'answered', execution_id, status: 'success', duration_ms: 1 }
  expect(waitsFor(message({ state: 'output-available', output: done }))).toBeNull()
})

test('a result that was kept is told with the age it had', () => {
  const cached_at = '2026-11-21T10:00:00Z'
  const output = { kind: 'answered', execution_id, status: 'success', cached_at, duration_ms: 0 }
  expect(read({ state: 'output-available', output }).state)
    .toMatchObject({ kind: 'done', cachedAt: cached_at })
})

test('what was looked up is a result without a record', () => {
  const output = { kind: 'looked_up', result: { content: [] }, duration_ms: 3 }
  expect(read({ state: 'output-available', output }).state)
    .toMatchObject({ kind: 'done', executionId: null, durationMs: 3 })
})

test('how a followed call ended is told as if it had never waited', () => {
  const ended = {
    asked: null,
    result: null,
    error: null,
    duration_ms: 5,
    started_at: null,
    parameters: null,
    progress: null,
    cached_at: null,
    tries: 1,
    approval: null,
  }
  expect(endedState('e', { ...ended, status: 'cancelled' }).kind).toBe('stopped')
  expect(endedState('e', { ...ended, status: 'success' }).kind).toBe('done')
  expect(endedState('e', { ...ended, status: 'denied' }))
    .toMatchObject({ kind: 'failed', reason: 'An admin has ruled that this tool never runs.' })
  const no = { code: 'rejected' as const, message: 'You did not approve this call.' }
  expect(endedState('e', { ...ended, status: 'denied', error: no }))
    .toEqual({ kind: 'rejected', executionId: 'e', reason: 'You did not approve this call.' })
  expect(endedState('e', { ...ended, status: 'timeout', duration_ms: 0 }).kind).toBe('expired')
  expect(endedState('e', { ...ended, status: 'timeout' }).kind).toBe('failed')
})

test('a refusal that time mends says when, and a call that was tried again how often', () => {
  const retry_at = '2026-11-29T10:00:41Z'
  const refused = { kind: 'refused', code: 'rate_limited', message: 'Later.', retry_at }
  expect(read({ state: 'output-available', output: refused }).state)
    .toMatchObject({ kind: 'failed', code: 'rate_limited', retryAt: retry_at, executionId: null })
  const answer = { kind: 'answered', execution_id, duration_ms: 9, tries: 3 }
  expect(read({ state: 'output-available', output: { ...answer, status: 'success' } }).state)
    .toMatchObject({ kind: 'done', tries: 3 })
  expect(read({ state: 'output-available', output: { ...answer, status: 'unknown' } }).state)
    .toMatchObject({ kind: 'failed', tries: 3, code: 'lost' })
})

test('a call that runs on in the background is followed, whoever holds its answer', () => {
  const output = { kind: 'answered', execution_id, status: 'running', duration_ms: 5_000 }
  expect(read({ state: 'output-available', output }).state)
    .toMatchObject({ kind: 'waiting', executionId: execution_id, first: { status: 'running' } })
})
