// When something was last checked, and how fast it answered: it counts on while the page is open.
import { useEffect, useState } from 'react'
import { exactTime } from '@/lib/format.ts'
import { Tooltip } from '@/ui/tooltip.tsx'
import { agoWords } from './server-state.ts'

const step = 5_000

/** The time, as far as a person notices. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const clock = setInterval(() => setNow(new Date()), step)
    return () => clearInterval(clock)
  }, [])
  return now
}

/** `checked 40 s ago` */
export function Checked({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return <span>not checked yet</span>
  return (
    <Tooltip text={exactTime(at)}>
      <time dateTime={new Date(at).toISOString()} tabIndex={0}>checked {agoWords(at, now)}</time>
    </Tooltip>
  )
}
