// How long something has been running, to the second.
import { useEffect, useState } from 'react'
import { formatDuration } from '@/lib/format.ts'

/** The clock of the server may differ from this one: time counts from what was first seen here. */
export function Elapsed({ since }: { since: string }) {
  const [ms, setMs] = useState(0)
  useEffect(() => {
    const seen = Date.now()
    const ahead = Math.max(0, seen - Date.parse(since))
    const start = seen - (ahead < 600_000 ? ahead : 0)
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
