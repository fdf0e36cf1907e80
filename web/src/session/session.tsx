// Who is signed in. Signing out, here or in another tab, leaves nothing of the person on the device.
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { Session as AuthSession } from '@supabase/auth-js'
import { copiesOf, forgetCopies, wipePersons } from '@/lib/copies.ts'
import { forgetOthers, forgetPerson, keep, kept, keptJson } from '@/lib/kept.ts'
import { isOnline } from '@/lib/reach.ts'
import { queryClient } from '@/lib/query-client.ts'
import { supabase } from '@/lib/supabase.ts'

export type User = { id: string; email: string; name: string | null }
export type SessionState =
  | { status: 'loading' }
  | { status: 'signed_out' }
  | { status: 'signed_in'; user: User }

const SessionContext = createContext<SessionState>({ status: 'loading' })

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ status: 'loading' })
  useEffect(() => {
    const { data } = supabase().auth.onAuthStateChange((event, session) => {
      if (event === 'SIGNED_OUT') forgetEverything()
      if (session) meet(session.user.id)
      setState((now) => nextState(now, session))
    })
    return () => data.subscription.unsubscribe()
  }, [])
  return <SessionContext value={state}>{children}</SessionContext>
}

export const useSessionState = () => useContext(SessionContext)

/** Only below the signed-in part of the app. */
export function useSession(): User {
  const state = useContext(SessionContext)
  if (state.status !== 'signed_in') throw new Error('useSession outside the signed-in app')
  return state.user
}

export async function signOut(): Promise<void> {
  await endPush()
  // Meant so: messages that have not left go too. A sign-in that merely ended leaves them to its person.
  await wipePersons()
  // `local`: other devices stay signed in. Works without a network too.
  await supabase().auth.signOut({ scope: 'local' })
}

/** The same person again must not re-render the app: tokens refresh every hour. */
function nextState(now: SessionState, session: AuthSession | null): SessionState {
  if (!session) {
    // Without a network a token cannot be renewed; that is no reason to show the door.
    const user = isOnline() ? null : keptJson<User>('person')
    if (!user) return { status: 'signed_out' }
    copiesOf(user.id)
    return { status: 'signed_in', user }
  }
  const { id, email, user_metadata } = session.user
  const name = typeof user_metadata.full_name === 'string' ? user_metadata.full_name : null
  const user = { id, email: email ?? '', name }
  keep('person', user)
  if (now.status !== 'signed_in') return { status: 'signed_in', user }
  const same = now.user.id === id && now.user.email === user.email && now.user.name === name
  return same ? now : { status: 'signed_in', user }
}

/** Whoever it is sees nothing of the one before, even where that one never signed out. */
function meet(user_id: string) {
  const before = keptJson<User>('person')
  if (before && before.id !== user_id) {
    void endPush()
    queryClient.clear()
    forgetOthers()
  }
  copiesOf(user_id)
}

/** This device is told nothing more: whoever signs in next is someone else. */
async function endPush(): Promise<void> {
  if (kept('device')) await import('@/lib/push.ts').then(({ endHere }) => endHere()).catch(() => {})
}

function forgetEverything() {
  void endPush()
  queryClient.clear()
  forgetPerson()
  void forgetCopies()
}
