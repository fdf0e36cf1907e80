// Tests a server step by step, once on opening and again on demand; with `sync`, reads its tools when all is well.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { TestStep } from '@shared/server.ts'
import { call } from '@/lib/call.ts'
import { useTeam } from '@/session/team.tsx'
import { syncWords, useRefresh } from './server-changes.ts'

export type Check = {
  running: boolean
  /** Empty while the first answer is awaited. */
  steps: TestStep[]
  ok: boolean
  /** What the sync found, once there was one. */
  synced: string | null
  /** Astra itself could not do it. */
  error: string | null
}

const started: Check = { running: true, steps: [], ok: false, synced: null, error: null }

export function useCheck(server_id: string, options: { sync?: boolean } = {}) {
  const { team_id } = useTeam()
  const { sync = false } = options
  const [state, setState] = useState<Check>(started)
  const refresh = useRefresh()
  const run = useCallback(async (signal: AbortSignal) => {
    setState(started)
    try {
      const { ok, steps } = await call('test_server', { team_id, server_id }, { signal })
      setState({ ...started, ok, steps, running: ok && sync })
      if (!ok || !sync) return
      const synced = await call('sync_tools', { team_id, server_id }, { signal })
      setState({ ...started, ok, steps, running: false, synced: syncWords(synced) })
    } catch (error) {
      if (signal.aborted) return
      const message = error instanceof Error ? error.message : 'Something went wrong on our side.'
      setState((now) => ({ ...now, running: false, ok: false, error: message }))
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
