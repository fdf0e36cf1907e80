// Rotation of the sealing keys: puts what older keys sealed under the newest one, while calls go on. A door
// for whoever holds the project's secret key, and no operation: it serves every team and answers counts only.
import type { Context } from 'hono'
import type { App } from './app.ts'
import { requireSecretKey } from './auth.ts'
import {
  credentialField,
  modelPlace,
  open,
  seal,
  type SealedCredential,
  type SealField,
} from './credentials.ts'
import { read, readAll } from './db.ts'
import type { CredentialKey } from './env.ts'
import type { Variables } from './http.ts'
import { log } from './log.ts'

type Row = SealedCredential & {
  team_id: string
  /** Left out where a value is the team’s and of no server. */
  server_id?: string
  id: string
  user_id: string | null
  issuer: string
  state_hash: string
  execution_id: string
  answer: SealedCredential
  provider: string
  base_url: string | null
}
type Outcome = 'resealed' | 'unreadable' | 'left'
type Counts = Record<Outcome, number>

/** One place where sealed values are kept. */
type Kept = {
  table: string
  key: 'id' | 'state_hash' | 'execution_id' | 'team_id'
  columns: string
  page: number
  field(row: Row): SealField
  /** A worker may be renewing what is in here: then it must find it as it left it. */
  renews?: true
  /** The JSON column that holds the sealed value, where it is not in columns of its own. */
  inside?: 'answer'
}

const KEPT: Kept[] = [
  {
    table: 'mcp_server_credentials',
    key: 'id',
    columns: 'id,team_id,server_id,user_id,encrypted_value,key_version',
    page: 50,
    field: ({ user_id }) => credentialField(user_id),
    renews: true,
  },
  {
    table: 'mcp_oauth_clients',
    key: 'id',
    columns: 'id,team_id,server_id,issuer,encrypted_value,key_version',
    page: 50,
    field: ({ issuer }) => `client:${issuer}`,
  },
  {
    table: 'mcp_oauth_flows',
    key: 'state_hash',
    columns: 'state_hash,team_id,server_id,encrypted_value,key_version',
    page: 50,
    field: ({ state_hash }) => `flow:${state_hash}`,
  },
  {
    table: 'team_webhooks',
    key: 'team_id',
    columns: 'team_id,encrypted_value,key_version',
    page: 50,
    field: () => 'webhook',
  },
  {
    table: 'team_models',
    key: 'team_id',
    columns: 'team_id,provider,base_url,encrypted_value,key_version',
    page: 50,
    field: (row) => modelPlace(row).field,
  },
  // Arguments may be megabytes, so few of these are in memory at once.
  {
    table: 'mcp_execution_waits',
    key: 'execution_id',
    columns: 'execution_id,team_id,encrypted_value,key_version',
    page: 4,
    field: ({ execution_id }) => `wait:${execution_id}`,
  },
  {
    table: 'mcp_execution_waits',
    key: 'execution_id',
    columns: 'execution_id,team_id,answer',
    page: 4,
    field: ({ execution_id }) => `wait:${execution_id}`,
    inside: 'answer',
  },
]

/** How much one request does. The rest is `left`, and whoever asks comes back. */
const AT_MOST = 200
/** Storing a renewed token is tried for a few seconds after its lease. */
const RENEWAL_GRACE_MS = 30_000
/** A sealed value begins with 12 random bytes and goes on with ciphertext: this much of it names it. */
const HEAD = 64

/**
 * POST /reseal with the project's secret key in `apikey`. Answers `{ keys, resealed, unreadable, left }`:
 * the versions of the keys in use, newest first, and how many values were put under the newest, open with
 * none of them, are still to be done. Throws AppError `unauthenticated`.
 */
export function resealDoor(app: App): (c: Context<Variables>) => Promise<Response> {
  return async (c) => {
    await requireSecretKey(app, c.req.raw)
    const counts: Counts = { resealed: 0, unreadable: 0, left: 0 }
    // Taken once: keys that come while this is under way are for the next request.
    const work: Work = { db: app.db.service, keys: app.settings.credentialKeys }
    for (const kept of KEPT) await sweep(work, { kept, counts })
    const keys = work.keys.map(({ version }) => version)
    log('info', 'sealed values were put under the newest key', { keys, ...counts })
    c.header('Cache-Control', 'no-store')
    return c.json({ keys, ...counts })
  }
}

type Work = { db: App['db']['service']; keys: CredentialKey[] }

async function sweep(work: Work, { kept, counts }: { kept: Kept; counts: Counts }): Promise<void> {
  let after: string | null = null
  for (;;) {
    if (counts.resealed >= AT_MOST) {
      counts.left += await howManyAfter(work, { kept, after })
      return
    }
    const rows = await olderRows(work, { kept, after })
    for (const row of rows) counts[await reseal(work, { kept, row })]++
    if (rows.length < kept.page) return
    after = rows.at(-1)![kept.key]
  }
}

/** Opens a value, seals it anew and stores it, unless another one has taken its place meanwhile. */
async function reseal(
  { db, keys }: Work,
  { kept, row }: { kept: Kept; row: Row },
): Promise<Outcome> {
  const { team_id, server_id = '' } = row
  const place = { team_id, server_id, field: kept.field(row) }
  const value = await open<object>(row, { keys, place })
  if (!value) return 'unreadable'
  const sealed = await seal(value, { keys, place })
  const update = db.from(kept.table)
    .update(kept.inside ? { [kept.inside]: sealed } : sealed)
    .eq(kept.key, row[kept.key]).eq('team_id', team_id)
    .like(columnOf(kept, 'encrypted_value'), `${row.encrypted_value.slice(0, HEAD)}%`)
  const now = new Date(Date.now() - RENEWAL_GRACE_MS).toISOString()
  const stored = await read<unknown[]>(
    (kept.renews ? update.or(`renewing_until.is.null,renewing_until.lt.${now}`) : update)
      .select(kept.key),
  )
  return stored.length > 0 ? 'resealed' : 'left'
}

function columnOf({ inside }: Kept, column: keyof SealedCredential): string {
  return inside ? `${inside}->>${column}` : column
}

type From = { kept: Kept; after: string | null }

function older({ db, keys }: Work, { kept, select, after }: From & { select: string }) {
  // NOTE: of every team: keys are the project's, and nothing of a row leaves here.
  const query = db.from(kept.table).select(select)
    .neq(columnOf(kept, 'key_version'), keys[0]!.version).order(kept.key)
  return after === null ? query : query.gt(kept.key, after)
}

async function olderRows(work: Work, { kept, after }: From): Promise<Row[]> {
  const rows = await read<Row[]>(
    older(work, { kept, select: kept.columns, after }).limit(kept.page),
  )
  if (rows.length === 0 || kept.table !== 'mcp_execution_waits') return rows
  const executions = await read<{ id: string; server_id: string }[]>(
    work.db.from('mcp_tool_executions').select('id,server_id')
      .in('id', rows.map(({ execution_id }) => execution_id)),
  )
  const servers = new Map(executions.map(({ id, server_id }) => [id, server_id]))
  return rows.map((row) => ({
    ...row,
    ...(kept.inside && row[kept.inside]),
    server_id: servers.get(row.execution_id) ?? '',
  }))
}

async function howManyAfter(work: Work, { kept, after }: From): Promise<number> {
  const rows = await readAll<unknown>((from, to) =>
    older(work, { kept, select: kept.key, after }).range(from, to)
  )
  return rows.length
}
