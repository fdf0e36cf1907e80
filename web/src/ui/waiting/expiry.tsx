// Until when something can be answered, told anew as time passes.
import { useEffect, useReducer } from 'react'
import { Time } from '@/ui/time.tsx'

const tellEveryMs = 20_000

export function Expiry({ at }: { at: string }) {
  const [, tellAgain] = useReducer((times: number) => times + 1, 0)
  useEffect(() => {
    const timer = setInterval(tellAgain, tellEveryMs)
    return () => clearInterval(timer)
  }, [])
  // Whether it is really over only the server knows; clocks differ.
  if (Date.parse(at) <= Date.now()) return <>Its time is over.</>
  return (
    <span className='whitespace-nowrap'>
      Expires <Time at={at} />.
    </span>
  )
}
