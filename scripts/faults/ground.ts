// What faults are tried on: Astra as a user runs it, on a real PostgreSQL, with one team whose owner may call
// every tool of the servers that are added. The database is open beside it, to look at what is on record.
import postgres from 'postgres'
import { type Postgres, startPostgres } from '../../supabase/tests/postgres.ts'
import { type Astra, startAstra } from '../bench/astra.ts'

export type Ground = {
  astra: Astra
  /** The server, to be broken. */
  server: Postgres
  /** As the owner of the schema. */
  sql: postgres.Sql
}

/** Starts it all; what is in `parts` ends it. */
export async function prepare(
  parts: AsyncDisposableStack,
  given: { durable?: boolean } = {},
): Promise<Ground> {
  const server = await startPostgres(given)
  parts.defer(() => server.stop())
  const astra = await startAstra(server.url)
  parts.defer(() => astra.stop())
  const sql = postgres(server.url, { max: 4, onnotice: () => {} })
  parts.defer(() => sql.end({ timeout: 5 }))
  return { astra, server, sql }
}
