// Tests a server step by step, once on opening and again on demand; with `sync`, keeps its tools when all is well.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Happening } from '@shared/happening.ts'
import type { TestStep } from '@shared/server.ts'
import { call, callStreaming } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { withStep } from './check-steps.ts'
import { type Synced, useRefresh } from './server-changes.ts'

export type Check = {
  /** `keeping`: the test is over, its tools are being written down. */
  phase: 'testing' | 'keeping' | 'over'
  /** What has been told so far. */
  steps: TestStep[]
  ok: boolean
  /** The server wants a sign-in, and a page for it is known. */
  wantsSignIn: boolean
  /** What was kept, once it was. */
  synced: Synced | null
  /** Astra itself could not do it. */
  error: string | null
}

const started: Check = {
  phase: 'testing',
  steps: [],
  ok: false,
  wantsSignIn: false,
  synced: null,
  error: null,
}

export function useCheck(server_id: string, options: { sync?: boolean } = {}) {
  const { team_id } = useTeam()
  const { sync = false } = options
  const [state, setState] = useState<Check>(started)
  const refresh = useRefresh()
  const run = useCallback(async (signal: AbortSignal) => {
    const change = (changes: Partial<Check>) => setState((now) => ({ ...now, ...changes }))
    const onEvent = (told: Happening) => {
      if (signal.aborted || told.event !== 'step') return
      setState((now) => ({ ...now, steps: withStep(now.steps, told.step) }))
    }
    setState(started)
    try {
      const asked = { team_id, server_id }
      const { ok, steps, status } = await callStreaming('test_server', asked, { signal, onEvent })
      const wantsSignIn = status === 'awaiting_auth'
      change({ ok, steps, wantsSignIn, phase: ok && sync ? 'keeping' : 'over' })
      if (!ok || !sync) return
      const kept = await call('sync_tools', asked, { signal })
      if ('status' in kept) change({ phase: 'over', ok: false, wantsSignIn: true })
      else change({ phase: 'over', synced: kept })
    } catch (error) {
      if (signal.aborted) return
      const message = error instanceof Error ? error.message : 'Something went wrong on our side.'
      change({ phase: 'over', ok: false, error: message })
    } finally {
      if (!signal.aborted) await refresh()
    }
  }, [team_id, server_id, sync, refresh])
  const current = useRef<AbortController>(null)
  const start = useCallback(() => {
    current.current?.abort()
    current.current = new AbortController()
    void run(current.current.signal)
  }, [run])
  useEffect(() => {
    start()
    return () => current.current?.abort()
  }, [start])
  return { state, retry: start }
}
