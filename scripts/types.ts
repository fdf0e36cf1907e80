// Writes shared/database.types.ts from the migrations, in the shape that supabase-js reads. The official
// generator needs Docker; this one asks the catalogue of an embedded database. What it does not know it
// calls `unknown`; checks and enums stay what PostgREST sends: strings.
//
// Run: npm run gen:types      with --check: exit 1 when the file is not what the migrations say
import { startBackend } from './stack/backend.ts'
import { openPglite, type Run } from './stack/database.ts'
import { readMigrations } from './stack/migrations.ts'

type Column = {
  relation: string
  kind: 'table' | 'view'
  name: string
  type: string
  nullable: boolean
  optional: boolean
  generated: boolean
}
type Reference = {
  relation: string
  name: string
  columns: string[]
  one_to_one: boolean
  target: string
  target_columns: string[]
}
type Routine = {
  name: string
  inputs: { name: string; type: string; optional: boolean }[]
  outputs: { name: string; type: string }[]
  returns: string
  returns_relation: string | null
  many: boolean
}

const FILE = new URL('../shared/database.types.ts', import.meta.url)
const MIGRATIONS = new URL('../supabase/migrations', import.meta.url)

const COLUMNS = `
  select c.relname as relation, case c.relkind when 'v' then 'view' else 'table' end as kind,
    a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
    not a.attnotnull or a.atthasdef as optional, a.attgenerated <> '' or a.attidentity = 'a' as generated
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
  order by c.relname collate "C", a.attname collate "C"`

const REFERENCES = `
  select t.relname as relation, c.conname as name, o.relname as target,
    to_jsonb(array(
      select a.attname::text from unnest(c.conkey) with ordinality k (num, at)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num order by k.at
    )) as columns,
    to_jsonb(array(
      select a.attname::text from unnest(c.confkey) with ordinality k (num, at)
      join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num order by k.at
    )) as target_columns,
    exists (
      select from pg_constraint u
      where u.conrelid = c.conrelid and u.contype in ('p', 'u') and u.conkey <@ c.conkey and c.conkey <@ u.conkey
    ) as one_to_one
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid join pg_class o on o.oid = c.confrelid
  where c.contype = 'f' and t.relnamespace = 'public'::regnamespace
    and o.relnamespace = 'public'::regnamespace
  order by t.relname collate "C", c.conname collate "C"`

const ROUTINES = `
  select p.proname as name, format_type(p.prorettype, null) as returns, p.proretset as many,
    (select r.relname from pg_class r where r.reltype = p.prorettype) as returns_relation,
    (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', p.proargnames[at], 'type', format_type(type, null),
        'optional', at > p.pronargs - p.pronargdefaults
      ) order by at), '[]')
      from unnest(p.proargtypes::oid[]) with ordinality i (type, at)
    ) as inputs,
    (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', p.proargnames[at], 'type', format_type(type, null)
      ) order by at), '[]')
      from unnest(p.proallargtypes) with ordinality o (type, at)
      where p.proargmodes[at] in ('t', 'o')
    ) as outputs
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    and p.prorettype <> 'trigger'::regtype
  order by p.proname collate "C"`

const STRINGS = /^(text|uuid|date|interval|inet|citext|bytea|character|timestamp|time\b)/
const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)/

/** The TypeScript of what PostgREST sends for a column of this type. */
function typeOf(sql: string): string {
  if (sql.endsWith('[]')) return `${typeOf(sql.slice(0, -2))}[]`
  if (sql === 'json' || sql === 'jsonb') return 'Json'
  if (sql === 'boolean') return 'boolean'
  if (sql === 'void') return 'undefined'
  if (NUMBERS.test(sql)) return 'number'
  return STRINGS.test(sql) ? 'string' : 'unknown'
}

function orNull({ type, nullable }: Pick<Column, 'type' | 'nullable'>): string {
  return nullable ? `${typeOf(type)} | null` : typeOf(type)
}

/** `{ … }` over several lines; an object without members is what `empty` says. */
function block(members: string[], empty = 'Record<PropertyKey, never>'): string {
  if (members.length === 0) return empty
  const lines = members.flatMap((member) => member.split('\n'))
  return `{\n${lines.map((line) => `  ${line}`).join('\n')}\n}`
}

