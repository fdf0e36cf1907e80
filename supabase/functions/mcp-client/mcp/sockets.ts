// Which HTTP client a request leaves by. The runtime keeps connections for the next request and is not
// told when one has died in silence: a request on it would wait in vain, and there may be several. An
// origin in doubt gets a client of its own, which keeps none yet; what is on its way goes on.

export type Sockets = {
  /** The client for an origin; null is the runtime’s own. */
  clientFor(origin: string): Deno.HttpClient | null
  /** None of the connections kept to this origin is used again. */
  doubt(origin: string): void
  close(): void
}

/** The oldest is forgotten: the shared client’s connections of that time are closed by then. */
const mostDoubted = 100

export function openSockets(
  make: () => Deno.HttpClient,
  shared: Deno.HttpClient | null = null,
): Sockets {
  const own = new Map<string, Deno.HttpClient>()
  const forget = (origin: string) => {
    own.get(origin)?.close()
    own.delete(origin)
  }
  return {
    clientFor: (origin) => own.get(origin) ?? shared,
    doubt(origin) {
      forget(origin)
      own.set(origin, make())
      if (own.size > mostDoubted) forget([...own.keys()][0]!)
    },
    close() {
      for (const origin of [...own.keys()]) forget(origin)
      shared?.close()
    },
  }
}
