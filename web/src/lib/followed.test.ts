import { expect, test } from 'vitest'
import { executionStatuses } from '@shared/execution.ts'
import {
  type Asked,
  fromAnswer,
  fromExecution,
  isRunning,
  isWaiting,
  pauseAfter,
  waitsForMe,
  wasNotAnswered,
} from './followed.ts'

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
    input_parameters: { a: 1 },
    progress: null,
    cached_at: null,
    attempts: null,
    approval: null,
  }
  const { started_at, input_parameters: parameters } = execution
  expect(fromExecution(execution)).toEqual({ ...answer, started_at, parameters })
  expect(answer).toMatchObject({ asked: null, error: null })
})

const approval = (needs: 'self' | 'admin'): Asked => ({
  approval_id: execution_id,
  needs,
  expires_at: '2026-11-21T11:00:00Z',
  allows_always: false,
})

test('an approval waits for its own person, or for every admin, and for nobody else', () => {
  const waits = (needs: 'self' | 'admin', me: { user_id: string; admin: boolean }) =>
    waitsForMe({ asked: approval(needs), user_id: 'mia' }, me)
  expect(waits('self', { user_id: 'mia', admin: false })).toBe(true)
  expect(waits('self', { user_id: 'olga', admin: true })).toBe(false)
  expect(waits('admin', { user_id: 'olga', admin: true })).toBe(true)
  expect(waits('admin', { user_id: 'mia', admin: true })).toBe(true)
  expect(waits('admin', { user_id: 'mia', admin: false })).toBe(false)
})

test('a question and a sign-in wait for their own person, the team’s sign-in only for admins', () => {
  const asked = { account: 'team' as const }
  const question: Asked = { mode: 'url', server_name: 'S', message: 'Go', url: 'https://s.test' }
  const mia = { user_id: 'mia', admin: false }
  expect(waitsForMe({ asked: question, user_id: 'mia' }, mia)).toBe(true)
  expect(waitsForMe({ asked: question, user_id: 'olga' }, mia)).toBe(false)
  expect(waitsForMe({ asked, user_id: 'mia' }, mia)).toBe(false)
  expect(waitsForMe({ asked, user_id: 'mia' }, { ...mia, admin: true })).toBe(true)
  expect(waitsForMe({ asked: { account: 'person' }, user_id: 'mia' }, mia)).toBe(true)
  expect(waitsForMe({ asked: null, user_id: 'mia' }, mia)).toBe(false)
})

test('only a wait times out without having taken any time', () => {
  expect(wasNotAnswered({ status: 'timeout', duration_ms: 0 })).toBe(true)
  expect(wasNotAnswered({ status: 'timeout', duration_ms: 30_000 })).toBe(false)
  expect(wasNotAnswered({ status: 'denied', duration_ms: 0 })).toBe(false)
})
