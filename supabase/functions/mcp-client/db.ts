// The database, over the Data API: as the service for what only the function may do, and as the caller,
// under row level security, for everything a person may read anyway.
import { PostgrestClient } from '@supabase/postgrest-js'
import type { Settings } from './env.ts'
import { AppError } from './http.ts'
import { log } from './log.ts'
import { once } from './once.ts'

type Client = PostgrestClient

export type Database = {
  /** The service role: bypasses row level security, so every query here names its team. */
  service: Client
  /** The caller's own eyes; the service's for a member whose answer goes on without them (no token). */
  as(caller: { token: string | null }): Client
}

/** A database that has not answered by then, its last byte included, counts as one that cannot be reached. */
const DEADLINE_MS = 10_000

type Project = Pick<Settings, 'supabaseUrl' | 'secretKey' | 'publishableKey'>

export function openDatabase(settings: Project, deadline_ms = DEADLINE_MS): Database {
  const url = `${settings.supabaseUrl}/rest/v1`
  const fetch = fetchWithin(deadline_ms)
  // Legacy keys are JWTs and authorise only as a bearer; newer ones are opaque and travel as apikey.
  const bearer: Record<string, string> = settings.secretKey.startsWith('eyJ')
    ? { Authorization: `Bearer ${settings.secretKey}` }
    : {}
  const service = new PostgrestClient(url, {
    fetch,
    headers: { apikey: settings.secretKey, ...bearer },
  })
  return {
    service,
    as: ({ token }) =>
      token === null ? service : new PostgrestClient(url, {
        fetch,
        headers: { apikey: settings.publishableKey, Authorization: `Bearer ${token}` },
      }),
  }
}

/** PostgrestClient's own timeout ends with an answer's headers; this one covers the body as well. */
function fetchWithin(deadline_ms: number): typeof fetch {
  return async (input, init) => {
    const late = AbortSignal.timeout(deadline_ms)
    try {
      return await fetch(input, { ...once(init ?? {}), signal: late })
    } catch (thrown) {
      // What was aborted is not sent again by PostgrestClient: a reader has waited long enough.
      if (late.aborted) throw new DOMException('The database took too long', 'AbortError')
      throw thrown
    }
  }
}

type Answer<T> = { data: T; error: null } | { data: null; error: DatabaseError }
type DatabaseError = { code: string; message: string; details?: string | null }

/**
 * The data of a query. Throws AppError: `conflict` when a unique name is taken, `forbidden` when the
 * database refuses the caller, `unavailable` when it cannot be reached, else `internal`.
 */
export async function read<T>(
  query: PromiseLike<Answer<T> | { data: unknown; error: unknown }>,
): Promise<T> {
  const { data, error } = await query as Answer<T>
  if (error === null) return data as T
  log('error', 'database refused', { code: error.code, error_message: error.message })
  if (error.code === '23505') throw new AppError('conflict', 'That already exists.')
  if (error.code === '42501') throw new AppError('forbidden', 'You may not do that.')
  if (!error.code || isAway(error.code)) {
    throw new AppError('unavailable', 'The database cannot be reached just now.')
  }
  throw new Error(`database error ${error.code}`)
}

/**
 * PostgREST and PostgreSQL give every answer of theirs a code; without one nobody answered. With one of
 * these PostgREST did, for a database that it could not reach, that is stopping or has no room left.
 */
function isAway(code: string): boolean {
  return /^(PGRST00|08|53|57P)/.test(code)
}

const PAGE = 1_000

/** Every row of a query that may be longer than the Data API's page. `page` adds `.range(from, to)`. */
export async function readAll<T>(
  page: (from: number, to: number) => PromiseLike<{ data: unknown; error: unknown }>,
): Promise<T[]> {
  const rows: T[] = []
  for (;;) {
    const some = await read<T[]>(page(rows.length, rows.length + PAGE - 1))
    rows.push(...some)
    if (some.length < PAGE) return rows
  }
}
