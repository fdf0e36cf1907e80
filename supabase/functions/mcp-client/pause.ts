// Waiting for time to pass, where nothing tells that it is time. `node:timers/promises` does this too, but
// on Deno 2.1.4 it does not heed its signal.

/** True after so long, false at once when the signal ends it. */
export function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(true)
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
