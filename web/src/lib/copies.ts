// Copies of what was read, for when there is no network: only of reads that say so (`meta: copied`), bounded
// in size and age, of one person. Shown at once while the server is asked, and replaced by what it answers.
// Never of a secret: those are read without `copied`, and nothing else is written.
import {
  hashKey,
  type Query,
  type QueryCache,
  type QueryClient,
  type QueryKey,
  type QueryPersister,
} from '@tanstack/react-query'
import type { Mark, PersonDatabase } from './person-store.ts'

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { copied?: true }
  }
}

/** The mark of a read whose answer may be kept on the person’s device. */
export const copied = { copied: true } as const

export const bounds = { bytesOfOne: 8_000_000, bytes: 60_000_000, copies: 400, days: 30 }
const dayMs = 86_400_000
const writeAfterMs = 400

let person: string | null = null
const toWrite = new Map<string, Query>()
let timer: ReturnType<typeof setTimeout> | null = null

const store = () => import('./person-store.ts')

async function database(of: string): Promise<PersonDatabase | null> {
  const found = await (await store()).personDatabase(of).catch(() => null)
  return person === of ? found : null
}

/** Whose copies are read and written from now on. What others left on this device goes. */
export function copiesOf(user_id: string): void {
  if (person === user_id) return
  person = user_id
  toWrite.clear()
  void store().then(({ wipeOthers }) => wipeOthers(user_id, null)).catch(() => {})
}

/** The sign-in has ended: no copy is read, written or stays. What waits to be sent does, for its person only. */
export async function forgetCopies(): Promise<void> {
  const whose = leave()
  const kept = whose && await (await store()).personDatabase(whose)
  if (kept) await Promise.all([kept.clear('copies'), kept.clear('marks')]).catch(() => {})
}

/** The person signs out: nothing of anyone stays on this device. */
export async function wipePersons(): Promise<void> {
  const whose = leave()
  await (await store()).wipeOthers(null, whose)
}

function leave(): string | null {
  const whose = person
  person = null
  toWrite.clear()
  return whose
}

/** Shows the copy while the server is asked, if it is the first to answer or the only one. */
export const withCopy: QueryPersister = async (
  queryFn: (context: never) => unknown,
  context: unknown,
  query: Query,
) => {
  const fresh = Promise.resolve(queryFn(context as never))
  if (!query.meta?.copied || query.state.data !== undefined) return await fresh
  const copy = readCopy(query.queryHash)
  const first = await Promise.race([fresh.then(() => null), copy]).catch(() => copy)
  if (first && query.state.data === undefined) {
    query.setData(first.data, { updatedAt: first.at, manual: true })
  }
  return await fresh
}

async function readCopy(hash: string): Promise<{ data: unknown; at: number } | null> {
  if (!person) return null
  try {
    const kept = await database(person)
    const mark = await kept?.get('marks', hash)
    if (!kept || !mark || isOld(mark)) return null
    const copy = await kept.get('copies', hash)
    return copy && person ? { data: copy.data, at: mark.at } : null
  } catch {
    return null
  }
}

/** When the copy of a read was read; null where there is none. */
export async function copiedAt(queryKey: QueryKey): Promise<number | null> {
  const kept = person ? await database(person) : null
  const mark = await kept?.get('marks', hashKey(queryKey)).catch(() => undefined)
  return mark && !isOld(mark) ? mark.at : null
}

const isOld = ({ at }: Mark) => Date.now() - at > bounds.days * dayMs

/** From now on, whatever arrives and may be copied is, shortly after. Once, at the start. */
export function keepCopies(client: QueryClient): void {
  const cache: QueryCache = client.getQueryCache()
  cache.subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success') return
    if (event.action.manual || !event.query.meta?.copied || !person) return
    toWrite.set(event.query.queryHash, event.query)
    timer ??= setTimeout(() => void writeAll(), writeAfterMs)
  })
  document.addEventListener('visibilitychange', () => document.hidden && void writeAll())
}

