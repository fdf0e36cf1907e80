// Scenario `network`: everything that a network does to a call, between the function and its upstream.
import { startLegacySse } from '../../supabase/tests/upstreams/legacy-sse.ts'
import { startModern } from '../../supabase/tests/upstreams/modern.ts'
import { startSessions } from '../../supabase/tests/upstreams/sessions.ts'
import { pause } from '../bench/serve.ts'
import { untilEnded } from '../load/schema.ts'
import { type Finding, type Plan, randomFrom, type Scenario } from '../scenarios/scenario.ts'
import { type Ground, prepare } from './ground.ts'
import { type Lane, type Ridden, ride, timeout } from './lane.ts'
import { faults, type Moment, moments, openWire } from './wire.ts'

const timesEach = 25
const apartMs = 50

export const network: Scenario = {
  name: 'network',
  claim:
    `8 network faults at 4 moments of a call: each call ends typed within its tool’s timeout ` +
    `(${timeout} s) and a second, and the first one after the fault succeeds`,
  run,
}

/** Whom a fault stands in front of: servers of each kind that can be at this moment. */
const kindsAt: Record<Moment, Kind[]> = {
  'connect': ['modern', 'sessions', 'sse'],
  'first byte': ['modern', 'sessions', 'sse'],
  'mid-JSON': ['modern', 'json'],
  'mid-SSE': ['modern', 'sessions', 'sse'],
}

type Kind = 'modern' | 'sessions' | 'json' | 'sse'
type Upstreams = Record<Kind, { url: string; stop(): Promise<void> }>

async function run(plan: Plan): Promise<Finding> {
  const ground = await prepare(plan.parts)
  const upstreams = startUpstreams(plan.parts)
  plan.say('adding the servers')
  const lanes = await Promise.all(
    choose(plan).map((chosen) => build(chosen, { plan, ground, upstreams })),
  )
  plan.say(`breaking ${lanes.length} ways`)
  const { stack, owner } = ground.astra
  const ridden = await Promise.all(
    lanes.map(async (lane, at) => {
      // One after the other, or what they do to this machine would be taken for slowness of the product.
      await pause(at * apartMs)
      return await ride(lane, { stack, owner })
    }),
  )
  return {
    seen: seenIn(lanes, ridden),
    broken: [...ridden.flatMap((one) => one.broken), ...await untyped(ground, ridden)],
  }
}

function startUpstreams(parts: AsyncDisposableStack): Upstreams {
  const started = {
    modern: startModern(),
    sessions: startSessions(),
    json: startSessions({ json: true }),
    sse: startLegacySse(),
  }
  for (const one of Object.values(started)) parts.defer(() => one.stop())
  return started
}

type Chosen = Omit<Lane, 'server_id' | 'wire'> & { kind: Kind }

/** Each fault at each moment, so often in all, in front of every kind of server; once before one of them. */
function choose({ short, random }: Plan): Chosen[] {
  return faults.flatMap((fault) =>
    moments.flatMap((moment) => {
      const kinds = short ? [random.pick(kindsAt[moment])] : kindsAt[moment]
      const times = short ? 1 : timesEach
      return kinds.map((kind, at) => ({
        kind,
        name: `${fault} at ${moment}, ${kind}`,
        break: { fault, moment },
        rounds: Math.floor((times + at) / kinds.length),
        random: randomFrom(random.below(2 ** 32)),
      }))
    })
  )
}

async function build(
  { kind, ...lane }: Chosen,
  { plan, ground, upstreams }: { plan: Plan; ground: Ground; upstreams: Upstreams },
): Promise<Lane> {
  const url = new URL(upstreams[kind].url)
  const wire = await openWire(Number(url.port), randomFrom(lane.random.below(2 ** 32)))
  plan.parts.defer(() => wire.stop())
  url.port = String(wire.port)
  const server_id = await ground.astra.add(url.href)
  const { status, body } = await ground.astra.owner.rest(`mcp_tools?server_id=eq.${server_id}`, {
    method: 'PATCH',
    body: JSON.stringify({ timeout_seconds: timeout }),
  })
  if (status >= 300) throw new Error(JSON.stringify(body))
  return { ...lane, server_id, wire }
}

/** Executions whose row has no typed end, as they are on record. */
async function untyped({ sql }: Ground, ridden: Ridden[]): Promise<string[]> {
  await untilEnded(sql)
  const rows = await sql`
    select id, status, error_code from mcp_tool_executions
    where id = any(${ridden.flatMap(({ executions }) => executions)})
      and status <> 'success' and (error_code is null or error_code = 'internal')`
  return rows.map(({ id, status, error_code }) => `execution ${id}: ${status} ${error_code}`)
}

function seenIn(lanes: Lane[], ridden: Ridden[]): string[] {
  const lines = faults.map((fault) => {
    const cells = moments.map((moment) => {
      const ends = new Map<string, number>()
      lanes.forEach((lane, at) => {
        if (lane.break.fault !== fault || lane.break.moment !== moment) return
        for (const [code, times] of ridden[at]!.ends) ends.set(code, (ends.get(code) ?? 0) + times)
      })
      return `${moment}: ${[...ends].map(([code, times]) => `${times} ${code}`).join(', ')}`
    })
    return `${fault.padEnd(9)} ${cells.join(' · ')}`
  })
  const rounds = lanes.reduce((sum, { rounds }) => sum + rounds, 0)
  const calls = ridden.reduce((sum, { executions }) => sum + executions.length, 0)
  const slowest = Math.max(...ridden.map(({ slowest_ms }) => slowest_ms))
  lines.push(`${rounds} faults on ${lanes.length} servers, ${calls} calls`)
  lines.push(`slowest call that met a fault: ${Math.round(slowest)} ms`)
  return lines
}
