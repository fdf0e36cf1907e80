// Databases that hold Astra's schema and nothing else, for scenarios that speak SQL as the function does:
// each session as the service role. Nothing here goes over HTTP.
import postgres from 'postgres'
import { startBackend } from '../stack/backend.ts'
import { openPostgres } from '../stack/database.ts'
import { readMigrations } from '../stack/migrations.ts'

export type Sql = postgres.Sql

const migrationsFolder = new URL('../../supabase/migrations', import.meta.url).pathname

/** Nobody enters here: the schema alone is wanted. */
const secrets = {
  jwt_secret: 'only for load: a secret nobody signs with elsewhere',
  publishable_key: 'sb_publishable_load_has_its_own_key',
  secret_key: 'sb_secret_load_has_its_own_key',
  credential_keys: '',
  vapid_keys: '',
  pepper: '',
}

/** Makes a database of this name on the server and gives its address. */
export async function createDatabase(url: string, name: string): Promise<string> {
  const sql = session(url)
  await sql`create database ${sql(name)}`
  await sql.end()
  const named = new URL(url)
  named.pathname = `/${name}`
  return named.href
}

/** Applies every migration to an empty database. */
export async function migrate(url: string): Promise<void> {
  const database = await openPostgres(url)
  const migrations = await readMigrations(migrationsFolder)
  await startBackend(database, { secrets, url: 'http://127.0.0.1:1', migrations })
  await database.close()
}

/** One connection as the owner of the schema. Whoever opens it ends it. */
export function session(url: string): Sql {
  return postgres(url, { max: 1, onnotice: () => {} })
}

/** One connection as the function has it: the service role, and never longer than this at a lock. */
export function serviceSession(url: string): Sql {
  return postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { role: 'service_role', lock_timeout: 10_000 },
  })
}

export type Office = { team_id: string; user_id: string; server_id: string; tool_id: string }

/** A team with one member, one server and its tool `echo`, which is allowed. */
export async function openOffice(sql: Sql): Promise<Office> {
  const [person] = await sql`insert into auth.users (id, email, email_confirmed_at)
    values (gen_random_uuid(), gen_random_uuid() || '@load.test', now()) returning id`
  const [team] = await sql`insert into public.teams (name) values ('Load') returning id`
  await sql`insert into public.team_members (team_id, user_id, role)
    values (${team!.id}, ${person!.id}, 'member')`
  const [server] = await sql`insert into public.mcp_servers (team_id, name, server_type, config)
    values (${team!.id}, 'Upstream', 'http', '{"url":"http://127.0.0.1:1/mcp"}') returning id`
  const [tool] = await sql`
    insert into public.mcp_tools
      (team_id, server_id, tool_name, input_schema, definition, definition_hash, policy)
    values (${team!.id}, ${
    server!.id
  }, 'echo', '{"type":"object"}', '{"name":"echo"}', 'h', 'allow')
    returning id`
  return { team_id: team!.id, user_id: person!.id, server_id: server!.id, tool_id: tool!.id }
}

/** The corridor's first round trip; gives the id of the execution that runs now. */
export async function begin(sql: Sql, { user_id, team_id, server_id }: Office): Promise<string> {
  const [row] = await sql`select public.begin_execution(
    p_user_id => ${user_id}, p_team_id => ${team_id}, p_server_id => ${server_id},
    p_tool_name => 'echo', p_parameters => '{"text":"hello"}', p_origin => 'direct',
    p_approved => true) as verdict`
  const { verdict, execution_id } = row!.verdict
  if (verdict !== 'run') throw new Error(`a call was not admitted: ${JSON.stringify(row!.verdict)}`)
  return execution_id
}

/** The corridor's last round trip; whether it was this one that ended the execution. */
export async function finish(sql: Sql, execution_id: string): Promise<boolean> {
  const output = { content: [{ type: 'text', text: 'Echo: hello' }] }
  const [row] = await sql`select public.finish_execution(
    p_execution_id => ${execution_id}, p_status => 'success', p_duration_ms => 5,
    p_output => ${sql.json(output)}) as first`
  return row!.first
}

/** Resolves when no execution is open any more: an answer leaves before its end is written. Throws after a minute. */
export async function untilEnded(sql: Sql): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const [row] = await sql`select count(*)::int as open
      from public.mcp_tool_executions where completed_at is null`
    if (row!.open === 0) return
    if (Date.now() > deadline) throw new Error(`${row!.open} executions never ended`)
    await sql`select pg_sleep(0.05)`
  }
}

/** Lifts the limits of how often anyone may call, where the schema has them. */
export async function liftLimits(sql: Sql): Promise<void> {
  const [known] = await sql`select exists (select from information_schema.columns
    where table_schema = 'public' and table_name = 'teams' and column_name = 'rate_per_team') as one`
  if (!known!.one) return
  await sql`update public.teams set rate_per_person = null, rate_per_team = null`
}
