import { expect, test } from 'vitest'
import { executionStatuses } from '@shared/execution.ts'
import { fromAnswer, fromExecution, isRunning, isWaiting, pauseAfter } from './followed.ts'

const execution_id = '7f0c2f6e-4c53-4d4e-9c57-5a3a0b1c2d3e'

test('looks are further and further apart, from one second to five', () => {
  expect([0, 1, 2].map(pauseAfter)).toEqual([1_000, 1_000, 1_500])
  expect(pauseAfter(500)).toBe(5_000)
})

test('every status either ended, runs, or waits for a person', () => {
  expect(executionStatuses.filter(isRunning)).toEqual(['pending', 'running'])
  expect(executionStatuses.filter(isWaiting))
    .toEqual(['awaiting_approval', 'awaiting_input', 'awaiting_auth'])
})

test('an answer and the execution itself say the same', () => {
  const result = { content: [] }
  const answer = fromAnswer({ execution_id, status: 'success', result, duration_ms: 7 })
  const execution = {
    status: 'success' as const,
    asked: { account: 'team' as const },
    output_result: result,
    error_code: null,
    error_message: null,
    duration_ms: 7,
    started_at: '2026-11-21T10:00:00Z',
  }
  expect(fromExecution(execution)).toEqual({ ...answer, started_at: execution.started_at })
  expect(answer).toMatchObject({ asked: null, error: null })
})
