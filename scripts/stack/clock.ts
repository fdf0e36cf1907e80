// Rings the function's tick, as a scheduler does on a hosted project: what nobody asks for is done there, and
// nowhere else. While the function is away it is asked every second, so that whatever its last process left
// behind ends as soon as there is a new one.
import { reasonOf } from './problem.ts'

type Given = {
  url: string
  secret_key: string
  /** Hears of the first failure of each row of them. */
  report(reason: string): void
  every_ms?: number
  again_ms?: number
}

/** A tick is bounded by the function to less than this. */
const PATIENCE_MS = 40_000

/** Rings at once, and again when the last tick has been over for a while. Gives what ends it, a tick under way included. */
export function startClock(
  { every_ms = 15_000, again_ms = 1_000, ...given }: Given,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const go = async () => {
    let rang = true
    while (!signal.aborted) {
      const failure = await ring(given, signal)
      if (failure !== null && rang && !signal.aborted) given.report(failure)
      rang = failure === null
      await sleep(rang ? every_ms : again_ms, signal)
    }
  }
  const going = go()
  return async () => {
    stopping.abort()
    await going
  }
}

/** Null when it was heard, else why not. */
async function ring(
  { url, secret_key }: Pick<Given, 'url' | 'secret_key'>,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/functions/v1/mcp-client/tick`, {
      method: 'POST',
      headers: { apikey: secret_key },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    })
    await answer.body?.cancel()
    return answer.ok ? null : `the tick was answered with ${answer.status}`
  } catch (thrown) {
    return reasonOf(thrown)
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
