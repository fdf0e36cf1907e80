// Saves round trips between @supabase/lite and a real PostgreSQL. A request is a transaction: begin, who
// is asking, what is asked, then the statement itself. What comes before the statement is sent together,
// and statements that come again and again are prepared once per connection.
// Refuses to send a statement before everything sent ahead of it has succeeded: it would run as nobody.
import { settingStart } from './lite-session.ts'

type Result = { command: string; count: number; values(): Iterable<unknown> }
/** postgres.js: sent when executed or awaited. */
type Query = Promise<Result> & { execute(): Query }
type Unsafe = (
  text: string,
  values?: readonly unknown[],
  options?: { prepare: boolean },
) => Promise<Result>
type Reserved = { unsafe: Unsafe; release(): void }
type Driver = { reserve(): Promise<Reserved> }

/** Texts come from requests, so there is an end to how many are kept. */
const mostPrepared = 200
const longestPrepared = 4_000
/** Settings, and functions called by name: their plans do not depend on the values they are given. */
const repeats = [settingStart, 'select * from public.']

/** Puts it in place. Every connection that the driver reserves from now on saves its trips. */
export function saveTrips(driver: object): void {
  const given = driver as Driver
  const reserve = given.reserve
  if (typeof reserve !== 'function') throw new Error('postgres no longer has reserve')
  const prepared = new Set<string>()
  given.reserve = async () => together(await reserve(), prepared)
}

function together(reserved: Reserved, prepared: Set<string>): Reserved {
  const send = reserved.unsafe
  let ahead: Promise<Result>[] = []
  const query = (text: string, values: readonly unknown[]) =>
    send(text, values, { prepare: isPrepared(text, prepared) })
  reserved.unsafe = async (text, values = []) => {
    if (goesAhead(text)) {
      const sent = (query(text, values) as Query).execute()
      sent.catch(() => {}) // whoever comes next hears of it
      ahead.push(sent)
      return nothing
    }
    const before = ahead
    ahead = []
    if (text === 'rollback') await Promise.allSettled(before)
    else await Promise.all(before)
    return await query(text, values)
  }
  return reserved
}

/** Changes nothing that outlives its transaction and gives back nothing that anyone reads. */
function goesAhead(text: string): boolean {
  return text === 'begin' || text.startsWith(settingStart)
}

function isPrepared(text: string, prepared: Set<string>): boolean {
  if (prepared.has(text)) return true
  if (!repeats.some((start) => text.startsWith(start))) return false
  if (prepared.size >= mostPrepared || text.length > longestPrepared) return false
  prepared.add(text)
  return true
}

const nothing: Result = { command: 'SELECT', count: 0, values: () => [] }
