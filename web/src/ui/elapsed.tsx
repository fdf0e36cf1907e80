// How long something has been running, to the second.
import { useEffect, useState } from 'react'
import { formatDuration } from '@/lib/format.ts'

/** The clock of the server may differ from this one: time counts from what was first seen here. */
export function Elapsed({ since }: { since: string }) {
  const [ms, setMs] = useState(0)
  useEffect(() => {
    const start = startOf(since)
    setMs(Date.now() - start)
    const timer = setInterval(() => setMs(Date.now() - start), 500)
    return () => clearInterval(timer)
  }, [since])
  return (
    <span
      role='timer'
      aria-live='off'
      className='shrink-0 text-sm whitespace-nowrap text-muted tabular-nums'
    >
      {formatDuration(Math.floor(ms / 1000) * 1000)}
    </span>
  )
}

/** Whether what began then has lasted so long; null began nowhere. */
export function useLasts(since: string | null, ms: number): boolean {
  const [lasted, setLasted] = useState(false)
  useEffect(() => {
    if (since === null) return
    const timer = setTimeout(() => setLasted(true), startOf(since) + ms - Date.now())
    return () => {
      clearTimeout(timer)
      setLasted(false)
    }
  }, [since, ms])
  return lasted
}

function startOf(since: string): number {
  const seen = Date.now()
  const ahead = Math.max(0, seen - Date.parse(since))
  return seen - (ahead < 600_000 ? ahead : 0)
}
