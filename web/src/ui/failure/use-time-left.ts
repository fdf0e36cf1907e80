// How many seconds are left until a moment, counted down while someone looks.
import { useEffect, useState } from 'react'

export function useTimeLeft(until: string | null): number {
  const [left, setLeft] = useState(() => secondsUntil(until))
  useEffect(() => {
    setLeft(secondsUntil(until))
    if (until === null) return
    const timer = setInterval(() => {
      const now = secondsUntil(until)
      setLeft(now)
      if (now === 0) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [until])
  return left
}

function secondsUntil(moment: string | null): number {
  if (moment === null) return 0
  return Math.max(0, Math.ceil((Date.parse(moment) - Date.now()) / 1_000)) || 0
}
