// The database, over the Data API: as the service for what only the function may do, and as the caller,
// under row level security, for everything a person may read anyway.
import { PostgrestClient } from '@supabase/postgrest-js'
import type { Settings } from './env.ts'
import { AppError } from './http.ts'
import { log } from './log.ts'

type Client = PostgrestClient

export type Database = {
  /** The service role: bypasses row level security, so every query here names its team. */
  service: Client
  /** The caller's own eyes. */
  as(caller: { token: string }): Client
}

export function openDatabase(settings: Settings): Database {
  const url = `${settings.supabaseUrl}/rest/v1`
  // Legacy keys are JWTs and authorise only as a bearer; newer ones are opaque and travel as apikey.
  const bearer: Record<string, string> = settings.secretKey.startsWith('eyJ')
    ? { Authorization: `Bearer ${settings.secretKey}` }
    : {}
  return {
    service: new PostgrestClient(url, { headers: { apikey: settings.secretKey, ...bearer } }),
    as: ({ token }) =>
      new PostgrestClient(url, {
        headers: { apikey: settings.publishableKey, Authorization: `Bearer ${token}` },
      }),
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
  // PostgREST and PostgreSQL give every answer of theirs a code; without one nobody answered.
  if (!error.code) throw new AppError('unavailable', 'The database cannot be reached just now.')
  throw new Error(`database error ${error.code}`)
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
