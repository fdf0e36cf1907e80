// The clock of one request: its end can be moved as the request makes progress. Follows the caller’s own
// signal, and lets go of it in the end.
import { EgressError } from './egress-error.ts'

export type Deadline = {
  signal: AbortSignal
  /** Ends the request so long after its beginning; 0 stops the clock. */
  within(ms: number): void
  /** Stops the clock and lets go of the caller’s signal; with an error the request is torn down. */
  end(error?: unknown): void
}

export function deadline(outer: AbortSignal | null): Deadline {
  const controller = new AbortController()
  const began = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => controller.abort(outer?.reason)
  if (outer?.aborted) follow()
  else outer?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    within(ms) {
      clearTimeout(timer)
      if (ms === 0) return
      const left = Math.max(0, ms - (performance.now() - began))
      timer = setTimeout(() => controller.abort(EgressError.timeout()), left)
    },
    end(error) {
      clearTimeout(timer)
      outer?.removeEventListener('abort', follow)
      if (error !== undefined && !controller.signal.aborted) controller.abort(error)
    },
  }
}
