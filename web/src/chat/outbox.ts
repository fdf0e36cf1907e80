// Messages that wait to be sent, per chat and in order, until Astra has them. Kept on the device; where that
// cannot be, for as long as the tab lives. A message’s id is its idempotency key: it never changes.
import { useSyncExternalStore } from 'react'
import { ownDatabase } from '@/lib/copies.ts'
import type { PersonDatabase } from '@/lib/person-store.ts'
import type { Unsent } from './drafts.ts'

export type Queued = {
  /** The message’s own. */
  id: string
  team_id: string
  chat_id: string
  written: Unsent
  /** It begins its chat: nothing of that is in the database yet. */
  begins: boolean
  queued_at: number
  /** Why Astra would not take it: it waits for its person, and those behind it wait with it. */
  refused: string | null
}

/** More would be a conversation with nobody. */
const mostQueued = 50

let queue: Queued[] = []
/** What the device would not keep as it is now, full or closed to us: it waits as long as the tab lives. */
const unkept = new Set<string>()
const listeners = new Set<() => void>()
/** Other tabs of this app, in this browser. */
const others = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('astra.outbox')
if (others) others.onmessage = () => void loadOutbox()

function show(next: Queued[]): void {
  queue = next
  for (const listener of listeners) listener()
}

/** One after the other, so that a reading never overtakes what was written before it. */
let writing: Promise<unknown> = Promise.resolve()

/** Whether the device has kept it. */
function write(change: (kept: PersonDatabase) => Promise<unknown>): Promise<boolean> {
  const written = writing.then(async () => {
    const kept = await ownDatabase()
    if (kept) await change(kept)
    return kept !== null
  }).catch(() => false)
  writing = written.then(() => others?.postMessage(null))
  return written
}

/** Reads what waits of whoever is signed in: at the start, and when another tab has changed it. */
export async function loadOutbox(): Promise<void> {
  await writing
  const kept = await ownDatabase().catch(() => null)
  if (!kept) return
  const waiting = await kept.getAll('queue').catch(() => null) as Queued[] | null
  if (!waiting) return
  const here = queue.filter(({ id }) => unkept.has(id))
  const there = waiting.filter(({ id }) => !unkept.has(id))
  show([...there, ...here].sort((a, b) => a.queued_at - b.queued_at))
}

/** Nobody is signed in any more, or someone else is. What is kept stays with its person. */
export function closeOutbox(): void {
  unkept.clear()
  show([])
}

export const hasRoom = (): boolean => queue.length < mostQueued

/** False when no more may wait. `refused`: as it was answered before, for its person to decide. */
export async function enqueue(
  message: Omit<Queued, 'queued_at' | 'refused'>,
  refused: string | null = null,
): Promise<boolean> {
  if (!hasRoom()) return false
  // Two in one millisecond keep their order.
  const queued_at = Math.max(Date.now(), (queue.at(-1)?.queued_at ?? 0) + 1)
  await put({ ...message, queued_at, refused })
  return true
}

async function put(message: Queued): Promise<void> {
  const place = queue.findIndex(({ id }) => id === message.id)
  show(place < 0 ? [...queue, message] : queue.with(place, message))
  unkept.add(message.id)
  if (await write((kept) => kept.put('queue', message))) unkept.delete(message.id)
}

/** Astra has it, or its person has taken it back. */
export async function dequeue(id: string): Promise<void> {
  unkept.delete(id)
  show(queue.filter((message) => message.id !== id))
  await write((kept) => kept.delete('queue', id))
}

/** How it is now, from the device itself: another tab may have sent it, or taken it back. */
export async function stillQueued(id: string): Promise<Queued | null> {
  await writing
  const shown = queue.find((message) => message.id === id) ?? null
  if (unkept.has(id)) return shown
  const kept = await ownDatabase().catch(() => null)
  if (!kept) return shown
  return await kept.get('queue', id).catch(() => null) as Queued | undefined ?? null
}

export async function rewrite(id: string, text: string): Promise<void> {
  const message = await stillQueued(id)
  if (!message) return
  await put({ ...message, written: { ...message.written, text }, refused: null })
}

export async function markRefused(id: string, refused: string): Promise<void> {
  const message = await stillQueued(id)
  if (message) await put({ ...message, refused })
}

/** Its person wants it tried again; where others have written since, as a message of its own. */
export async function tryAgain(id: string): Promise<void> {
  const message = await stillQueued(id)
  if (!message) return
  await put({ ...message, refused: null, written: { ...message.written, replaces: undefined } })
}

export const queuedNow = (): Queued[] => queue
export const waitsIn = (chat_id: string): boolean => queue.some((one) => one.chat_id === chat_id)

export function useQueued(): Queued[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, queuedNow)
}

/**
 * Holds a message still: whoever holds it is the only one, in all tabs, to send or change it. Given up when
 * the tab ends. Null when it is held already and `wait` is not wanted.
 */
export async function hold(
  id: string,
  { wait }: { wait: boolean },
): Promise<(() => void) | null> {
  // Only secure pages have locks; without them there is one tab too many at worst, and ids keep that harmless.
  if (!navigator.locks) return () => {}
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>()
  void navigator.locks.request(`astra.outbox.${id}`, { ifAvailable: !wait }, (lock) => {
    if (!lock) return resolve(null)
    const held = Promise.withResolvers<void>()
    resolve(held.resolve)
    return held.promise
  })
  return await promise
}
