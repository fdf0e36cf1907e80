// Scenario `crossed-answers`: many teams call at once, each through a server of its own with a key of its
// own, and every connection numbers its requests from 0. An answer that is not the caller’s is a failure.
import { createHash } from 'node:crypto'
import type { Person } from '../../supabase/tests/running-stack.ts'
import { expect } from '../bench/astra.ts'
import { startTold } from '../bench/child.ts'
import { type Ground, prepare } from '../faults/ground.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import type { Seen } from './echoing.ts'
import { liftLimits, untilEnded } from './schema.ts'

const full = { teams: 50, calls: 2_000 }
const short = { teams: 9, calls: 60 }
/** Of all teams together: a machine has only so many sockets, and each call is one here, there and in between. */
const mostAtOnce = 300
/** Teams are founded a few at a time: hashing their passwords is all the work there is. */
const foundedAtOnce = 4

export const crossedAnswers: Scenario = {
  name: 'crossed-answers',
  claim: `of ${full.teams} teams with ${full.calls.toLocaleString('en')} parallel calls each and ` +
    'equal JSON-RPC ids, nobody gets another one’s answer',
  run,
}

type Team = { team_id: string; owner: Person; server_id: string; by: string }
/** What became of calls: how many were answered right, and every other end with how often. */
type Ends = { right: number; crossed: Map<string, number>; failed: Map<string, number> }

async function run(plan: Plan): Promise<Finding> {
  const size = plan.short ? short : full
  const ground = await prepare(plan.parts)
  const upstream = await startEchoing(plan)
  plan.say(`founding ${size.teams} teams`)
  const teams = await foundAll(ground, { upstream, many: size.teams })
  await liftLimits(ground.sql)
  plan.say(`${size.teams * size.calls} calls, ${mostAtOnce} at once`)
  const started = performance.now()
  const ends = await callAll(teams, { calls: size.calls, say: plan.say })
  const seconds = (performance.now() - started) / 1_000
  const seen: Seen = await (await fetch(`${upstream}/seen`)).json()
  const kept = await crossedOnRecord(ground, teams)
  return judge({ size, ends, seen, kept, seconds })
}

async function startEchoing({ parts }: Plan): Promise<string> {
  const script = new URL('echoing.ts', import.meta.url).pathname
  const args = ['run', '-A', '--no-check', script]
  const { said, stop } = await startTold<string>({ command: Deno.execPath(), args })
  parts.defer(() => stop())
  return said
}

type Founding = { upstream: string; many: number }

async function foundAll(ground: Ground, { upstream, many }: Founding): Promise<Team[]> {
  const teams: Team[] = []
  while (teams.length < many) {
    const numbers = Array.from({ length: foundedAtOnce }, (_, at) => teams.length + at)
    const some = numbers.filter((number) => number < many)
    teams.push(...await Promise.all(some.map((number) => found(ground, { upstream, number }))))
  }
  return teams
}

/** In turns: a session-era server, a 2026-07-28 one, and one whose answers all come on one stream. */
const kinds = [
  { path: 'session', server_type: 'http' },
  { path: 'modern', server_type: 'http' },
  { path: 'sse', server_type: 'sse' },
]

async function found(
  { astra: { stack } }: Ground,
  { upstream, number }: { upstream: string; number: number },
): Promise<Team> {
  const owner = await stack.signUp(`owner-${number}@load.test`)
  const body = JSON.stringify({ p_name: `Team ${number}` })
  const founded = await owner.rest('rpc/create_team', { method: 'POST', body })
  expect(founded.status === 200, founded.body)
  const { path, server_type } = kinds[number % kinds.length]!
  const key = crypto.randomUUID()
  const added = await owner.call('add_server', {
    name: 'Echo',
    server_type,
    config: { url: `${upstream}/${path}` },
    credential: { credential_type: 'api_key', header: 'x-key', value: key },
  })
  expect(added.status === 200, added.body)
  const server_id: string = added.body.server.id
  const synced = await owner.call('sync_tools', { server_id })
  expect(synced.body.tools_synced === 1, synced.body)
  const allowed = await owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
    method: 'PATCH',
    body: '{"policy":"allow"}',
  })
  expect(allowed.status < 300, allowed.body)
  const by = createHash('sha256').update(key).digest('hex')
  return { team_id: founded.body, owner, server_id, by }
}

