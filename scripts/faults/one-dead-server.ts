// Scenario `one-dead-server`: a team of 20 servers, one of which dies and later is slow, under a steady load
// over all of them. What the other 19 do then is compared with what they do while all is well.
import { executionError } from '../../shared/execution.ts'
import type { Person } from '../../supabase/tests/running-stack.ts'
import { median } from '../bench/goals.ts'
import { startTold } from '../bench/child.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { type Ground, prepare } from './ground.ts'
import { keepCalling, quantile } from './steady.ts'
import { openWire, type Wire } from './wire.ts'

const servers = 20
const callers = 4
const per_second = 40
/** In seconds: of every tool. The slow server answers later. */
const timeout = 2
const slowMs = 3_000

/** `ms`: how long the server ails each time, and half of that all is well in between. */
type Size = { ms: number; window_ms: number; ratio: number; noise_ms: number }
const full: Size = { ms: 300_000, window_ms: 30_000, ratio: 1.1, noise_ms: 0 }
/** A few seconds on a busy machine show gross harm only: whoever waits for the slow one waits for seconds. */
const short: Size = { ms: 2_500, window_ms: 2_500, ratio: 1.5, noise_ms: 250 }

export const oneDeadServer: Scenario = {
  name: 'one-dead-server',
  claim:
    `with one of ${servers} servers dead or slow the other ${servers - 1} have no errors, and ` +
    `their p95 is within 10 % of what it is while all is well`,
  run,
}

type State = 'well' | 'dead' | 'slow'
const course: State[] = ['well', 'dead', 'well', 'slow', 'well']

type Call = { server: number; sent: number; ms: number; said: string }
type Phase = { state: State; calls: Call[] }

async function run(plan: Plan): Promise<Finding> {
  const size = plan.short ? short : full
  const team = await assemble(plan)
  // What is opened once is opened before anything is timed.
  for (let server = 0; server < servers; server++) await team.call(server, 0)
  const phases: Phase[] = []
  for (const state of course) {
    await team.become(state)
    plan.say(`${state}, with ${per_second} calls a second`)
    const calls: Call[] = []
    const ms = state === 'well' ? Math.max(size.ms / 2, size.window_ms) : size.ms
    await keepCalling({ per_second, ms }, async (number) => {
      const sent = performance.now()
      const server = number % servers
      const said = await team.call(server, number)
      calls.push({ server, sent, ms: performance.now() - sent, said })
    })
    phases.push({ state, calls })
  }
  return judge(phases, size)
}

type Team = {
  /** The last of the servers is from here on like this. */
  become(state: State): Promise<void>
  /** How one call ended, in a word. */
  call(server: number, number: number): Promise<string>
}

async function assemble(plan: Plan): Promise<Team> {
  const ground = await prepare(plan.parts)
  const [well, slow] = await Promise.all([startUpstream(plan), startUpstream(plan)])
  const wire = await openWire(well.fast, plan.random)
  plan.parts.defer(() => wire.stop())
  const doors = ['session', 'modern']
  const server_ids = await Promise.all(Array.from({ length: servers }, (_, at) => {
    const port = at === servers - 1 ? wire.port : well.fast
    return ground.astra.add(`http://127.0.0.1:${port}/${doors[at % 2]}`)
  }))
  await ground.sql`update mcp_tools set timeout_seconds = ${timeout}`
  const people = await peopleOf(ground)
  return {
    become: (state) => become(wire, { state, well: well.fast, slow: slow.slow }),
    call: (server, number) =>
      callOf(people[number % callers]!, { server_id: server_ids[server]!, number }),
  }
}

async function become(
  wire: Wire,
  { state, well, slow }: { state: State; well: number; slow: number },
): Promise<void> {
  await wire.heal()
  wire.lead(state === 'slow' ? slow : well)
  if (state === 'dead') await wire.break({ fault: 'refused', moment: 'connect' })
}

/** The ports of a server that is as fast as it can be, and of the same one with every request delayed. */
async function startUpstream({ parts }: Plan): Promise<{ fast: number; slow: number }> {
  const script = new URL('../bench/upstream.ts', import.meta.url).pathname
  const { said, stop } = await startTold<{ fast: string; slow: string }>({
    command: Deno.execPath(),
    args: ['run', '-A', '--no-check', script, String(slowMs)],
  })
  parts.defer(() => stop())
  const port = (origin: string) => Number(new URL(origin).port)
  return { fast: port(said.fast), slow: port(said.slow) }
}

