// The one place every call of a chat goes through.
import assert from 'node:assert/strict'
import type { CallPart, ToolOutcome } from '../../../../shared/chat.ts'
import { AppError } from '../http.ts'
import { success, tool } from './chat-fixture.ts'
import { callTool, type ChatTool, type ProposedCall, type Run } from './tools.ts'

const delegated = tool({
  tool_name: 'delete',
  input_schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
})

async function called(
  over: Partial<ProposedCall> & { policy?: ChatTool['policy'] },
  run: Run = () => Promise.resolve(success('deleted')),
): Promise<{ outcome: ToolOutcome; runs: number; shown: CallPart[] }> {
  let runs = 0
  const shown: CallPart[] = []
  const counted: Run = (call, watch) => {
    runs++
    return run(call, watch)
  }
  const outcome = await callTool({
    tool_call_id: 'c1',
    tool: { ...delegated, policy: over.policy ?? 'allow' },
    parameters: { id: '7' },
    approved: false,
    signal: new AbortController().signal,
    ...over,
  }, { run: counted, show: (part) => shown.push(part) })
  return { outcome, runs, shown }
}

const throwing = (thrown: unknown): Run => () => Promise.reject(thrown)

Deno.test('an allowed call runs and its answer is the outcome', async () => {
  const { outcome, runs, shown } = await called({})
  assert.equal(outcome.kind === 'answered' && outcome.status, 'success')
  assert.equal(runs, 1)
  assert.deepEqual([shown.length, shown[0]?.progress], [1, null])
})

Deno.test('a call that nobody has approved is put to the corridor as such, and waits there', async () => {
  const approval = {
    approval_id: 'a1',
    needs: 'self',
    expires_at: '',
    allows_always: false,
  } as const
  const asked: boolean[] = []
  const run: Run = ({ approved }) => {
    asked.push(approved)
    return Promise.resolve({ ...success(''), status: 'awaiting_approval', approval })
  }
  const { outcome } = await called({ policy: 'ask' }, run)
  assert.equal(outcome.kind === 'answered' && outcome.status, 'awaiting_approval')
  assert.deepEqual(outcome.kind === 'answered' && outcome.approval, approval)
  await called({ policy: 'ask', approved: true }, run)
  assert.deepEqual(asked, [false, true])
})

Deno.test('a missing required parameter is asked for before anything runs, approved or not', async () => {
  for (const approved of [true, false]) {
    const { outcome, runs } = await called({ parameters: { other: 1 }, approved })
    assert.equal(runs, 0)
    assert.deepEqual(outcome, {
      kind: 'needs_person',
      reason: 'missing',
      missing: ['id'],
      parameters: { other: 1 },
      input_schema: delegated.input_schema,
    })
  }
})

Deno.test('a parameter named like something every object has is missing when it is not given', async () => {
  const odd = tool({
    tool_name: 'odd',
    input_schema: { type: 'object', required: ['constructor'] },
  })
  const { outcome, runs } = await called({ tool: odd, parameters: {} })
  assert.deepEqual(outcome.kind === 'needs_person' && outcome.missing, ['constructor'])
  assert.equal(runs, 0)
})

Deno.test('a denied tool is put to the corridor, which keeps it on record, and comes back refused', async () => {
  const denied = { ...success(''), status: 'denied' as const }
  const error = { code: 'denied' as const, message: 'Never.' }
  const run: Run = () => Promise.resolve({ ...denied, error })
  for (const parameters of [{ id: '7' }, {}]) {
    const { outcome, runs } = await called({ policy: 'deny', parameters }, run)
    assert.deepEqual(outcome, { kind: 'refused', code: 'denied', message: 'Never.' })
    assert.equal(runs, 1)
  }
})

Deno.test('arguments that are no object are refused', async () => {
  for (const parameters of [null, 'id', 7, [1], undefined]) {
    const { outcome, runs } = await called({ parameters })
    assert.equal(outcome.kind === 'refused' && outcome.code, 'invalid_parameters')
    assert.equal(runs, 0)
  }
})

Deno.test('a refusal of the corridor becomes an outcome that names the field', async () => {
  const problems = [{ path: 'id', message: 'must be a string' }]
  const { outcome } = await called({}, throwing(new AppError('invalid_parameters', 'x', problems)))
  assert.deepEqual(outcome, {
    kind: 'refused',
    code: 'invalid_parameters',
    message: 'id: must be a string',
  })
})

Deno.test('a refusal that time mends says when it does', async () => {
  const details = { limit: 'tool', retry_after_seconds: 60 }
  const before = Date.now()
  const { outcome } = await called({}, throwing(new AppError('rate_limited', 'Later.', details)))
  assert.ok(outcome.kind === 'refused' && outcome.retry_at)
  const left = Date.parse(outcome.retry_at) - before
  assert.ok(left >= 60_000 && left < 120_000, `${left} ms`)
})

Deno.test('an unexpected failure is a sentence, never its own words', async () => {
  const { outcome } = await called({}, throwing(new Error('password=hunter2')))
  assert.equal(outcome.kind === 'refused' && outcome.code, 'internal')
  assert.doesNotMatch(JSON.stringify(outcome), /hunter2/)
})

Deno.test('progress without end is shown a few times, not every time', async () => {
  const run: Run = (_call, watch) => {
    for (let progress = 0; progress < 10_000; progress++) {
      watch.onProgress?.({ message: null, progress, total: null })
    }
    return Promise.resolve(success('done'))
  }
  const { shown } = await called({}, run)
  assert.ok(shown.length >= 2 && shown.length < 20, String(shown.length))
})
