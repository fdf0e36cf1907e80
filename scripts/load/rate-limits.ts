// Limits of how often anyone may call, under many calls at the same moment from two processes of the
// function: each limit admits what it says, not one more and not one less. Every round is a new team.
import { errorBody } from '../../shared/errors.ts'
import { executionAnswer } from '../../shared/execution.ts'
import type { Person } from '../../supabase/tests/running-stack.ts'
import { startFarFunction } from '../bench/far-function.ts'
import { startUpstream } from '../bench/ground.ts'
import { prepare } from '../faults/ground.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { type Sql, untilEnded } from './schema.ts'

export const rateLimits: Scenario = {
  name: 'rate-limits',
  claim: 'a limit of L admits exactly L of the calls that two processes get at once',
  run: crowd,
}

const kinds = ['person', 'team', 'tool'] as const
type Kind = typeof kinds[number]
const rounds = {
  full: [{ limit: 1, calls: 400 }, { limit: 50, calls: 400 }, { limit: 1_000, calls: 1_400 }],
  short: [{ limit: 1, calls: 400 }, { limit: 50, calls: 400 }],
}
/** Long enough that no window ends in the middle of a round. */
const WINDOW_SECONDS = 300
/** So many calls are on their way at once. */
const PARALLEL = 400
const PATIENCE_MS = 120_000

type Ground = { sql: Sql; template: string; people: Person[]; processes: string[] }

async function crowd({ short, say, parts }: Plan): Promise<Finding> {
  const ground = await open(parts)
  const seen: string[] = []
  const broken: string[] = []
  for (const kind of kinds) {
    for (const round of short ? rounds.short : rounds.full) {
      say(`${round.limit} per ${kind}, ${round.calls} calls`)
      const found = await tryLimit(ground, { kind, ...round })
      seen.push(...found.seen)
      broken.push(...found.broken)
    }
  }
  return { seen, broken }
}

async function open(parts: AsyncDisposableStack): Promise<Ground> {
  const { astra, sql } = await prepare(parts)
  const upstream = await startUpstream()
  parts.defer(() => upstream.stop())
  const given = { folder: astra.folder, project: astra.url }
  const processes = [await startFarFunction(given), await startFarFunction(given)]
  for (const process of processes) parts.defer(() => process.stop())
  return {
    sql,
    template: await astra.add(`${upstream.said.fast}/modern`),
    people: [astra.owner, await astra.stack.signUp('second@load.test')],
    processes: processes.map(({ url }) => url),
  }
}

type Round = { kind: Kind; limit: number; calls: number }
type Place = { team_id: string; server_id: string }
type Told = { admitted: boolean; wrong: string | null }

async function tryLimit(ground: Ground, round: Round): Promise<Finding> {
  const { kind, limit, calls } = round
  const place = await openTeam(ground, round)
  // A person's limit is tried by one person, the others by two together.
  const people = kind === 'person' ? ground.people.slice(0, 1) : ground.people
  const started = performance.now()
  const told: Told[] = []
  let begun = 0
  const caller = async () => {
    while (begun < calls) {
      const number = begun++
      told.push(
        await call(place, {
          url: ground.processes[number % 2]!,
          person: people[(number >> 1) % people.length]!,
          kind,
        }),
      )
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, caller))
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  const admitted = told.filter((one) => one.admitted).length
  await untilEnded(ground.sql)
  const [row] = await ground.sql`select count(*)::int as succeeded
    from public.mcp_tool_executions where team_id = ${place.team_id} and status = 'success'`
  const line = `${limit} per ${kind}: ${admitted} of ${calls} calls admitted in ${seconds} s`
  const wrong = [...new Set(told.flatMap((one) => one.wrong ?? []))].slice(0, 5)
  const broken = wrong.map((what) => `${limit} per ${kind}: ${what}`)
  if (admitted !== limit) broken.push(line)
  if (row!.succeeded !== limit) broken.push(`${line}, ${row!.succeeded} are on record`)
  return { seen: [line], broken }
}

/** A team of both, with a copy of the server and this one limit. */
async function openTeam(
  { sql, template, people }: Ground,
  { kind, limit }: Round,
): Promise<Place> {
  const only = (one: Kind) => one === kind ? limit : null
  const [team] = await sql`
    insert into public.teams (name, rate_window_seconds, rate_per_person, rate_per_team)
    values ('Limited', ${WINDOW_SECONDS}, ${only('person')}, ${only('team')}) returning id`
  const team_id = team!.id
  for (const { user_id } of people) {
    await sql`insert into public.team_members (team_id, user_id) values (${team_id}, ${user_id})`
  }
  const [server] = await sql`
    insert into public.mcp_servers (team_id, name, server_type, config)
    select ${team_id}, name, server_type, config from public.mcp_servers where id = ${template}
    returning id`
  await sql`
    insert into public.mcp_tools (team_id, server_id, tool_name, input_schema, definition,
      definition_hash, policy, rate_limit)
    select ${team_id}, ${server!.id}, tool_name, input_schema, definition, definition_hash, policy,
      ${only('tool')} from public.mcp_tools where server_id = ${template}`
  return { team_id, server_id: server!.id }
}

async function call(
  { team_id, server_id }: Place,
  { url, person, kind }: { url: string; person: Person; kind: Kind },
): Promise<Told> {
  const asked = { team_id, server_id, tool_name: 'echo', parameters: { text: 'hello' } }
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', Authorization: `Bearer ${person.token}` },
      body: JSON.stringify({ action: 'call_tool', ...asked }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const body = await answer.json()
    if (answer.status === 429) return { admitted: false, wrong: misrefused(answer, { body, kind }) }
    const parsed = executionAnswer.safeParse(body)
    const fine = answer.status === 200 && parsed.data?.status === 'success'
    const shown = JSON.stringify(body).slice(0, 200)
    return { admitted: fine, wrong: fine ? null : `${answer.status} ${withoutIds(shown)}` }
  } catch (thrown) {
    return { admitted: false, wrong: String(thrown) }
  }
}

/** A refusal says which limit it was, and when to come again: within the window. */
function misrefused(
  { headers }: Response,
  { body, kind }: { body: unknown; kind: Kind },
): string | null {
  const { error } = errorBody.safeParse(body).data ?? {}
  const details = error?.details as { limit?: unknown; retry_after_seconds?: unknown } | undefined
  const seconds = Number(headers.get('retry-after') ?? NaN)
  const fine = String(error?.code) === 'rate_limited' && details?.limit === kind &&
    Number.isInteger(seconds) && seconds >= 1 && seconds <= WINDOW_SECONDS &&
    details.retry_after_seconds === seconds
  if (fine) return null
  const shown = withoutIds(JSON.stringify(body).slice(0, 300))
  return `a refusal that does not say what it should: retry-after ${seconds}, ${shown}`
}

/** The same trouble is told once. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')
}