/** The n-th calls of all teams set out together, so that their ids meet. */
async function callAll(
  teams: Team[],
  { calls, say }: { calls: number; say: Plan['say'] },
): Promise<Ends> {
  const ends: Ends = { right: 0, crossed: new Map(), failed: new Map() }
  const total = teams.length * calls
  let begun = 0
  const caller = async () => {
    while (begun < total) {
      const team = teams[begun++ % teams.length]!
      if (begun % 20_000 === 0) say(`${begun} calls`)
      await callOne(team, ends)
    }
  }
  await Promise.all(Array.from({ length: mostAtOnce }, caller))
  return ends
}

async function callOne({ owner, server_id, by }: Team, ends: Ends): Promise<void> {
  // Nobody else can guess it, so nobody else can have sent it.
  const text = crypto.randomUUID()
  const count = (kind: 'crossed' | 'failed', what: string) =>
    ends[kind].set(what, (ends[kind].get(what) ?? 0) + 1)
  try {
    const { status, body } = await owner.call('call_tool', {
      server_id,
      tool_name: 'echo',
      parameters: { text },
    })
    if (status !== 200) return void count('failed', `HTTP ${status} ${body?.error?.code}`)
    if (body.status !== 'success') return void count('failed', `${body.status} ${body.error?.code}`)
    const told = JSON.parse(body.result.content[0].text)
    if (told.text !== text) count('crossed', 'what another call had sent')
    else if (told.by !== by) count('crossed', 'what was sent with another team’s key')
    else ends.right++
  } catch (thrown) {
    count('failed', String(thrown).slice(0, 200))
  }
}

/** Rows whose output is not that of their own input and their own team’s key. */
async function crossedOnRecord({ sql }: Ground, teams: Team[]): Promise<number> {
  await untilEnded(sql)
  const [row] = await sql<{ crossed: number }[]>`
    select count(*)::integer as crossed
    from public.mcp_tool_executions
    join unnest(
      ${teams.map(({ team_id }) => team_id)}::uuid[],
      ${teams.map(({ by }) => by)}::text[]
    ) as team (team_id, by) using (team_id)
    cross join lateral (
      select (output_result -> 'content' -> 0 ->> 'text')::jsonb as told
    ) as answer
    where status = 'success' and (
      told ->> 'text' is distinct from input_parameters ->> 'text'
      or told ->> 'by' is distinct from team.by
    )`
  return row!.crossed
}

type Result = {
  size: { teams: number; calls: number }
  ends: Ends
  seen: Seen
  kept: number
  seconds: number
}

function judge({ size, ends, seen, kept, seconds }: Result): Finding {
  const total = size.teams * size.calls
  const broken: string[] = []
  for (const [what, times] of ends.crossed) broken.push(`${times} callers got ${what}`)
  for (const [what, times] of ends.failed) broken.push(`${times} calls failed: ${what}`)
  if (kept > 0) broken.push(`${kept} rows hold an output that is not theirs`)
  if (seen.at_once < 2) {
    broken.push('no two teams had calls with one id under way: nothing was tried')
  }
  return {
    seen: [
      `${size.teams} teams, ${total} calls, ${mostAtOnce} at once, in ${seconds.toFixed(0)} s ` +
      `(${(total / seconds).toFixed(0)} a second): ${ends.right} answered right`,
      `the upstream saw ${seen.calls} calls with ${seen.ids} JSON-RPC ids; ${seen.shared} of these ` +
      `were used by several teams, and one by ${seen.at_once} teams at once`,
    ],
    broken,
  }
}
