import { afterEach, expect, test, vi } from 'vitest'
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { CallError } from './call.ts'
import { useWaiting } from './use-waiting.ts'

const { call } = vi.hoisted(() => ({ call: vi.fn() }))
vi.mock('./call.ts', async (original) => ({ ...await original<object>(), call }))

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  call.mockReset()
})

const input = { mode: 'form', server_name: 'S', message: 'Who?', requested_schema: {} }
const approval = {
  approval_id: 'p',
  needs: 'self',
  expires_at: '2026-11-21T11:00:00Z',
  allows_always: true,
}
const asks: Record<string, object> = { awaiting_input: input, awaiting_approval: approval }
const row = (status: string, more: object = {}) => ({
  execution: {
    status,
    asked: asks[status] ?? null,
    input_parameters: { a: 1 },
    progress: null,
    cached_at: null,
    tries: 1,
    approval: null,
    output_result: null,
    error_code: null,
    error_message: null,
    duration_ms: null,
    started_at: '2026-11-21T10:00:00Z',
    ...more,
  },
})

function follow() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const of = { team_id: 't', execution_id: 'e', server_id: 's' }
  return { ...renderHook(() => useWaiting(of), { wrapper }), client }
}

test('it is looked at until it has ended, and then no more', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  call.mockResolvedValueOnce(row('awaiting_input')).mockResolvedValueOnce(row('running'))
    .mockResolvedValue(row('success'))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.status).toBe('awaiting_input'))
  await vi.advanceTimersByTimeAsync(20_000)
  expect(result.current.followed?.status).toBe('success')
  const looks = call.mock.calls.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(call.mock.calls.length).toBe(looks)
})

test('what answering gives counts at once, over a look that began before it', async () => {
  let late: (row: unknown) => void = () => {}
  call.mockImplementation((name: string) =>
    name === 'answer_input'
      ? Promise.resolve({ execution_id: 'e', status: 'success', duration_ms: 9 })
      : new Promise((resolve) => (late = resolve))
  )
  const { result, client } = follow()
  await act(() => result.current.answer.mutateAsync({ answer: 'accept', content: { a: 1 } }))
  await waitFor(() => expect(result.current.followed?.status).toBe('success'))
  act(() => late(row('awaiting_input')))
  await waitFor(() => expect(client.isFetching()).toBe(0))
  expect(result.current.followed?.status).toBe('success')
  expect(call).toHaveBeenCalledWith('answer_input', {
    team_id: 't',
    execution_id: 'e',
    answer: 'accept',
    content: { a: 1 },
  })
})

test('an answer says which question was on the screen', async () => {
  const asked = { ...input, id: 'q1' }
  call.mockResolvedValueOnce(row('awaiting_input', { asked }))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.status).toBe('awaiting_input'))
  call.mockResolvedValue({ execution_id: 'e', status: 'success', duration_ms: 9 })
  await act(() => result.current.answer.mutateAsync({ answer: 'decline' }))
  const told = { team_id: 't', execution_id: 'e', answer: 'decline', question_id: 'q1' }
  expect(call).toHaveBeenCalledWith('answer_input', told)
})

test('one that was answered elsewhere meanwhile is looked at anew', async () => {
  call.mockResolvedValueOnce(row('awaiting_input'))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.status).toBe('awaiting_input'))
  call.mockRejectedValueOnce(new CallError('conflict', 'Not waiting.'))
    .mockResolvedValue(row('success'))
  act(() => result.current.answer.mutate({ answer: 'decline' }))
  await waitFor(() => expect(result.current.followed?.status).toBe('success'))
})

test('an approval is answered once, and what was changed is what was sent', async () => {
  call.mockResolvedValueOnce(row('awaiting_approval'))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.asked).toEqual(approval))
  call.mockResolvedValue({ execution_id: 'e', status: 'success', duration_ms: 9 })
  const changed = { decision: 'approve', parameters: { a: 2 }, always: true } as const
  await act(() => result.current.decide.mutateAsync(changed))
  expect(call).toHaveBeenLastCalledWith('answer_approval', {
    team_id: 't',
    approval_id: 'p',
    ...changed,
  })
  await waitFor(() => expect(result.current.followed?.status).toBe('success'))
  expect(result.current.followed?.parameters).toEqual({ a: 2 })
})

test('an approval that another device has answered shows how it went on', async () => {
  call.mockResolvedValueOnce(row('awaiting_approval'))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.status).toBe('awaiting_approval'))
  call.mockRejectedValueOnce(new CallError('conflict', 'Answered already.'))
    .mockResolvedValue(row('denied', { error_code: 'rejected', error_message: 'No.' }))
  act(() => result.current.decide.mutate({ decision: 'approve', always: false }))
  await waitFor(() => expect(result.current.followed?.error?.code).toBe('rejected'))
})

test('while an approved call runs it is seen to run', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  call.mockResolvedValueOnce(row('awaiting_approval'))
  const { result } = follow()
  await waitFor(() => expect(result.current.followed?.status).toBe('awaiting_approval'))
  let end: (answer: unknown) => void = () => {}
  call.mockImplementation((name: string) =>
    name === 'answer_approval'
      ? new Promise((resolve) => (end = resolve))
      : Promise.resolve(row('running'))
  )
  act(() => result.current.decide.mutate({ decision: 'approve', always: false }))
  await vi.advanceTimersByTimeAsync(700)
  expect(result.current.followed?.status).toBe('running')
  end({ execution_id: 'e', status: 'success', duration_ms: 9 })
  await waitFor(() => expect(result.current.followed?.status).toBe('success'))
})

test('one that is not there any more is not asked for again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  call.mockRejectedValue(new CallError('not_found', 'Gone.'))
  const { result } = follow()
  await waitFor(() => expect(result.current.gone).toBe(true))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(call).toHaveBeenCalledTimes(1)
})
