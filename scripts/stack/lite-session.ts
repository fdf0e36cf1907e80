// Two corrections to @supabase/lite 0.10.0, both about what one request may do to the database.
//
// 1. On its first request lite grants ALL on every table, present and future, of each schema with row
//    level security to anon, authenticated and service_role. That undoes column grants and the absence
//    of grants. Roles and schema usage are the stack's (database.ts), table grants the migrations'.
// 2. lite sets a request's role and claims in six statements, an RPC's context in five more. One each.
// Refuses to run with a lite that has moved these seams, instead of running without the corrections.

type CompiledQuery = {
  sql: string
  parameters: readonly unknown[]
  query: { kind: 'RawNode'; sqlFragments: readonly string[]; parameters: readonly never[] }
  queryId: { queryId: string }
}
type Session = { executeQuery(query: CompiledQuery): Promise<unknown> }
type Claims = {
  auth?: { role?: string; uid?: unknown; jwt?: unknown }
  storage?: { operation?: unknown }
}
type RpcRequest = { method: string; path: string; requestHeaders?: unknown }

type Seams = {
  ensureRlsContext(): Promise<boolean>
  applyJwtSessionContext(session: Session, claims: Claims): Promise<void>
  applyRpcRequestGucs(session: Session, request: RpcRequest): Promise<void>
}

const names = ['ensureRlsContext', 'applyJwtSessionContext', 'applyRpcRequestGucs'] as const

/** Puts the corrections in place. Throws when the connection has no such seams. */
export function correctSessions(connection: object): void {
  const seams = connection as Seams
  for (const name of names) {
    if (typeof seams[name] !== 'function') throw new Error(`@supabase/lite no longer has ${name}`)
  }
  seams.ensureRlsContext = () => Promise.resolve(true)
  seams.applyJwtSessionContext = setClaims
  seams.applyRpcRequestGucs = setRpcRequest
}

async function setClaims(session: Session, claims: Claims): Promise<void> {
  const { role = 'anon', uid, jwt } = claims.auth ?? {}
  const email = isRecord(jwt) && typeof jwt.email === 'string' ? jwt.email : ''
  await session.executeQuery(local({
    'request.jwt.claim.sub': String(uid ?? ''),
    'request.jwt.claim.role': role,
    'request.jwt.claim.email': email,
    'request.jwt.claims': isRecord(jwt) ? JSON.stringify(jwt) : '',
    'storage.operation': String(claims.storage?.operation ?? ''),
    role,
  }))
}

async function setRpcRequest(session: Session, request: RpcRequest): Promise<void> {
  await session.executeQuery(local({
    'response.status': '',
    'response.headers': '',
    'request.method': request.method,
    'request.path': request.path,
    'request.headers': JSON.stringify(request.requestHeaders ?? {}),
  }))
}

/** How every statement begins that only sets values for its own transaction. */
export const settingStart = 'select set_config('

/** One statement that sets every value for the transaction it runs in. */
function local(values: Record<string, string>): CompiledQuery {
  const settings = Object.entries(values)
  const calls = settings.map(([name], at) => `'${name}', $${at + 1}, true)`)
  return {
    sql: settingStart + calls.join(', set_config('),
    parameters: settings.map(([, value]) => value),
    query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
    queryId: { queryId: 'stack' },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
