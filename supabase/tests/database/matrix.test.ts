// Row level security as a table: every actor, every table and view of `public`, every verb, tried for
// real and compared with the committed expectation in matrix.txt (UPDATE_MATRIX=1 rewrites it, to be
// read line by line before it is committed).
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { assume, type Ground, type Identity, onBoth } from './ground.ts'
import { type Statements, statementsFor, type Target } from './matrix-statements.ts'
import { createCompanies } from './companies.ts'

const verbs = ['select', 'insert', 'update', 'move', 'delete'] as const
const PATH = new URL('./matrix.txt', import.meta.url)

type Actor = { name: string; identity: Identity; target: Target }
type Cell = { actor: Actor; relation: string; sql: Statements }
/** A relation may be tried several times: as itself, and as `relation/what` for rows of another kind. */
const kindsOf = (relation: string, keys: string[]) => [
  relation,
  ...keys.filter((key) => key.startsWith(`${relation}/`)),
]

/** Tries a statement and takes it back. Gives its first row or the code of its refusal. */
async function attempt(
  ground: Ground,
  identity: Identity,
  sql: string,
): Promise<Record<string, number> | { refusal: string }> {
  const undone = new Error('undone')
  let row: Record<string, number> = {}
  try {
    await ground.transaction(async (run) => {
      await assume(run, identity)
      row = (await run<Record<string, number>>(sql, []))[0]!
      throw undone
    })
  } catch (thrown) {
    if (thrown !== undone) return { refusal: (thrown as { code: string }).code }
  }
  return row
}

/** `denied`: no such privilege, or a policy. `refused`: a constraint or trigger. Else what it reached. */
function wordFor(outcome: Awaited<ReturnType<typeof attempt>>): string {
  if (!('refusal' in outcome)) return outcome.rows === 0 ? 'none' : 'row'
  const { refusal } = outcome as { refusal: string }
  // 55000: a view of sums cannot be written by anyone.
  if (refusal === '42501' || refusal === '55000') return 'denied'
  if (refusal.startsWith('23')) return 'refused'
  return `error ${refusal}`
}

async function write(
  ground: Ground,
  { actor, relation, sql }: Cell,
  verb: string,
): Promise<string> {
  const statement = {
    insert: `insert into ${relation} ${sql.insert}`,
    update: `update ${relation} set ${sql.update} where ${sql.one}`,
    move: `update ${relation} set ${sql.move} where ${sql.one}`,
    delete: `delete from ${relation} where ${sql.one}`,
  }[verb]!
  return wordFor(
    await attempt(
      ground,
      actor.identity,
      `with done as (${statement} returning 1) select count(*)::integer as rows from done`,
    ),
  )
}

/** `team`: all that Acme has. `own`: what is the actor's. `none`. `LEAK`: anything of another team. */
async function select(ground: Ground, { actor, relation, sql }: Cell): Promise<string> {
  const { team, globex } = actor.target
  const amount = sql.amount ?? 'count(*)::integer'
  const count = (condition: string) => `(select ${amount} from ${relation} where ${condition}) as `
  const foreign = actor.name === 'globex' || actor.name === 'service'
    ? '0 as foreign_rows'
    : count(sql.of(globex)) + 'foreign_rows'
  const seen = await attempt(
    ground,
    actor.identity,
    `select ${count(sql.of(team))} rows, ${foreign}`,
  )
  if ('refusal' in seen) return wordFor(seen)
  if (seen.foreign_rows !== 0) return 'LEAK'
  if (seen.rows === 0) return 'none'
  const [truth] = await ground.run<{ all_rows: number; mine: number }>(
    `select ${count(sql.of(team))} all_rows, ${
      relation === 'mcp_tool_statistics'
        ? `(select sum(execution_count)::integer from usage_hourly where team_id = '${team}' and user_id = '${actor.target.user}') as mine`
        : sql.mine
        ? count(`${sql.of(team)} and ${sql.mine}`) + 'mine'
        : '-1 as mine'
    }`,
    [],
  )
  if (seen.rows === truth!.all_rows) return 'team'
  return seen.rows === truth!.mine ? 'own' : `some (${seen.rows} of ${truth!.all_rows})`
}

function formatLine(cells: string[]): string {
  const [relation, actor, ...words] = cells as [string, string, ...string[]]
  return [relation.padEnd(24), actor.padEnd(9), ...words.map((word) => word.padEnd(8))].join('')
    .trimEnd()
}

async function tryEverything(ground: Ground): Promise<string[]> {
  const relations = await ground.run<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'v', 'm', 'p', 'f') order by relname`,
    [],
  )
  const actors: Actor[] = await createCompanies(ground)
  const lines = [formatLine(['# table', 'actor', ...verbs])]
  for (const { name: relation } of relations) {
    for (const kind of kindsOf(relation, Object.keys(statementsFor(actors[0]!.target)))) {
      for (const actor of actors) {
        const sql = statementsFor(actor.target)[kind]
        assert.ok(sql, `${kind} has no statements in matrix-statements.ts`)
        const cell = { actor, relation, sql }
        const words = [await select(ground, cell)]
        for (const verb of verbs.slice(1)) words.push(await write(ground, cell, verb))
        lines.push(formatLine([kind, actor.name, ...words]))
      }
    }
  }
  return lines
}

onBoth('everyone reaches on every table exactly what the matrix says', async (ground) => {
  const found = await tryEverything(ground)
  if (Deno.env.get('UPDATE_MATRIX')) await Deno.writeTextFile(PATH, found.join('\n') + '\n')
  const expected = (await Deno.readTextFile(PATH)).trimEnd().split('\n')
  assert.deepEqual(found, expected)
})

onBoth(promises.credentials_unreadable, async () => {
  const lines = (await Deno.readTextFile(PATH)).split('\n')
  const sealed = [
    'mcp_server_credentials',
    'mcp_execution_waits',
    'mcp_oauth_clients',
    'mcp_oauth_flows',
  ]
  const cells = lines.filter((line) => sealed.some((table) => line.startsWith(`${table} `)))
    .filter((line) => !line.includes(' service '))
  assert.equal(cells.length, 8 * sealed.length)
  for (const line of cells) {
    assert.deepEqual(line.split(/\s+/).slice(2), Array(5).fill('denied'), line)
  }
})
