// The one listening socket of the stack. Taken early, so that a busy port is known before anything is
// opened; until the stack is ready every request is told to come back.
import { StartProblem } from './problem.ts'

export type Handler = (request: Request) => Response | Promise<Response>

export type Origin = {
  /** From now on requests go to this handler. */
  answerWith(handler: Handler): void
  /** Takes no new requests, gives those under way a moment, then cuts them off. */
  close(): Promise<void>
}

const patience = 1_000

/** Listens on loopback. Throws StartProblem when the port is taken or not allowed. */
export function listen(port: number): Origin {
  let current: Handler = notYet
  const cut = new AbortController()
  try {
    const server = Deno.serve({
      hostname: '127.0.0.1',
      port,
      automaticCompression: false,
      signal: cut.signal,
      onListen: () => {},
      onError: failed,
    }, (request) => current(request))
    return {
      answerWith: (handler) => void (current = handler),
      async close() {
        const timer = setTimeout(() => cut.abort(), patience)
        await server.shutdown()
        clearTimeout(timer)
      },
    }
  } catch (thrown) {
    if (thrown instanceof Deno.errors.AddrInUse) {
      throw new StartProblem(
        `port ${port} is in use; stop what uses it or set ASTRA_PORT to another`,
      )
    }
    if (thrown instanceof Deno.errors.PermissionDenied) {
      throw new StartProblem(`port ${port} may not be used here; set ASTRA_PORT to another`)
    }
    throw thrown
  }
}

function notYet(): Response {
  return new Response('Astra is starting\n', { status: 503, headers: { 'retry-after': '1' } })
}

function failed(thrown: unknown): Response {
  console.error('request failed:', thrown)
  return new Response('Something went wrong\n', { status: 500 })
}
