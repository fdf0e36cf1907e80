// How long one errand at an upstream may take: in all, and without a word from the server. Both clocks
// stand still while a person is asked. What ends it is the caller or a clock, and it says which.
import { UpstreamError } from './upstream.ts'

export type Budget = {
  signal: AbortSignal
  /** Resolves when it ends early; never rejects. */
  ended: Promise<null>
  /** Why it ended, once it did. */
  over(): UpstreamError | null
  /** From here on the request may have reached the tool. What was said while connecting was a sign of life. */
  sending(): void
  /** The server gave a sign of life. */
  heard(): void
  /** Stops the clocks until what it gives is called. Nests. */
  pause(): () => void
  end(): void
}

export type BudgetLimits = { signal?: AbortSignal; max_total_ms: number; silence_ms?: number }

/** For the SDK’s own clock, which cannot stand still for a person: longer than any budget. */
export const noClock = 2 ** 31 - 1

export function startBudget(limits: BudgetLimits): Budget {
  return new RunningBudget(limits)
}

class RunningBudget implements Budget {
  readonly ended: Promise<null>
  readonly #limits: BudgetLimits
  readonly #controller = new AbortController()
  readonly #cancel = () => this.#stop('cancelled')
  #tell: (ended: null) => void = () => {}
  #reason: 'timeout' | 'cancelled' | null = null
  #sent = false
  #done = false
  #pauses = 0
  #left: number
  #since = 0
  #total: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(limits: BudgetLimits) {
    this.#limits = limits
    this.#left = limits.max_total_ms
    this.ended = new Promise((resolve) => this.#tell = resolve)
    this.#run()
    if (limits.signal?.aborted) this.#cancel()
    else limits.signal?.addEventListener('abort', this.#cancel, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  over(): UpstreamError | null {
    if (this.#reason === null) return null
    const message = this.#reason === 'timeout'
      ? 'The server did not answer in time'
      : 'The call was cancelled'
    return new UpstreamError(this.#reason, message, { sent: this.#sent })
  }

  sending(): void {
    this.#sent = true
    this.heard()
  }

  heard(): void {
    clearTimeout(this.#silence)
    const { silence_ms } = this.#limits
    if (silence_ms === undefined || this.#pauses > 0 || this.#done) return
    this.#silence = setTimeout(() => this.#stop('timeout'), silence_ms)
  }

  pause(): () => void {
    if (this.#pauses++ === 0) {
      this.#clear()
      this.#left -= Date.now() - this.#since
    }
    let paused = true
    return () => {
      if (!paused) return
      paused = false
      if (--this.#pauses === 0 && !this.#done) this.#run()
    }
  }

  end(): void {
    this.#done = true
    this.#clear()
    this.#limits.signal?.removeEventListener('abort', this.#cancel)
  }

  #run(): void {
    this.#since = Date.now()
    this.#total = setTimeout(() => this.#stop('timeout'), Math.max(0, this.#left))
    this.heard()
  }

  #clear(): void {
    clearTimeout(this.#total)
    clearTimeout(this.#silence)
  }

  #stop(why: 'timeout' | 'cancelled'): void {
    this.#reason ??= why
    this.#controller.abort(this.#reason)
    this.#tell(null)
  }
}
