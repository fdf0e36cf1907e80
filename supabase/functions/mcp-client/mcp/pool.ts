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
  opening: Promise<Connection>
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

export function createPool(settings: PoolSettings): Pool {
  const entries = new Map<string, Entry>()
  const closing = new Set<Promise<void>>()
  const loaned = new Set<Entry>()
  let sweep: ReturnType<typeof setTimeout> | undefined

  function shut(entry: Entry) {
    if (entry.shut) return
    entry.shut = true
    const done = entry.opening
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

  function add(key: string, open: () => Promise<Connection>): Entry {
    const kept = hasRoom()
    const entry: Entry = {
      key,
      opening: open().then((connection) => entry.connection = connection),
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

  function closeIdle() {
    const before = Date.now() - settings.idle_ms
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
    entry.idleSince = Date.now()
    if (entry.users > 0) return
    loaned.delete(entry)
    if (!entry.kept) shut(entry)
    else sweepLater()
  }

  return {
    async acquire(key, open) {
      let entry = entries.get(key) ?? add(key, open)
      if (entry.connection?.broken) {
        forget(entry)
        entry = entries.get(key) ?? add(key, open)
      }
      entry.users++
      loaned.add(entry)
      try {
        return leaseOf(entry, await entry.opening)
      } catch (error) {
        forget(entry)
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
