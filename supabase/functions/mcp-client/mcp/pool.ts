// Keeps upstream connections for the next call. Bounded; an idle one is closed after a while; a key
// has at most one, and calls that arrive while it opens wait for the same one.
import type { Connection } from './negotiation.ts'

export type PoolSettings = { max_connections: number; idle_ms: number }

/** A connection on loan. `reused` says that it had already served someone. */
export type Lease = {
  connection: Connection
  reused: boolean
  /** Gives it back. `discard` when it must not serve again; it closes once its last user is done. */
  release(options?: { discard?: boolean }): void
}

type Entry = {
  key: string
  /** The first connection that opens, or the failure of the last one that might have. */
  opened: PromiseWithResolvers<Connection>
  /** How many are being opened, and since when the newest of them. */
  attempts: number
  since: number
  /** Set once open. */
  connection: Connection | null
  users: number
  served: number
  idleSince: number
  kept: boolean
  shut: boolean
}

export type Pool = {
  acquire(key: string, open: () => Promise<Connection>): Promise<Lease>
  /** Forgets the key: its connection closes once its last user is done. */
  drop(key: string): void
  size(): number
  /** Closes everything and waits for it, connections in use included. */
  close(): Promise<void>
}

/**
 * What has been opening for so long may never open, for networks lose things: whoever comes next opens
 * another one beside it. No tool ends sooner than this, so nobody waits twice for the same lost one.
 */
const patienceMs = 1_000

export function createPool(settings: PoolSettings, now = Date.now): Pool {
  const entries = new Map<string, Entry>()
  const closing = new Set<Promise<void>>()
  const loaned = new Set<Entry>()
  let sweep: ReturnType<typeof setTimeout> | undefined

  function shut(entry: Entry) {
    if (entry.shut) return
    entry.shut = true
    end(entry.opened.promise)
  }

  function end(opening: Promise<Connection>) {
    const done = opening
      .then((connection) => connection.close())
      .catch(() => {})
      .finally(() => closing.delete(done))
    closing.add(done)
  }

  function forget(entry: Entry) {
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
    const wasKept = entry.kept
    entry.kept = false
    if (wasKept && entry.users === 0) shut(entry)
  }

  /** Room is made by closing the connection idle the longest. When all are busy the new one is not kept. */
  function hasRoom(): boolean {
    if (entries.size < settings.max_connections) return true
    let oldest: Entry | null = null
    for (const entry of entries.values()) {
      if (entry.users === 0 && (!oldest || entry.idleSince < oldest.idleSince)) oldest = entry
    }
    if (!oldest) return false
    forget(oldest)
    return true
  }

  function add(key: string): Entry {
    const kept = hasRoom()
    const entry: Entry = {
      key,
      opened: Promise.withResolvers(),
      attempts: 0,
      since: -Infinity,
      connection: null,
      users: 0,
      served: 0,
      idleSince: 0,
      kept,
      shut: false,
    }
    if (kept) entries.set(key, entry)
    return entry
  }

  /** Opens a connection, perhaps one more: the first is taken, a later one closed. */
  function attempt(entry: Entry, open: () => Promise<Connection>) {
    entry.attempts++
    entry.since = now()
    const opening = open()
    opening.then((connection) => {
      if (entry.connection) return end(opening)
      entry.connection = connection
      entry.opened.resolve(connection)
    }, (error) => {
      entry.since = -Infinity
      if (--entry.attempts > 0) return
      forget(entry)
      entry.opened.reject(error)
    })
  }

  function closeIdle() {
    const before = now() - settings.idle_ms
    for (const entry of [...entries.values()]) {
      if (entry.users === 0 && entry.idleSince <= before) forget(entry)
    }
    sweep = undefined
    if (entries.size > 0) sweepLater()
  }

  function sweepLater() {
    if (sweep !== undefined) return
    sweep = setTimeout(closeIdle, Math.max(50, settings.idle_ms / 2))
    Deno.unrefTimer(sweep as unknown as number)
  }

  function leaseOf(entry: Entry, connection: Connection): Lease {
    let held = true
    return {
      connection,
      reused: entry.served++ > 0,
      release({ discard = false } = {}) {
        if (!held) return
        held = false
        giveBack(entry)
        if (discard || connection.broken) forget(entry)
      },
    }
  }

  function giveBack(entry: Entry) {
    entry.users--
    entry.idleSince = now()
    if (entry.users > 0) return
    loaned.delete(entry)
    if (!entry.kept) shut(entry)
    else sweepLater()
  }

  return {
    async acquire(key, open) {
      let entry = entries.get(key) ?? add(key)
      if (entry.connection?.broken) {
        forget(entry)
        entry = entries.get(key) ?? add(key)
      }
      if (!entry.connection && now() - entry.since >= patienceMs) attempt(entry, open)
      entry.users++
      loaned.add(entry)
      try {
        return leaseOf(entry, await entry.opened.promise)
      } catch (error) {
        entry.users--
        loaned.delete(entry)
        throw error
      }
    },
    drop(key) {
      const entry = entries.get(key)
      if (entry) forget(entry)
    },
    size: () => entries.size,
    async close() {
      clearTimeout(sweep)
      sweep = undefined
      for (const entry of new Set([...entries.values(), ...loaned])) {
        entry.kept = false
        shut(entry)
      }
      entries.clear()
      await Promise.all(closing)
    },
  }
}
