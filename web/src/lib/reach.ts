// Whether Astra can be reached: what the browser believes, corrected by what requests really met.
// A phone in a lift and a laptop behind a hotel's sign-in page both say they are online.
import { useSyncExternalStore } from 'react'
import { onlineManager } from '@tanstack/react-query'

export type Reach = 'online' | 'offline' | 'unreachable'

const lookEveryMs = 2_500

let answered = true
let address: string | null = null
let looking: ReturnType<typeof setInterval> | null = null
const listeners = new Set<() => void>()

function currentReach(): Reach {
  if (!navigator.onLine) return 'offline'
  return answered ? 'online' : 'unreachable'
}

export function useReach(): Reach {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentReach)
}

/** Whether sending has a chance. */
export const useOnline = () => useReach() === 'online'
export const isOnline = () => currentReach() === 'online'

/** `fetch` that learns from what it meets. An answer of any status is an answer; an abort says nothing. */
export const watchedFetch: typeof fetch = async (input, init) => {
  try {
    const response = await fetch(input, init)
    learn(true)
    return response
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === 'AbortError')) learn(false)
    throw cause
  }
}

function learn(now: boolean) {
  if (answered === now) return
  answered = now
  if (now && looking) {
    clearInterval(looking)
    looking = null
  }
  if (!now) looking ??= setInterval(() => void look(), lookEveryMs)
  announce()
}

function announce() {
  onlineManager.setOnline(currentReach() === 'online')
  for (const listener of listeners) listener()
}

/** Asks the smallest thing there is, only while something has failed and someone is looking. */
async function look() {
  if (document.hidden || !navigator.onLine || address === null) return
  await watchedFetch(address, { mode: 'no-cors', cache: 'no-store' }).catch(() => {})
}

/** Once, before the app renders. `address` answers anyone, and no service worker answers for it. */
export function watchReach(at: string): void {
  address = at
  addEventListener('offline', announce)
  addEventListener('online', () => {
    announce()
    if (!answered) void look()
  })
  announce()
}
