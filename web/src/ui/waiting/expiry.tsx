// Until when something can be answered, told anew as time passes.
import { useEffect, useState } from 'react'
import { Time } from '@/ui/time.tsx'

const tellEveryMs = 20_000

export function Expiry({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tellEveryMs)
    return () => clearInterval(timer)
  }, [])
  // Whether it is really over only the server knows; clocks differ.
  if (Date.parse(at) <= now) return <>Its time is over.</>
  return (
    <span className='whitespace-nowrap'>
      Expires <Time at={at} />.
    </span>
  )
}
