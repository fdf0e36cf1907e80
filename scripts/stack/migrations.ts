// Brings the database to this Astra's schema: what hosted Supabase has from the start (roles, history),
// then every migration not yet applied, each in its own transaction, recorded where the Supabase CLI
// records them. Refuses, before it changes anything, a database that a newer Astra has migrated.
import { join } from 'node:path'
import { ensureHistoryTable, splitSqlStatements } from '@supabase/lite'
import type { Database, Run } from './database.ts'
import { reasonOf, StartProblem } from './problem.ts'

export type Migration = { version: string; name: string; sql: string }

/** Reads `<14 digits>_<name>.sql` files in the order of their versions. Throws StartProblem. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const found: Migration[] = []
  for await (const { name: file } of Deno.readDir(folder)) {
    if (!file.endsWith('.sql')) continue
    const [, version, name] = /^(\d{14})_([\w-]+)\.sql$/.exec(file) ?? []
    if (!version || !name) throw new StartProblem(`${file} is not named <timestamp>_<name>.sql`)
    found.push({ version, name, sql: await Deno.readTextFile(join(folder, file)) })
  }
  return found.sort((a, b) => a.version.localeCompare(b.version))
}

/**
 * What is still to be applied. Throws StartProblem when the database knows a migration that these
 * files do not: it belongs to another Astra, usually a newer one.
 */
export function pendingOf(migrations: Migration[], applied: string[]): Migration[] {
  const known = new Set(migrations.map(({ version }) => version))
  const foreign = applied.filter((version) => !known.has(version)).sort().at(-1)
  if (foreign === undefined) {
    const done = new Set(applied)
    return migrations.filter(({ version }) => !done.has(version))
  }
  const newest = migrations.at(-1)?.version ?? 'none'
  const age = foreign > newest ? 'a newer' : 'another'
  throw new StartProblem(
    `the database was made by ${age} Astra (schema ${foreign}, this one knows ${newest}); nothing was changed`,
  )
}

/** Which migrations the database has. Reads only. */
export async function appliedVersions(run: Run): Promise<string[]> {
  const [history] = await run(
    `select to_regclass('supabase_migrations.schema_migrations')::text as name`,
    [],
  )
  if (!history?.name) return []
  const rows = await run<{ version: string }>(
    'select version from supabase_migrations.schema_migrations',
    [],
  )
  return rows.map(({ version }) => version)
}

/** Applies one migration and its record, both or neither. Throws StartProblem naming it. */
export async function applyMigration(
  database: Database,
  { version, name, sql }: Migration,
): Promise<void> {
  try {
    await database.transaction(async (run) => {
      await run(sql)
      await run(
        'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
        [version, name, splitSqlStatements(sql)],
      )
    })
  } catch (thrown) {
    throw new StartProblem(
      `migration ${version}_${name} failed and was undone: ${reasonOf(thrown)}`,
    )
  }
}

/** Makes what hosted Supabase brings and the migrations stand on. Safe to repeat. */
export async function prepareRoles(database: Database): Promise<void> {
  try {
    await database.turn(() => ensureHistoryTable(database.connection as never))
    await database.run(foundations)
  } catch (thrown) {
    throw new StartProblem(`the database user may not prepare the database: ${reasonOf(thrown)}`)
  }
}

const foundations = `
do $$
declare
  missing text;
begin
  foreach missing in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_roles where rolname = missing) then
      execute format('create role %I nologin', missing);
    end if;
    if not pg_has_role(current_user, missing, 'member') then
      execute format('grant %I to current_user', missing);
    end if;
  end loop;
  if not (select rolbypassrls from pg_roles where rolname = 'service_role') then
    alter role service_role bypassrls;
  end if;
end $$;
create schema if not exists auth;
grant usage on schema public, auth to anon, authenticated, service_role;
`