function insertOf(column: Column): string {
  if (column.generated) return `${column.name}?: never`
  return `${column.name}${column.optional ? '?' : ''}: ${orNull(column)}`
}

function updateOf(column: Column): string {
  return column.generated ? `${column.name}?: never` : `${column.name}?: ${orNull(column)}`
}

function relationshipsOf(references: Reference[]): string {
  const text = (values: string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`
  const each = references.map((reference) =>
    block([
      `foreignKeyName: '${reference.name}'`,
      `columns: ${text(reference.columns)}`,
      `isOneToOne: ${reference.one_to_one}`,
      `referencedRelation: '${reference.target}'`,
      `referencedColumns: ${text(reference.target_columns)}`,
    ])
  )
  return each.length === 0 ? '[]' : `[\n${each.join(',\n').replace(/^/gm, '  ')},\n]`
}

function relationOf(columns: Column[], references: Reference[]): string {
  const { relation, kind } = columns[0]!
  const row = `Row: ${block(columns.map((column) => `${column.name}: ${orNull(column)}`))}`
  const writes = [
    `Insert: ${block(columns.map(insertOf))}`,
    `Update: ${block(columns.map(updateOf))}`,
  ]
  const mine = references.filter((reference) => reference.relation === relation)
  const relationships = `Relationships: ${relationshipsOf(mine)}`
  return `${relation}: ${block([row, ...(kind === 'table' ? writes : []), relationships])}`
}

function routineOf(routine: Routine): string {
  const inputs = routine.inputs.map(({ name, type, optional }) =>
    `${name}${optional ? '?' : ''}: ${typeOf(type)}`
  )
  const one = routine.outputs.length > 0
    ? block(routine.outputs.map(({ name, type }) => `${name}: ${typeOf(type)}`))
    : routine.returns_relation
    ? `Database['public']['Tables']['${routine.returns_relation}']['Row']`
    : typeOf(routine.returns)
  return `${routine.name}: ${
    block([`Args: ${block(inputs, 'never')}`, `Returns: ${one}${routine.many ? '[]' : ''}`])
  }`
}

/** The whole file for the schema `public` of a database. */
export async function describeSchema(run: Run): Promise<string> {
  const columns = await run<Column>(COLUMNS, [])
  const references = await run<Reference>(REFERENCES, [])
  const routines = await run<Routine>(ROUTINES, [])
  const relations = [...Map.groupBy(columns, ({ relation }) => relation).values()]
  const ofKind = (kind: Column['kind']) =>
    relations.filter(([first]) => first!.kind === kind).map((each) => relationOf(each, references))
  const none = '{ [_ in never]: never }'
  const schema = block([
    `Tables: ${block(ofKind('table'), none)}`,
    `Views: ${block(ofKind('view'), none)}`,
    `Functions: ${block(routines.map(routineOf), none)}`,
    `Enums: ${none}`,
    `CompositeTypes: ${none}`,
  ])
  return [
    '// Generated from supabase/migrations by `npm run gen:types`. Do not edit.',
    'export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]',
    '',
    `export type Database = ${block([`public: ${schema}`])}`,
    '',
  ].join('\n')
}

/** An embedded database with every migration applied, thrown away afterwards. */
async function describeMigrations(): Promise<string> {
  const database = await openPglite('memory://')
  const unused = 'nobody signs in here, so no secret is needed'
  await startBackend(database, {
    url: 'http://127.0.0.1:1',
    migrations: await readMigrations(MIGRATIONS.pathname),
    secrets: {
      jwt_secret: unused,
      publishable_key: 'sb_publishable_unused',
      secret_key: 'sb_secret_unused',
      credential_keys: unused,
      vapid_keys: unused,
      pepper: unused,
    },
  })
  const text = await describeSchema(database.run)
  await database.close()
  return text
}

if (import.meta.main) {
  const text = await describeMigrations()
  if (!Deno.args.includes('--check')) {
    await Deno.writeTextFile(FILE, text)
    // Said outright, because PGlite leaves an exit code of its own.
    Deno.exit(0)
  }
  if (text === await Deno.readTextFile(FILE).catch(() => '')) Deno.exit(0)
  console.error('shared/database.types.ts is not what the migrations say: run npm run gen:types')
  Deno.exit(1)
}
