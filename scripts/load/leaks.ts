// Thousands of calls at more servers than connections are kept: what each leaves behind adds up, and shows.
import { measure } from '../bench/load.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { openFiles, watchFootprint } from './footprint.ts'
import { openWorkload, unkept, type Workload } from './workload.ts'

export const leaks: Scenario = {
  name: 'leaks',
  claim: 'calls leave nothing behind: no session, no file descriptor, no memory (P7)',
  run: leave,
}

/** A young process grows into what it needs before it is watched. */
const counts = { full: { warm: 2_000, calls: 4_000 }, short: { warm: 480, calls: 1_000 } }
const callers = 16
/** More than the 64 connections that the function keeps. */
const servers = 80
const kept = 64
const MOST_FILES = 20
const MOST_GROWTH = 0.1

async function leave({ short, say, parts }: Plan): Promise<Finding> {
  const { warm, calls } = short ? counts.short : counts.full
  const work = await openWorkload(parts)
  const server_ids = await addServers(work)
  const astra = work.astra(server_ids)
  const some = (most: number) => measure(astra, { callers, ms: 600_000, most, database: () => 0 })
  say('warming up')
  await some(warm)
  const filesBefore = openFiles(work.pid)
  const footprint = watchFootprint(work.pid, 50)
  parts.defer(() => footprint.stop())
  /** Memory goes up until something is collected: what a quarter of the calls never falls below is held. */
  const stretch = async (most: number) => {
    const from = footprint.samples.length
    await some(most)
    return Math.min(...footprint.samples.slice(from).map(({ mib }) => mib))
  }
  say(`${calls} calls`)
  const quarters: number[] = []
  for (let quarter = 0; quarter < 4; quarter++) quarters.push(await stretch(calls / 4))
  return judge(work, { calls, quarters, files: openFiles(work.pid) - filesBefore, short })
}

/** The same upstream under many names: each is a server of its own, with a connection of its own. */
async function addServers({ ground: { astra, sql }, upstream }: Workload): Promise<string[]> {
  const first = await astra.add(upstream)
  const more = await sql`
    with copied as (
      insert into public.mcp_servers (team_id, name, server_type, config)
      select team_id, 'Copy ' || n, server_type, config
      from public.mcp_servers, generate_series(2, ${servers}::integer) n where id = ${first}
      returning team_id, id
    )
    insert into public.mcp_tools
      (team_id, server_id, tool_name, input_schema, definition, definition_hash, policy)
    select copied.team_id, copied.id, tool_name, input_schema, definition, definition_hash, policy
    from public.mcp_tools, copied where server_id = ${first}
    returning server_id`
  return [first, ...more.map(({ server_id }) => server_id)]
}

async function judge(
  work: Workload,
  { calls, quarters, files, short }: {
    calls: number
    quarters: number[]
    files: number
    short: boolean
  },
): Promise<Finding> {
  const sessions = await work.sessionsOpen()
  const growth = quarters[3]! / quarters[1]! - 1
  const memory = `memory held in each quarter: ${
    quarters.map((mib) => mib.toFixed(0)).join(', ')
  } MiB`
  const broken = await unkept(work)
  if (sessions > kept) broken.push(`${sessions} sessions are open upstream, more than ${kept}`)
  if (files > MOST_FILES) broken.push(`${files} more files are open, more than ${MOST_FILES}`)
  // A short run only prints it: it does not warm up for long enough.
  if (growth > MOST_GROWTH && !short) {
    broken.push(`${memory}: ${(growth * 100).toFixed(0)} % more from half-way to the end`)
  }
  const seen = [
    `${calls} calls of ${servers} servers by ${callers} callers`,
    `sessions open upstream: ${sessions} (at most ${kept})`,
    `file descriptors: ${files} more than before (at most ${MOST_FILES})`,
    `${memory}, ${(growth * 100).toFixed(1)} % from half-way to the end (at most 10 %)`,
  ]
  return { seen, broken }
}
