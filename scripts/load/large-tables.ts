// The corridor's round trips and what people read, on a database with a million executions beside one with
// hardly any. The team that is measured is the same in both: what differs is everyone else.
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { median } from '../bench/goals.ts'
import { startPostgres } from '../../supabase/tests/postgres.ts'
import { fill } from './crowd.ts'
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
const atMost = { begin: 1.2, finish: 1.2, 'newest 50': 1.3, statistics: 2 }
const tolerance = 0.15

type What = keyof typeof atMost
type Side = { service: Sql; member: Sql; office: Office }
type Times = Record<What, number[]>

async function compare({ short, say, parts }: Plan): Promise<Finding> {
  const size = short ? sizes.short : sizes.full
  const server = await startPostgres()
  parts.defer(() => server.stop())
  say(`filling ${size.executions} executions into ${size.teams} teams`)
  const empty = await openSide(await createDatabase(server.url, 'empty'), { parts })
  const full = await openSide(await createDatabase(server.url, 'full'), { parts, size })
  const times = { empty: noTimes(), full: noTimes() }
  say('measuring')
  for (const side of [empty, full]) await measure(side, noTimes(), 30)
  // In turns, so that whatever else the machine does meanwhile falls on both.
  for (let turn = 0; turn < size.rounds / 10; turn++) {
    await measure(empty, times.empty, 10)
    await measure(full, times.full, 10)
  }
  return judge(times, size)
}

type Size = { teams: number; executions: number }

async function openSide(
  url: string,
  { parts, size }: { parts: AsyncDisposableStack; size?: Size },
): Promise<Side> {
  await migrate(url)
  const owner = session(url)
  const office = await openOffice(owner)
  await liftLimits(owner)
  await fill(owner, { office, ...size ?? { teams: 0, executions: 0 } })
  await owner.end()
  const [service, member] = [serviceSession(url), session(url)]
  await actAs(member, office.user_id)
  for (const sql of [service, member]) parts.defer(() => sql.end({ timeout: 5 }))
  return { service, member, office }
}

/** The rest of this session is what the Data API would do for this person. */
async function actAs(sql: Sql, user_id: string): Promise<void> {
  const claims = JSON.stringify({ sub: user_id, role: 'authenticated' })
  await sql`select set_config('request.jwt.claim.sub', ${user_id}, false),
    set_config('request.jwt.claims', ${claims}, false), set_config('role', 'authenticated', false)`
}

function noTimes(): Times {
  return { begin: [], finish: [], 'newest 50': [], statistics: [] }
}

async function measure(side: Side, times: Times, rounds: number): Promise<void> {
  const { service, member, office } = side
  for (let round = 0; round < rounds; round++) {
    let id = ''
    await timed(times.begin, async () => id = await begin(service, office))
    await timed(times.finish, async () => {
      if (!await finish(service, id)) throw new Error('an execution had ended before')
    })
    await timed(times['newest 50'], async () => {
      const rows = await member`select id, status, executed_at from public.mcp_tool_executions
        where team_id = ${office.team_id} order by executed_at desc, id desc limit 50`
      if (rows.length !== 50) throw new Error(`${rows.length} executions instead of 50`)
    })
    await timed(times.statistics, async () => {
      const rows = await member`select * from public.usage_tools(
        ${office.team_id}, now() - interval '30 days', now() + interval '1 hour')`
      if (rows.length !== 1) throw new Error(`${rows.length} tools instead of 1`)
    })
  }
}

async function timed(into: number[], work: () => Promise<unknown>): Promise<void> {
  const started = performance.now()
  await work()
  into.push(performance.now() - started)
}

function judge({ empty, full }: Record<'empty' | 'full', Times>, size: Size): Finding {
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
