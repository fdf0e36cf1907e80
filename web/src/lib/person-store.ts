// What this device keeps of one person beyond the app being closed: copies of what they read, and messages that
// have not left. One database for each person, so that nobody else's can be opened by mistake.
// Storage may be full, blocked or wiped meanwhile: then nothing is kept, and nothing breaks.
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'

/** What one read answered, by its query’s hash. */
export type Copy = { data: unknown }
/** Beside each copy, to choose from without reading it. */
export type Mark = { hash: string; team_id: string | null; at: number; size: number }
/** What waits to be sent; the outbox knows what it is. */
export type Waiting = { id: string; queued_at: number }

interface PersonSchema extends DBSchema {
  copies: { key: string; value: Copy }
  marks: { key: string; value: Mark }
  queue: { key: string; value: Waiting }
}
export type PersonDatabase = IDBPDatabase<PersonSchema>

const prefix = 'astra.person.'
const nameOf = (user_id: string) => prefix + user_id

let open: { user_id: string; database: Promise<PersonDatabase | null> } | null = null

/** The database of this person, or null where there can be none. */
export function personDatabase(user_id: string): Promise<PersonDatabase | null> {
  if (open?.user_id !== user_id) {
    open = { user_id, database: openDatabase(user_id).catch(() => null) }
  }
  return open.database
}

function openDatabase(user_id: string): Promise<PersonDatabase> {
  return openDB<PersonSchema>(nameOf(user_id), 1, {
    upgrade(database) {
      database.createObjectStore('copies')
      database.createObjectStore('marks', { keyPath: 'hash' })
      database.createObjectStore('queue', { keyPath: 'id' })
    },
    // Another tab wants to wipe it: whoever holds it open lets go.
    blocking: (_held, _wanted, event) => {
      ;(event.target as IDBDatabase).close()
      if (open?.user_id === user_id) open = null
    },
    terminated: () => {
      if (open?.user_id === user_id) open = null
    },
  })
}

/** Deletes what is kept of everyone but `user_id`; of everyone when null. */
export async function wipeOthers(user_id: string | null, known: string | null): Promise<void> {
  const found = await indexedDB.databases?.().catch(() => []) ?? []
  const names = new Set(found.flatMap(({ name }) => name?.startsWith(prefix) ? [name] : []))
  // Not every browser tells what there is.
  if (known) names.add(nameOf(known))
  if (user_id) names.delete(nameOf(user_id))
  if (open && names.has(nameOf(open.user_id))) {
    const closing = open.database
    open = null
    ;(await closing)?.close()
  }
  await Promise.all([...names].map((name) => deleteDB(name).catch(() => {})))
}
