// The corridor's round trips and what people read, on a database with a million executions beside one with
// hardly any. The teams that call and read are the same in both: what differs is everyone else. Beside them
// stands the largest team, with a tenth of all there is: what it reads is held to the same.
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { median } from '../bench/goals.ts'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { addCrowd, livePast } from './crowd.ts'
import {
  begin,
  createDatabase,
  finish,
  liftLimits,
  migrate,
  type Office,
  openOffice,
  serviceSession,
  session,
  type Sql,
} from './schema.ts'

export const largeTables: Scenario = {
  name: 'large-tables',
  claim: 'a call costs the same whether others made a million before it or none (P11)',
  run: compare,
}

const sizes = {
  full: { teams: 10_000, executions: 1_000_000, rounds: 600 },
  short: { teams: 500, executions: 50_000, rounds: 150 },
}
/** Measured together with what they may cost, and by how much noise is no finding (as in `npm run bench`). */
const atMost = {
  begin: 1.2,
  finish: 1.2,
  'newest 50': 1.3,
  'newest 50, largest team': 1.3,
  statistics: 2,
}
const tolerance = 0.15
/** So many calls has an ordinary team made; those that are measured are of another one. */
const ordinary = 100

type What = keyof typeof atMost
type Side = {
  service: Sql
  caller: Office
  member: Reader
  /** Of a team that is no larger than others where there is hardly anything. */
  largest: Reader
}
type Reader = { sql: Sql; team_id: string }
type Times = Record<What, number[]>
const names = ['empty', 'full'] as const
type Name = typeof names[number]
type Sides<T> = Record<Name, T>

async function compare({ short, say, parts }: Plan): Promise<Finding> {
  const size = short ? sizes.short : sizes.full
  const server = await startPostgres()
  parts.defer(() => server.stop())
  say(`filling ${size.executions} executions into ${size.teams} teams`)
  const empty = await openSide(await createDatabase(server.url, 'empty'), { parts })
  const full = await openSide(await createDatabase(server.url, 'full'), { parts, size })
  say('measuring')
  await measure({ empty, full }, 30)
  return judge(await measure({ empty, full }, size.rounds), size)
}

type Size = { teams: number; executions: number }

async function openSide(
  url: string,
  { parts, size }: { parts: AsyncDisposableStack; size?: Size },
): Promise<Side> {
  await migrate(url)
  const owner = session(url)
  const offices = [await openOffice(owner), await openOffice(owner), await openOffice(owner)]
  const [caller, office, large] = offices as [Office, Office, Office]
  await livePast(owner, office, ordinary)
  await livePast(owner, large, size ? size.executions * 0.1 : ordinary)
  if (size) await addCrowd(owner, { teams: size.teams, calls: size.executions * 0.9 })
  await liftLimits(owner)
  await owner`vacuum analyze`
  await owner.end()
  const service = serviceSession(url)
  const [member, largest] = [await reader(url, office), await reader(url, large)]
  for (const sql of [service, member.sql, largest.sql]) parts.defer(() => sql.end({ timeout: 5 }))
  return { service, caller, member, largest }
}

/** A session that reads as the Data API does for this person. */
async function reader(url: string, { user_id, team_id }: Office): Promise<Reader> {
  const sql = session(url)
  const claims = JSON.stringify({ sub: user_id, role: 'authenticated' })
  await sql`select set_config('request.jwt.claim.sub', ${user_id}, false),
    set_config('request.jwt.claims', ${claims}, false), set_config('role', 'authenticated', false)`
  return { sql, team_id }
}

/** Call by call in turns, so that whatever else the machine does meanwhile falls on both. */
async function measure(sides: Sides<Side>, rounds: number): Promise<Sides<Times>> {
  const times = { empty: noTimes(), full: noTimes() }
  const ids = { empty: '', full: '' }
  const inTurns = async (what: What, work: (side: Side, name: Name) => Promise<unknown>) => {
    for (const name of names) {
      const started = performance.now()
      await work(sides[name], name)
      times[name][what].push(performance.now() - started)
    }
  }
  for (let round = 0; round < rounds; round++) {
    await inTurns('begin', async ({ service, caller }, name) => {
      ids[name] = await begin(service, caller)
    })
    await inTurns('finish', async ({ service }, name) => {
      if (!await finish(service, ids[name])) throw new Error('an execution had ended before')
    })
    await inTurns('newest 50', ({ member }) => readNewest(member))
    await inTurns('newest 50, largest team', ({ largest }) => readNewest(largest))
    await inTurns('statistics', ({ member }) => readStatistics(member))
  }
  return times
}

function noTimes(): Times {
  return { begin: [], finish: [], 'newest 50': [], 'newest 50, largest team': [], statistics: [] }
}

async function readNewest({ sql, team_id }: Reader): Promise<void> {
  const rows = await sql`select id, status, executed_at from public.mcp_tool_executions
    where team_id = ${team_id} order by executed_at desc, id desc limit 50`
  if (rows.length !== 50) throw new Error(`${rows.length} executions instead of 50`)
}

async function readStatistics({ sql, team_id }: Reader): Promise<void> {
  const rows = await sql`select * from public.usage_tools(
    ${team_id}, now() - interval '30 days', now() + interval '1 hour')`
  if (rows.length !== 1) throw new Error(`${rows.length} tools instead of 1`)
}

function judge({ empty, full }: Sides<Times>, size: Size): Finding {
  const seen = [`${size.executions} executions of ${size.teams} teams ÷ one team’s own, medians`]
  const broken: string[] = []
  for (const what of Object.keys(atMost) as What[]) {
    const [few, many] = [median(empty[what]), median(full[what])]
    const [ratio, most] = [many / few, atMost[what]]
    const line = `${what}: ${many.toFixed(3)} ms ÷ ${few.toFixed(3)} ms = ${ratio.toFixed(2)}`
    if (ratio > most * (1 + tolerance)) broken.push(`${line}, more than ${most}`)
    else seen.push(`${line} (at most ${most}${ratio > most ? ', within 15 %' : ''})`)
  }
  return { seen, broken }
}
