// The stack's database: PGlite inside this process, or a real PostgreSQL. Owns the connection and the
// rule that PGlite, which is one session, is used by one request at a time: without it lite lets the
// transactions of concurrent requests mix, and answers one user with another user's rows.
import { createPgliteConnection } from '@supabase/lite/pglite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import { exists, makePrivate } from './folder.ts'
import { saveTrips } from './fewer-trips.ts'
import { correctSessions } from './lite-session.ts'
import { reasonOf, StartProblem } from './problem.ts'
import { createSessionPool } from './session-pool.ts'
import { atOnce, createTurns, type TakeTurn } from './turns.ts'

type Row = Record<string, unknown>

/** Runs SQL. Without parameters it may be a script of many statements; the last one's rows come back. */
export type Run = <R extends Row = Row>(sql: string, parameters?: unknown[]) => Promise<R[]>

export type Database = {
  kind: 'pglite' | 'postgres'
  /** Which database this is, without its password: what the demo was seeded into. */
  name: string
  /** For @supabase/lite. Use it only inside `turn`. */
  connection: LiteConnection
  turn: TakeTurn
  run: Run
  /** All of it or nothing. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>
  close(): Promise<void>
}
export type LiteConnection =
  | Awaited<ReturnType<typeof createPgliteConnection>>
  | ReturnType<typeof createPostgresConnection>

/** Opens the database in `path`, creating it when it is not there. Throws StartProblem. */
export async function openPglite(path: string): Promise<Database> {
  const connection = await createPgliteConnection({
    url: path,
    pgliteOptions: { parsers: { 1114: isoTime, 1184: isoTime } },
  })
  try {
    await connection.driver.waitReady
  } catch (thrown) {
    throw new StartProblem(`cannot open the database in ${path}: ${reasonOf(thrown)}`)
  }
  // PGlite unpacks the files of a new database with rights for everyone; those it makes later are private.
  if (await exists(path)) await makePrivate(path)
  correctSessions(connection)
  const turn = createTurns()
  type Driver = Pick<typeof connection.driver, 'query' | 'exec'>
  const runOn =
    (driver: Driver): Run => async <R extends Row>(sql: string, parameters?: unknown[]) => {
      const result = parameters
        ? await driver.query(sql, parameters)
        : (await driver.exec(sql)).at(-1)
      return (result?.rows ?? []) as R[]
    }
  const runNow = runOn(connection.driver)
  return {
    kind: 'pglite',
    name: 'pglite',
    connection,
    turn,
    run: (sql, parameters) => turn(() => runNow(sql, parameters)),
    transaction: (work) => turn(() => connection.driver.transaction((tx) => work(runOn(tx)))),
    close: () => turn(() => connection.close()),
  }
}

/** As many as postgres.js would open by itself. */
const mostSessions = 10

/** Connects to a PostgreSQL (15 or newer). Throws StartProblem when it does not answer. */
export async function openPostgres(url: string): Promise<Database> {
  const { hostname, port, pathname } = new URL(url)
  const name = `${hostname}:${port || 5432}${pathname}`
  const time = (oid: number) => ({ to: oid, from: [oid], serialize: asText, parse: isoTime })
  const json = (oid: number) => ({ to: oid, from: [oid], serialize: asJson, parse: JSON.parse })
  const postgresOptions = {
    onnotice: () => {},
    connect_timeout: 10,
    connection: { application_name: 'astra', TimeZone: 'UTC' },
    types: { timestamp: time(1114), timestamptz: time(1184), json: json(114), jsonb: json(3802) },
  }
  const connection = createPostgresConnection({ url, postgresOptions })
  const { driver } = connection
  try {
    // Learns on the way what arrays of each type are.
    await driver.unsafe('select 1')
  } catch (thrown) {
    throw new StartProblem(`cannot use the PostgreSQL at ${name}: ${reasonOf(thrown)}`)
  } finally {
    await driver.end({ timeout: 0 })
  }
  const pool = createSessionPool((onclose) => {
    // A session that asks for those when it opens ends the process if it is lost just then.
    const options = { ...postgresOptions, max: 1, onclose, fetch_types: false }
    const { driver: another } = createPostgresConnection({ url, postgresOptions: options })
    Object.assign(another.options.parsers, driver.options.parsers)
    Object.assign(another.options.serializers, driver.options.serializers)
    return another
  }, mostSessions)
  Object.assign(driver, { reserve: pool.reserve })
  correctSessions(connection)
  saveTrips(driver)
  const within = async <T>(work: (run: Run) => Promise<T>): Promise<T> => {
    const session = await pool.reserve()
    const run: Run = async <R extends Row>(sql: string, parameters?: unknown[]) => [
      ...await session.unsafe(sql, parameters) as R[],
    ]
    return await work(run).finally(() => session.release())
  }
  return {
    kind: 'postgres',
    name,
    connection,
    turn: atOnce,
    run: (sql, parameters) => within((run) => run(sql, parameters)),
    transaction: (work) => within((run) => allOrNothing(run, work)),
    close: () => pool.close(),
  }
}

async function allOrNothing<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  await run('begin')
  try {
    const done = await work(run)
    await run('commit')
    return done
  } catch (thrown) {
    // What was not committed is undone in any case; why it failed is what counts.
    await run('rollback').catch(() => {})
    throw thrown
  }
}

/** Times as PostgREST writes them: `2026-01-31T09:30:00.123+00:00`. */
function isoTime(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}

function asText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

/** lite hands over JSON that is text already; written as a JSON string it would be one level too deep. */
function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