/** The owner and members of the team. */
async function peopleOf({ astra: { stack, owner }, sql }: Ground): Promise<Person[]> {
  const names = Array.from({ length: callers - 1 }, (_, at) => `member-${at}@faults.test`)
  const members = await Promise.all(names.map((email) => stack.signUp(email)))
  for (const { user_id } of members) {
    await sql`insert into team_members (team_id, user_id, role)
      select team_id, ${user_id}, 'member' from team_members where user_id = ${owner.user_id}`
  }
  return [owner, ...members]
}

async function callOf(
  person: Person,
  { server_id, number }: { server_id: string; number: number },
): Promise<string> {
  const text = `call ${number}`
  try {
    const { status, body } = await person.call('call_tool', {
      server_id,
      tool_name: 'echo',
      parameters: { text },
    })
    if (status !== 200) return `HTTP ${status} ${body?.error?.code}`
    if (body.status !== 'success') return `${body.status} ${body.error?.code}`
    return body.result.content[0].text === `Echo: ${text}` ? 'success' : 'not the echo'
  } catch (thrown) {
    return String(thrown)
  }
}

function judge(phases: Phase[], size: Size): Finding {
  const finding: Finding = { seen: [], broken: [] }
  const p95s = phases.map(({ calls }) => p95Of(othersIn(calls), size))
  phases.forEach(({ state, calls }, at) => {
    const others = othersIn(calls)
    const wrong = others.filter(({ said }) => said !== 'success')
    for (const [what, times] of tally(wrong)) {
      finding.broken.push(`${state}: ${times} calls of the others ended with ${what}`)
    }
    const ailing = calls.filter(({ server }) => server === servers - 1)
    const ends = [...tally(ailing)].map(([said, times]) => `${times} ${said}`).join(', ')
    const p50 = quantile(others.map(({ ms }) => ms), 0.5)
    finding.seen.push(
      `${state}: the others ${others.length} calls, ${wrong.length} errors, p50 ${
        p50.toFixed(1)
      } ms, p95 ${p95s[at]!.toFixed(1)} ms · the one ${ends}`,
    )
    if (state === 'well') return
    finding.broken.push(...untypedIn(ailing, state))
    compare({ state, ailing: p95s[at]!, well: (p95s[at - 1]! + p95s[at + 1]!) / 2 }, {
      size,
      finding,
    })
  })
  return finding
}

function compare(
  { state, ailing, well }: { state: State; ailing: number; well: number },
  { size, finding }: { size: Size; finding: Finding },
): void {
  const ratio = ailing / well
  const words = `p95 of the others, ${state} ÷ well before and after: ${ratio.toFixed(2)}`
  finding.seen.push(words)
  if (ratio > size.ratio && ailing - well > size.noise_ms) {
    finding.broken.push(`${words}, more than ${size.ratio}`)
  }
}

/** No call of the one that ails succeeds: each ends typed, at the server or at a door that is shut for it. */
function untypedIn(ailing: Call[], state: State): string[] {
  const codes = new Set<string>(executionError.shape.code.exclude(['internal']).options)
  return ailing.flatMap(({ said }) => {
    const typed = said === 'HTTP 503 unavailable' || codes.has(said.split(' ')[1] ?? '')
    return typed ? [] : [`${state}: a call of the one ended with ${said}`]
  })
}

function othersIn(calls: Call[]): Call[] {
  return calls.filter(({ server }) => server !== servers - 1)
}

/** The median of what windows of time have for a p95: one bad moment of the machine is not the server’s. */
function p95Of(calls: Call[], { window_ms }: Size): number {
  const first = Math.min(...calls.map(({ sent }) => sent))
  const windows = Map.groupBy(calls, ({ sent }) => Math.floor((sent - first) / window_ms))
  return median([...windows.values()].map((some) => quantile(some.map(({ ms }) => ms), 0.95)))
}

function tally(calls: Call[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const { said } of calls) times.set(said, (times.get(said) ?? 0) + 1)
  return times
}
