// Sessions of a real PostgreSQL, for one piece of work at a time. Each is a driver of its own with a single
// connection, and is thrown away when that connection is lost: postgres.js would write to a connection that
// is gone, which ends the process, or wait for it for ever (porsager/postgres#1208).

import { reasonOf } from './problem.ts'

/** Sent once someone waits for it, or executes it. */
type Query = Promise<unknown> & { execute(): unknown }
type Unsafe = (text: string, values?: readonly unknown[], options?: object) => Query
export type Session = { unsafe: Unsafe; release(): void }
/** postgres.js with `max: 1`. */
export type Driver = {
  unsafe(text: string): Promise<unknown>
  reserve(): Promise<unknown>
  end(options: { timeout: number }): Promise<void>
}

/** The database cannot be reached, or is stopping or starting. What was under way may have been done. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway'
}

export type SessionPool = {
  /** A session of one’s own until it is released. Rejects with DatabaseAway. */
  reserve(): Promise<Session>
  close(): Promise<void>
}

type Slot = {
  driver: Driver
  isLost: boolean
  /** Tells those who wait for an answer that there will be none. */
  asked: Set<(reason: unknown) => void>
}

/** Opens at most so many; whoever comes then waits for a turn. `open` is told what to call once it is lost. */
export function createSessionPool(
  open: (onclose: () => void) => Driver,
  most: number,
): SessionPool {
  const idle: Slot[] = []
  const all = new Set<Slot>()
  const waiting: (() => void)[] = []

  const lose = (slot: Slot) => {
    if (slot.isLost) return
    slot.isLost = true
    all.delete(slot)
    if (idle.includes(slot)) idle.splice(idle.indexOf(slot), 1)
    for (const reject of slot.asked) reject(lost())
    void slot.driver.end({ timeout: 0 }).catch(() => {})
    waiting.shift()?.()
  }
  const add = () => {
    const slot: Slot = { driver: open(() => lose(slot)), isLost: false, asked: new Set() }
    all.add(slot)
    return slot
  }
  const giveBack = (slot: Slot) => {
    if (slot.isLost) return
    idle.push(slot)
    waiting.shift()?.()
  }

  return {
    async reserve() {
      while (idle.length === 0 && all.size >= most) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      const kept = idle.pop()
      const slot = kept ?? add()
      try {
        // One that opens is reserved only when it has been asked something.
        if (!kept) await slot.driver.unsafe('select 1')
        const session = await slot.driver.reserve() as Session
        return guarded(session, { slot, giveBack })
      } catch (thrown) {
        lose(slot)
        throw named(thrown)
      }
    },
    close: async () =>
      void await Promise.all([...all].map(({ driver }) => driver.end({ timeout: 5 }))),
  }
}

/** The same session, which is asked nothing more once its connection is lost. */
function guarded(
  session: Session,
  { slot, giveBack }: { slot: Slot; giveBack: (slot: Slot) => void },
): Session {
  return {
    unsafe(...given) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      // One that waits behind another would never hear that the connection is gone.
      slot.asked.add(reject)
      const sent = slot.isLost ? Promise.reject(lost()) : session.unsafe(...given)
      void sent.then(resolve, (thrown) => reject(named(thrown)))
        .finally(() => slot.asked.delete(reject))
      return Object.assign(promise, { execute: () => promise })
    },
    release() {
      if (slot.isLost) return
      session.release()
      giveBack(slot)
    },
  }
}

/** What PostgreSQL says of a statement stays as it is; that it is not there to say anything is named. */
function named(thrown: unknown): unknown {
  const code = String((thrown as { code?: unknown } | null)?.code ?? '')
  // Of postgres.js, of the system, of PostgreSQL: connection exceptions, operator intervention.
  return /^(CONNECT|E[A-Z]+$|08|57P)/.test(code) ? new DatabaseAway(reasonOf(thrown)) : thrown
}

function lost(): DatabaseAway {
  return new DatabaseAway('the connection was lost')
}
