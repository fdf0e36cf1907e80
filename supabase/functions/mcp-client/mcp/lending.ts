// Lends connections to errands: takes one from the pool or opens it, runs the errand on it, and decides
// by how that ended whether the connection serves again. Repeats only what a server refused unseen.
import type { Budget } from './budget.ts'
import { upstreamFailure } from './failure.ts'
import { inNobodysName, type Listener } from './incoming.ts'
import type { Connection } from './negotiation.ts'
import type { Lease, Pool } from './pool.ts'
import { isStale } from './staleness.ts'
import { type StoredProtocol, type Upstream, UpstreamError } from './upstream.ts'

export type Errand<T> = {
  listener: Listener
  /** Whether a failure may have come after a tool ran. */
  calling: boolean
  run(connection: Connection): Promise<T>
  /** A connection that is opened for it does not stay: those that people wait for keep their places. */
  in_passing?: boolean
}

/** `protocol` is there when it differs from what was given. */
export type Done<T> = { value: T; protocol?: StoredProtocol }

export type Lending = {
  /** Runs an errand, a second time if the first connection was stale. Throws `UpstreamError`. */
  run<T>(upstream: Upstream, errand: Errand<T>): Promise<Done<T>>
  /** Runs it on a new connection, negotiated without what was remembered. Throws `UpstreamError`. */
  runAfresh<T>(upstream: Upstream, errand: Errand<T> & { onAnswer?: () => void }): Promise<T>
}

export type LendingMeans = {
  /** `onAnswer` hears of every answer that arrives while it opens. */
  open(upstream: Upstream, onAnswer?: () => void): Promise<Connection>
  /** The server was silent for too long: what is kept open to it may be dead. */
  doubt(upstream: Upstream): void
}

export function createLending(pool: Pool, { open, doubt }: LendingMeans): Lending {
  /** Keys whose remembered verdict has just proved wrong: the next connect negotiates. */
  const distrusted = new Set<string>()

  function distrust(key: string): void {
    if (distrusted.size >= 1_000) distrusted.clear()
    distrusted.add(key)
  }

  function openTrusted(upstream: Upstream, onAnswer?: () => void): Promise<Connection> {
    const doubted = distrusted.delete(upstream.key)
    return inNobodysName(() => open(doubted ? { ...upstream, protocol: null } : upstream, onAnswer))
  }

  /** A connection that is still opening when the budget ends goes on opening, for the next errand. */
  async function lend(
    upstream: Upstream,
    { budget, onAnswer }: { budget: Budget; onAnswer?: () => void },
  ): Promise<Lease> {
    const coming = pool.acquire(upstream.key, () => openTrusted(upstream, onAnswer))
    const lease = await Promise.race([coming, budget.ended])
    if (lease) return lease
    coming.then((late) => late.release(), () => {})
    const over = budget.over()
    if (over?.reason === 'timeout') doubt(upstream)
    throw over ?? new UpstreamError('cancelled', 'The call was cancelled')
  }

  /** Gives null when the connection was stale and the server refused the errand unseen: try another. */
  async function attempt<T>(upstream: Upstream, errand: Errand<T>): Promise<Done<T> | null> {
    const { budget } = errand.listener
    const lease = await lend(upstream, { budget })
    const { connection } = lease
    const unneeded = errand.in_passing === true && !lease.reused
    try {
      const value = await connection.incoming.during(errand.listener, () => errand.run(connection))
      connection.unproven = false
      lease.release({ discard: unneeded })
      const { protocol } = connection
      return isKnown(protocol, upstream.protocol) ? { value } : { value, protocol }
    } catch (error) {
      const failure = failureOf(error, { connection, errand })
      const stale = isStale(error, lease)
      const doubtful = connection.unproven && failure.reason === 'protocol'
      if (doubtful) distrust(upstream.key)
      if (failure.reason === 'timeout') doubt(upstream)
      lease.release({
        discard: unneeded || stale || doubtful || endsConnection(failure, connection),
      })
      if (stale) return null
      throw failure
    }
  }

  return {
    async run(upstream, errand) {
      const done = await attempt(upstream, errand) ?? await attempt(upstream, errand)
      if (done) return done
      throw new UpstreamError('protocol', 'The server keeps ending its sessions')
    },
    async runAfresh(upstream, { onAnswer, ...errand }) {
      pool.drop(upstream.key)
      const { budget } = errand.listener
      const lease = await lend({ ...upstream, protocol: null }, { budget, onAnswer })
      const { connection } = lease
      try {
        const value = await connection.incoming.during(
          errand.listener,
          () => errand.run(connection),
        )
        lease.release()
        return value
      } catch (error) {
        lease.release({ discard: true })
        throw failureOf(error, { connection, errand })
      }
    },
  }
}

function failureOf(
  error: unknown,
  { connection, errand }: { connection: Connection; errand: Errand<unknown> },
): UpstreamError {
  return errand.listener.budget.over() ??
    upstreamFailure(connection.broken ?? error, { calling: errand.calling })
}

function isKnown(found: StoredProtocol, given: StoredProtocol | null): boolean {
  return found.checked_at === given?.checked_at && found.transport === given.transport
}

/**
 * After these the next errand starts from a new connection. A slow tool does not condemn its connection,
 * unless one stream serves all and what the tool still says there could be taken for another call’s.
 */
function endsConnection(failure: UpstreamError, connection: Connection): boolean {
  if (connection.protocol.transport === 'sse' && connection.incoming.abandoned) return true
  return failure.reason === 'unreachable' || failure.reason === 'unauthorized'
}
