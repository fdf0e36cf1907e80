// The two databases every sentence here is proved on: PGlite, as the embedded stack opens it, and a
// real PostgreSQL. A PostgreSQL that cannot be had fails the run; nothing is skipped.
import { type JWTPayload, SignJWT } from 'jose'
import postgres from 'postgres'
import { startBackend } from '../../../scripts/stack/backend.ts'
import {
  type Database,
  openPglite,
  openPostgres,
  type Run,
} from '../../../scripts/stack/database.ts'
import { readMigrations } from '../../../scripts/stack/migrations.ts'
import { startPostgres } from '../postgres.ts'

/** Who runs a statement: a role alone, or a signed-in person with whatever claims their token carries. */
export type Identity = 'anon' | 'service_role' | { sub: string; claims?: Record<string, unknown> }

export type Ground = {
  kind: 'PGlite' | 'PostgreSQL'
  /** As the owner of the schema. */
  run: Run
  /** One transaction as the owner. */
  transaction: Database['transaction']
  /** One statement in its own transaction, under the role and claims that the Data API would set. */
  as(identity: Identity): Run
  /** /auth/v1 and /rest/v1 of the same database. */
  fetch(
    path: string,
    given?: { method?: string; token?: string; body?: unknown },
  ): Promise<Response>
  /** A token as the auth server would sign it. */
  sign(claims: JWTPayload): Promise<string>
}
type Opened = { ground: Ground; close(): Promise<void> }

// What a small PostgreSQL allows, less the Data API's own.
const CONNECTIONS = 40
const ORIGIN = 'http://127.0.0.1:1'
const secrets = {
  jwt_secret: 'only for tests: a secret nobody signs with elsewhere',
  publishable_key: 'sb_publishable_tests_have_their_own_key',
  secret_key: 'sb_secret_tests_have_their_own_key',
  credential_keys: '',
  pepper: '',
  vapid_keys: '',
}

const open: Record<Ground['kind'], () => Promise<Opened>> = {
  PGlite: async () => {
    const database = await openPglite('memory://')
    const ground = await groundOf(database, 'PGlite', database.transaction)
    return { ground, close: () => database.close() }
  },
  PostgreSQL: async () => {
    const server = await startPostgres()
    const database = await openPostgres(server.url)
    const pool = postgres(server.url, {
      max: CONNECTIONS,
      onnotice: () => {},
      // Who waits longer than this waits forever: an error says more than a test that hangs.
      connection: { lock_timeout: 10_000 },
    })
    const transaction: Database['transaction'] = <T>(work: (run: Run) => Promise<T>) =>
      pool.begin((tx) =>
        work(async (sql, parameters) => [...await tx.unsafe(sql, parameters as never[])] as never[])
      ) as Promise<T>
    const ground = await groundOf(database, 'PostgreSQL', transaction)
    return {
      ground,
      close: async () => {
        await pool.end({ timeout: 5 })
        await database.close()
        await server.stop()
      },
    }
  },
}

async function groundOf(
  database: Database,
  kind: Ground['kind'],
  transaction: Database['transaction'],
): Promise<Ground> {
  const migrations = await readMigrations(
    new URL('../../migrations', import.meta.url).pathname,
  )
  const backend = await startBackend(database, { secrets, url: ORIGIN, migrations })
  return {
    kind,
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(new TextEncoder().encode(secrets.jwt_secret)),
    run: database.run,
    transaction,
    as: (identity) => (sql, parameters) =>
      transaction(async (run) => {
        await assume(run, identity)
        return await run(sql, parameters ?? [])
      }),
    fetch: (path, { method = 'GET', token, body } = {}) =>
      quietly(() =>
        backend(
          new Request(ORIGIN + path, {
            method,
            headers: {
              apikey: secrets.publishable_key,
              'Content-Type': 'application/json',
              Prefer: 'return=representation',
              ...(token ? { Authorization: `Bearer ${token}` } : {}),
            },
            body: body === undefined ? undefined : JSON.stringify(body),
          }),
        )
      ),
  }
}

/** lite prints every statement that the database refuses; here refusals are what is asked for. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const print = console.error
  console.error = () => {}
  try {
    return await work()
  } finally {
    console.error = print
  }
}

/** Takes on a role and claims for the rest of the transaction, as the Data API does per request. */
export async function assume(run: Run, identity: Identity): Promise<void> {
  const role = typeof identity === 'string' ? identity : 'authenticated'
  const sub = typeof identity === 'string' ? '' : identity.sub
  const claims = typeof identity === 'string' ? { role } : { ...identity.claims, sub, role }
  await run(
    `select set_config('request.jwt.claim.sub', $1, true),
      set_config('request.jwt.claim.role', $2, true),
      set_config('request.jwt.claims', $3, true), set_config('role', $2, true)`,
    [sub, role, JSON.stringify(claims)],
  )
}

const opened = new Map<Ground['kind'], Promise<Opened>>()

function groundFor(kind: Ground['kind']): Promise<Opened> {
  const known = opened.get(kind) ?? open[kind]()
  opened.set(kind, known)
  return known
}

Deno.test.afterAll(async () => {
  for (const each of opened.values()) await each.then(({ close }) => close(), () => {})
})

function prove(kind: Ground['kind'], sentence: string, body: (ground: Ground) => Promise<void>) {
  Deno.test({
    name: `${kind}: ${sentence}`,
    // The database outlives the test that opens it; afterAll closes it.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      await body((await groundFor(kind)).ground)
      // PGlite sets an exit code at its start and at every SQL error; Deno.test takes it for a failure.
      Deno.exitCode = 0
    },
  })
}

/** A sentence that must hold on both databases. */
export function onBoth(sentence: string, body: (ground: Ground) => Promise<void>): void {
  prove('PGlite', sentence, body)
  prove('PostgreSQL', sentence, body)
}

/** A sentence about several connections at once, which PGlite, a single session, does not have. */
export function onPostgres(sentence: string, body: (ground: Ground) => Promise<void>): void {
  prove('PostgreSQL', sentence, body)
}
