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
const row = (status: string, more: object = {}) => ({
  execution: {
    status,
    asked: status === 'awaiting_input' ? input : null,
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

test('one that is not there any more is not asked for again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  call.mockRejectedValue(new CallError('not_found', 'Gone.'))
  const { result } = follow()
  await waitFor(() => expect(result.current.gone).toBe(true))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(call).toHaveBeenCalledTimes(1)
})
