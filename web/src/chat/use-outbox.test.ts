import { afterEach, expect, test, vi } from 'vitest'
import { act, cleanup, renderHook } from '@testing-library/react'
import { CallError } from '@/lib/call.ts'
import { closeOutbox, enqueue, queuedNow } from './outbox.ts'
import type { MessageRow } from './queries.ts'
import type { ConversationState } from './use-conversation.ts'
import { useOutbox } from './use-outbox.ts'

vi.mock('@/lib/copies.ts', () => ({ ownDatabase: () => Promise.resolve(null) }))

afterEach(() => {
  cleanup()
  closeOutbox()
})

function open(over: Partial<ConversationState>) {
  const state = {
    messages: [],
    facts: new Map(),
    unsent: null,
    error: undefined,
    send: vi.fn(),
    discard: vi.fn(),
    reload: vi.fn(() => Promise.resolve()),
    ...over,
  } as unknown as ConversationState
  const options = { team_id: 't', chat_id: 'c', isNew: false, conversation: state }
  return { ...renderHook(() => useOutbox(options)), state }
}
const failed = {
  id: 'a',
  text: 'first',
  files: [{ name: 'a', mediaType: 'text/plain', url: 'data:,' }],
}

test('a message that was refused is not forgotten for the next one', async () => {
  const error = new CallError('rate_limited', 'Too many requests.')
  const { result, state } = open({ unsent: failed, error })
  await act(() => Promise.resolve(result.current.say({ text: 'second' })))
  expect(state.discard).toHaveBeenCalled()
  expect(queuedNow().map(({ written, refused }) => [written.text, refused])).toEqual([
    ['first', 'Too many requests.'],
    ['second', null],
  ])
  expect(queuedNow()[0]!.written.files).toEqual(failed.files)
})

test('one that had arrived after all holds up nothing', async () => {
  const row = { id: 'a' } as MessageRow
  const { result } = open({ unsent: failed, facts: new Map([['a', row]]) })
  await act(() => Promise.resolve(result.current.say({ text: 'second' })))
  expect(queuedNow().map(({ written }) => written.text)).toEqual(['second'])
})

test('the same message sent again is sent, and waits nowhere', async () => {
  const { result, state } = open({ unsent: failed })
  await act(() => Promise.resolve(result.current.say(failed)))
  expect(state.send).toHaveBeenCalledWith(failed)
  expect(queuedNow()).toEqual([])
})

test('a message that met the end of its sign-in outlives it on the device', async () => {
  const error = new CallError('unauthenticated', 'Sign in again.')
  const { state } = open({ unsent: failed, error })
  await act(() => Promise.resolve())
  expect(state.discard).toHaveBeenCalled()
  expect(queuedNow().map(({ id, refused }) => [id, refused])).toEqual([['a', null]])
})

test('a command that met the end of its sign-in does not run by itself after the next', async () => {
  const error = new CallError('unauthenticated', 'Sign in again.')
  open({ unsent: { id: 'a', text: '/desk__send {}' }, error })
  await act(() => Promise.resolve())
  expect(queuedNow().map(({ id, refused }) => [id, refused])).toEqual([[
    'a',
    'Your sign-in had ended.',
  ]])
})

test('a message that was lost on the way is kept where no more may wait', async () => {
  for (let many = 0; many < 50; many++) {
    const id = String(many)
    await enqueue({ id, team_id: 't', chat_id: 'other', begins: false, written: { id, text: id } })
  }
  const error = new CallError('unreachable', 'Astra could not be reached.')
  const { state } = open({ unsent: failed, error })
  await act(() => Promise.resolve())
  expect(state.discard).not.toHaveBeenCalled()
})
