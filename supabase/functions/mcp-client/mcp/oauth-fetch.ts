// Requests of a sign-in: metadata, registration, tokens, revocation. Small answers, short waits, every
// address judged by the guarded fetch. An error answer is cut down to its code before the SDK sees it,
// because the SDK writes what it sees into warnings.
import type { FetchLike } from '@modelcontextprotocol/client'
import { type EgressSettings, type GuardedFetch, guardedFetch } from './egress.ts'

const limits = { max_bytes: 256 * 1024, first_byte_ms: 8_000, total_ms: 10_000, streams: false }

/** One per process: what it remembers of names is shared by all sign-ins. */
export function signInFetch(settings: Pick<EgressSettings, 'allowed_private_hosts' | 'resolve'>) {
  return guardedFetch({ ...settings, ...limits })
}

/** The fetch for one piece of work, which ends as a whole after so long. */
export function within(guarded: GuardedFetch, total_ms: number): FetchLike {
  const signal = AbortSignal.timeout(total_ms)
  return async (input, init = {}) => {
    const response = await guarded(input, { ...init, signal })
    return init.method === 'POST' ? await withoutWords(response) : response
  }
}

/** Keeps a good answer as it is and an error’s code alone (RFC 6749 §5.2). */
async function withoutWords(response: Response): Promise<Response> {
  const text = await response.text()
  const { status, headers } = response
  const code = errorCode(text)
  if (response.ok && code === null) return new Response(text || null, { status, headers })
  // A proxy in trouble is no verdict about a grant.
  const trouble = status >= 500 || status === 429 || code === null
  return Response.json({ error: trouble ? 'server_error' : code }, { status })
}

function errorCode(text: string): string | null {
  try {
    const { error } = JSON.parse(text)
    return typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? error : null
  } catch {
    return null
  }
}
