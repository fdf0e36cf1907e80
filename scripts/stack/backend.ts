// /auth/v1 and /rest/v1: @supabase/lite on the stack's database. Keys are always required, admin mode
// is always off, and a request's body is read before the request takes its turn at the database, so
// that a slow sender holds up nobody.
import { App, ConsoleEmailDriver } from '@supabase/lite'
import type { Database } from './database.ts'
import {
  appliedVersions,
  applyMigration,
  type Migration,
  pendingOf,
  prepareRoles,
} from './migrations.ts'
import type { Secrets } from './secrets.ts'
import { DatabaseAway } from './session-pool.ts'

export type Backend = (request: Request) => Promise<Response>

const largestBody = 5_000_000

/** Brings the database up to date and gives what answers for it. Throws StartProblem. */
export async function startBackend(
  database: Database,
  given: { secrets: Secrets; url: string; migrations: Migration[] },
): Promise<Backend> {
  const pending = pendingOf(given.migrations, await appliedVersions(database.run))
  const app = createApp(database, given)
  await database.turn(() => app.ensureSystemSchema())
  await prepareRoles(database)
  for (const migration of pending) await applyMigration(database, migration)
  return (request) => answer(database, app, request)
}

function createApp(database: Database, { secrets, url }: { secrets: Secrets; url: string }): App {
  return new App({
    connection: database.connection as never,
    api: { enabled: true, schemas: ['public'] },
    studio: { enabled: false },
    storage: { enabled: false },
    auth: {
      enabled: true,
      site_url: url,
      jwt_secret: secrets.jwt_secret,
      publishable_key: secrets.publishable_key,
      secret_key: secrets.secret_key,
      enable_signup: true,
      email: { enable_signup: true, enable_confirmations: false },
    },
    options: {
      server: { admin: false, disableStudio: true, disableFallback: true },
      // There is no mail here, and a code that signs someone in does not belong in a log.
      drivers: { email: new ConsoleEmailDriver({ silent: true }) },
    },
  } as never) as App
}

async function answer(database: Database, app: App, request: Request): Promise<Response> {
  const complete = request.body === null ? request : await withBody(request)
  if (complete === null) {
    return Response.json({ code: '413', message: 'The request is too large' }, { status: 413 })
  }
  const given = await database.turn(() => app.fetch(complete, { peerAddress: null }))
  return given.status === 500 ? await named(given) : given
}

/** lite takes a database that is away for a fault of its own; PostgREST says which it is (PGRST001). */
async function named(given: Response): Promise<Response> {
  const text = await given.text()
  if (!text.includes(`"${DatabaseAway.name}: `)) return new Response(text, given)
  const message = 'The database cannot be reached just now'
  return Response.json({ code: 'PGRST001', message, details: null, hint: null }, { status: 503 })
}

/** The same request with its body in memory; null when that would be too much. */
async function withBody(request: Request): Promise<Request | null> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) return null
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const part of request.body!) {
    size += part.byteLength
    if (size > largestBody) return null
    parts.push(part)
  }
  const { method, headers } = request
  return new Request(request.url, { method, headers, body: new Blob(parts) })
}
