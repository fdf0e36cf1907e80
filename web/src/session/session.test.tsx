import { afterEach, expect, test, vi } from 'vitest'
import { cleanup, render, waitFor } from '@testing-library/react'
import { keep, kept } from '@/lib/kept.ts'
import { SessionProvider } from './session.tsx'

type Listener = (event: string, session: unknown) => void
const { told, endHere } = vi.hoisted(() => ({ told: [] as Listener[], endHere: vi.fn() }))
const auth = {
  onAuthStateChange: (listener: Listener) => {
    told.push(listener)
    return { data: { subscription: { unsubscribe: () => {} } } }
  },
}
vi.mock('@/lib/supabase.ts', () => ({ supabase: () => ({ auth }) }))
vi.mock('@/lib/push.ts', () => ({ endHere }))

const session = (id: string) => ({ user: { id, email: `${id}@example.com`, user_metadata: {} } })
const signIn = (id: string) => told.at(-1)!('SIGNED_IN', session(id))

afterEach(() => {
  cleanup()
  localStorage.clear()
  endHere.mockReset()
})

test('a device on which someone else signs in is told nothing more of the one before, who never signed out', async () => {
  endHere.mockResolvedValue(undefined)
  render(<SessionProvider>{null}</SessionProvider>)
  signIn('mia')
  keep('device', { id: 'd', team_id: 't', endpoint: 'https://push.example/1' })
  signIn('mia')
  expect(kept('device')).not.toBeNull()
  signIn('noor')
  expect(kept('device')).toBeNull()
  await waitFor(() => expect(endHere).toHaveBeenCalledOnce())
})