async function writeAll(): Promise<void> {
  if (timer) clearTimeout(timer)
  timer = null
  const queries = [...toWrite.values()]
  toWrite.clear()
  if (!person || queries.length === 0) return
  try {
    const kept = await database(person)
    if (!kept) return
    for (const query of queries) await writeCopy(kept, query)
    await makeRoom(kept)
  } catch {
    // Full, blocked, or wiped meanwhile.
  }
}

async function writeCopy(kept: PersonDatabase, query: Query): Promise<void> {
  const { queryHash: hash, queryKey, state } = query
  const size = sizeOf(state.data)
  const write = kept.transaction(['copies', 'marks'], 'readwrite')
  const [copies, marks] = [write.objectStore('copies'), write.objectStore('marks')]
  if (size > bounds.bytesOfOne) {
    await Promise.all([copies.delete(hash), marks.delete(hash), write.done])
    return
  }
  const team_id = queryKey[0] === 'team' ? String(queryKey[1]) : null
  const mark = { hash, team_id, at: state.dataUpdatedAt, size }
  await Promise.all([copies.put({ data: state.data }, hash), marks.put(mark), write.done])
}

/** About what it takes: maps are what JSON would leave out. */
function sizeOf(data: unknown): number {
  return JSON.stringify(data, (_key, value: unknown) => value instanceof Map ? [...value] : value)
    ?.length ?? 0
}

/** The oldest go first, until the rest is within bounds. */
async function makeRoom(kept: PersonDatabase): Promise<void> {
  const marks = (await kept.getAll('marks')).sort((a, b) => b.at - a.at)
  let bytes = 0
  const gone = marks.filter((mark, place) => {
    bytes += mark.size
    return place >= bounds.copies || bytes > bounds.bytes || isOld(mark)
  })
  await dropCopies(kept, gone)
}

/** Teams one is no longer in leave nothing behind. */
export async function keepOnlyTeams(team_ids: string[]): Promise<void> {
  const kept = person && await database(person)
  if (!kept) return
  const marks = await kept.getAll('marks').catch(() => [])
  const gone = marks.filter(({ team_id }) => team_id !== null && !team_ids.includes(team_id))
  await dropCopies(kept, gone).catch(() => {})
}

/** The chats of a team of which something is kept. */
export async function copiedChats(team_id: string): Promise<string[]> {
  const kept = person && await database(person)
  const marks = kept ? await kept.getAll('marks').catch(() => []) : []
  const ids = marks.flatMap(({ hash }) => {
    const [, team, kind, id] = JSON.parse(hash) as unknown[]
    return team === team_id && kind === 'chat' ? [String(id)] : []
  })
  return [...new Set(ids)]
}

/** What is about this (a chat that is deleted, or no longer shared with them) leaves nothing behind. */
export async function forgetCopiesOf(id: string): Promise<void> {
  for (const hash of toWrite.keys()) if (hash.includes(id)) toWrite.delete(hash)
  const kept = person && await database(person)
  if (!kept) return
  const marks = await kept.getAll('marks').catch(() => [])
  const about = await Promise.all(marks.map(({ hash }) => isAbout(kept, { hash, id })))
  await dropCopies(kept, marks.filter((_mark, at) => about[at])).catch(() => {})
}

/** By its name, or as one execution by the chat that it is of. */
async function isAbout(kept: PersonDatabase, { hash, id }: { hash: string; id: string }) {
  if (hash.includes(id)) return true
  if (!hash.includes('"execution"')) return false
  const copy = await kept.get('copies', hash).catch(() => undefined)
  return (copy?.data as { chat_id?: unknown } | null | undefined)?.chat_id === id
}

async function dropCopies(kept: PersonDatabase, marks: Mark[]): Promise<void> {
  if (marks.length === 0) return
  const write = kept.transaction(['copies', 'marks'], 'readwrite')
  await Promise.all([
    ...marks.flatMap(({ hash }) => [
      write.objectStore('copies').delete(hash),
      write.objectStore('marks').delete(hash),
    ]),
    write.done,
  ])
}

/** Whose database the outbox shares; null when nobody is signed in. */
export async function ownDatabase(): Promise<PersonDatabase | null> {
  return person ? await database(person) : null
}
