// How a model is asked over the network. A team’s own address goes through the guarded fetch, as every
// upstream does; the operator’s is theirs to choose. Either way a failure is told apart by its reason, and
// an answer that no model gives is refused before anyone reads it as one.
import { type GuardedFetch, guardedFetch } from '../../mcp/egress.ts'
import { EgressError } from '../../mcp/egress-error.ts'

/** Something answers where a model should, and it is none. */
export class NotAModel extends Error {
  override readonly name = 'NotAModel'
}

type Guarding = { allowed_private_hosts: string[] }

/** One per process. A turn has a clock of its own, so this one only outlasts it. */
export function modelFetch(settings: Guarding): GuardedFetch {
  return guardedFetch({
    ...settings,
    // One token is one event of some hundred bytes: a stream may hold four times this.
    max_bytes: 8 * 1024 * 1024,
    events_in_window: 50_000,
    first_byte_ms: 120_000,
    total_ms: 360_000,
  })
}

/** As the AI SDK takes it. Throws `EgressError` or `NotAModel`; an abort as it came. */
export function asking(fetch: GuardedFetch | typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input as string | URL, init).catch(failed)
    if (!response.ok || mayBeModel(response)) return response
    await response.body?.cancel().catch(() => {})
    throw new NotAModel()
  }
}

function failed(thrown: unknown): never {
  if (thrown instanceof TypeError) throw EgressError.ofFailedFetch(thrown)
  throw thrown
}

/** A model that is asked to stream sends events. Some do so without saying it; none sends a page or a value. */
function mayBeModel(response: Response): boolean {
  return !/^(?:text\/html|application\/(?:\w+\+)?json)/i.test(
    response.headers.get('content-type')?.trim() ?? '',
  )
}
