// Astra under callers that send the next call when the last one is answered, through the gateway as people
// do, beside the SDK's own client. Keeps what each caller was told, to hold the database to it afterwards.
import { executionAnswer } from '../../shared/execution.ts'
import { processesOf } from '../bench/astra.ts'
import { describe, startUpstream } from '../bench/ground.ts'
import { directCaller } from '../bench/direct.ts'
import type { Contender } from '../bench/load.ts'
import { type Ground, prepare } from '../faults/ground.ts'
import { untilEnded } from './schema.ts'

export type Workload = {
  ground: Ground
  /** The function's process. */
  pid: number
  /** Processor time of the database so far. */
  database: () => number
  upstream: string
  /** The SDK's own client, with a session of its own. */
  direct(): Promise<Contender>
  /** Calls these servers in turns. Never throws: what went wrong is among the problems. */
  astra(server_ids: string[]): Contender
  told: { execution_id: string; status: string }[]
  /** What was answered instead of an execution, and how often. */
  problems: Map<string, number>
  sessionsOpen(): Promise<number>
}

/** On a database that syncs to disk, when it is to be `durable`. */
export async function openWorkload(
  parts: AsyncDisposableStack,
  given: { durable?: boolean } = {},
): Promise<Workload> {
  const ground = await prepare(parts, given)
  const { said: { fast }, stop } = await startUpstream()
  parts.defer(stop)
  const pids = await ground.astra.stack.pids()
  const upstream = `${fast}/session`
  const told: Workload['told'] = []
  const problems: Workload['problems'] = new Map()
  return {
    ground,
    pid: pids.function!,
    database: (await describe(ground.server.url)).database,
    upstream,
    direct: () => directCaller('direct', upstream),
    told,
    problems,
    sessionsOpen: async () => await (await fetch(`${fast}/sessions-open`)).json(),
    astra: (server_ids) => ({
      name: 'Astra',
      processes: processesOf(pids),
      async call(text) {
        const server_id = server_ids[told.length % server_ids.length]!
        const problem = await callOnce(ground, { server_id, text, told })
        if (problem !== null) problems.set(problem, (problems.get(problem) ?? 0) + 1)
      },
    }),
  }
}

async function callOnce(
  { astra: { url, stack, owner } }: Ground,
  { server_id, text, told }: { server_id: string; text: string; told: Workload['told'] },
): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/functions/v1/mcp-client`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        apikey: stack.publishable_key,
        Authorization: `Bearer ${owner.token}`,
      },
      body: JSON.stringify({
        action: 'call_tool',
        server_id,
        tool_name: 'echo',
        parameters: { text },
      }),
      signal: AbortSignal.timeout(60_000),
    })
    const body = await answer.json()
    if (answer.status !== 200) return `${answer.status} ${body.error?.code}: ${body.error?.message}`
    const { execution_id, status, result } = executionAnswer.parse(body)
    told.push({ execution_id, status })
    const echoed = result?.content[0]?.text === `Echo: ${text}`
    return status === 'success' && echoed ? null : `an answer that is not the echo: ${status}`
  } catch (thrown) {
    return String(thrown)
  }
}

/** What does not hold of what callers were told: one line for each kind of trouble. */
export async function unkept({ ground: { sql }, told, problems }: Workload): Promise<string[]> {
  const broken = [...problems].map(([what, many]) => `${many} calls: ${what}`)
  await untilEnded(sql)
  const rows = await sql<{ id: string; status: string }[]>`
    select id, status from public.mcp_tool_executions`
  const kept = new Map(rows.map(({ id, status }) => [id, status]))
  const lost = told.filter(({ execution_id }) => !kept.has(execution_id)).length
  const other =
    told.filter(({ execution_id, status }) =>
      kept.has(execution_id) && kept.get(execution_id) !== status
    ).length
  if (lost > 0) broken.push(`${lost} answered executions are not on record`)
  if (other > 0) broken.push(`${other} executions ended otherwise than their callers were told`)
  const unheard = rows.length - new Set(told.map(({ execution_id }) => execution_id)).size
  if (unheard > 0) broken.push(`${unheard} executions on record were nobody’s answer`)
  const [usage] = await sql`select coalesce(sum(execution_count), 0)::int as counted
    from public.usage_hourly`
  if (usage!.counted !== rows.length) {
    broken.push(`${rows.length} executions, ${usage!.counted} were counted`)
  }
  return broken
}
