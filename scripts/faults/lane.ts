// One server behind a wire of its own, and rounds on it: broken, called, healed, called again.
import { type ExecutionAnswer, executionError } from '../../shared/execution.ts'
import { type Answer, type Person, type RunningStack } from '../../supabase/tests/running-stack.ts'
import type { Finding, Random } from '../scenarios/scenario.ts'
import type { Break, Moment, Wire } from './wire.ts'

/** In seconds: of every tool. */
export const timeout = 2
/** What a call may take beyond its tool’s timeout. */
const slackMs = 1_000

export type Lane = {
  /** For whoever reads what went wrong. */
  name: string
  server_id: string
  wire: Wire
  break: Break
  rounds: number
  /** Of its own: what other lanes do meanwhile changes nothing. */
  random: Random
}

export type Ridden = Finding & {
  /** Calls that met the fault, and what became of them. */
  ends: Map<string, number>
  slowest_ms: number
  /** Every execution there was. */
  executions: string[]
}

export type Rider = { stack: RunningStack; owner: Person }

/** Rides every round of a lane, until the server is lost for good. */
export async function ride(lane: Lane, rider: Rider): Promise<Ridden> {
  const ridden: Ridden = { seen: [], broken: [], ends: new Map(), slowest_ms: 0, executions: [] }
  if (!await worksWell(lane, { rider, ridden, when: 'before anything broke' })) return ridden
  for (let round = 1; round <= lane.rounds; round++) {
    // Every other time a connection has to be opened first: a new credential has none.
    if (lane.break.moment === 'connect' && round % 2 === 1) await renewCredential(lane, rider)
    await lane.wire.break(lane.break)
    // Never more often in a row: a server that keeps failing may be left alone for a while.
    const times = 1 + lane.random.below(2)
    for (let time = 1; time <= times; time++) {
      await fails(lane, { rider, ridden, when: `round ${round}, call ${time}` })
    }
    const sent = lane.wire.calls()
    if (sent > times) ridden.broken.push(`${lane.name}: ${times} calls were sent ${sent} times`)
    if (!lane.wire.struck()) ridden.broken.push(`${lane.name}: nothing met the fault`)
    await lane.wire.heal()
    if (!await worksWell(lane, { rider, ridden, when: `healed in round ${round}` })) break
  }
  return ridden
}

type Riding = { rider: Rider; ridden: Ridden; when: string }

/** A call that meets the fault ends typed and in time. */
async function fails(lane: Lane, { rider, ridden, when }: Riding): Promise<void> {
  const { answer, status, ms } = await call(lane, rider)
  const said = `${lane.name}, ${when}`
  ridden.slowest_ms = Math.max(ridden.slowest_ms, ms)
  if (ms > timeout * 1_000 + slackMs) ridden.broken.push(`${said}: it took ${Math.round(ms)} ms`)
  if (!answer) return void ridden.broken.push(`${said}: HTTP ${status}`)
  ridden.executions.push(answer.execution_id)
  const code = answer.error?.code ?? answer.status
  ridden.ends.set(code, (ridden.ends.get(code) ?? 0) + 1)
  const typed = executionError.shape.code.safeParse(code).success && code !== 'internal'
  if (!typed) ridden.broken.push(`${said}: it ended as ${answer.status} ${code}`)
}

/** A call on a way that is whole succeeds, at once. */
async function worksWell(lane: Lane, { rider, ridden, when }: Riding): Promise<boolean> {
  const { answer, status, ms } = await call(lane, rider)
  if (answer) ridden.executions.push(answer.execution_id)
  if (answer?.status === 'success') return true
  const how = answer ? JSON.stringify(answer.error) : `HTTP ${status}`
  ridden.broken.push(`${lane.name}, ${when}: ${how} after ${Math.round(ms)} ms`)
  return false
}

type Called = { answer: ExecutionAnswer | null; status: string; ms: number }

async function call({ server_id, break: { moment } }: Lane, rider: Rider): Promise<Called> {
  const started = performance.now()
  const { stack, owner } = rider
  const { status, body } = await stack.post(
    JSON.stringify({ action: 'call_tool', server_id, ...callAt(moment) }),
    // Whoever listens on the way is told of progress: the server answers with a stream.
    {
      Authorization: `Bearer ${owner.token}`,
      ...(moment === 'mid-SSE' && { accept: 'application/x-ndjson' }),
    },
  )
  const ms = performance.now() - started
  const last = lastOf(body)
  return last?.execution_id
    ? { answer: last, status: String(status), ms }
    : { answer: null, status: `${status} ${JSON.stringify(last)?.slice(0, 200)}`, ms }
}

/** The answer itself, or the one that ends the lines of an answer that was told as it came about. */
function lastOf(body: Answer['body']) {
  if (typeof body !== 'string') return body?.answer ?? body
  const last = body.trim().split('\n').at(-1) ?? ''
  return last.startsWith('{') ? JSON.parse(last).answer ?? JSON.parse(last) : null
}

function callAt(moment: Moment) {
  return moment === 'mid-SSE'
    ? { tool_name: 'progress', parameters: { steps: 3, ms: 10 } }
    : { tool_name: 'sized', parameters: { bytes: 500 } }
}

async function renewCredential({ server_id }: Lane, { owner }: Rider): Promise<void> {
  const value = crypto.randomUUID()
  const { status, body } = await owner.call('set_credential', {
    server_id,
    credential: { credential_type: 'api_key', header: 'x-key', value },
  })
  if (status !== 200) throw new Error(`no new credential: ${JSON.stringify(body)}`)
}
