// PostgreSQL is stopped as a crash would stop it, and started again on what it had written, while people call
// through a stack that nobody touches.
import { pause } from '../bench/serve.ts'
import {
  type Finding,
  type Plan,
  type Random,
  randomFrom,
  type Scenario,
} from '../scenarios/scenario.ts'
import { type Heard, say } from './callers.ts'
import { type Ground, prepare } from './ground.ts'
import {
  contradictions,
  endings,
  few,
  keepJournal,
  passTime,
  type Told,
  toldOtherwise,
} from './journal.ts'
import { startUpstream, type Upstream } from './recorder.ts'

const CALLERS = 6
const LONGEST_WORK_MS = 60
const LONGEST_LIFE_MS = 1_500
const LONGEST_ABSENCE_MS = 1_500
/** How soon calls must succeed again. */
const RECOVERY_MS = 5_000
/** How long an end that could not be written may take to be on record. */
const CATCHING_UP_MS = 15_000
const LOOK_EVERY_MS = 100
/** A database that is hardly ever there may miss an end for as long as it is tried: one of so many. */
const ONE_END_OF = 20

export const databaseStops: Scenario = {
  name: 'database-stops',
  claim: 'however often the database stops at once, nothing that a caller was told of is lost',
  run,
}

type Call = { key: string; heard: Heard[] }
type Load = Ground & {
  servers: string[]
  over: AbortSignal
  calls: Call[]
  /** When the last call succeeded that was sent after the database came back. */
  succeeded: (sent_at: number) => void
}

async function run({ short, random, parts }: Plan): Promise<Finding> {
  const stops = short ? 3 : 20
  const ground = await prepare(parts, { durable: true })
  const { astra, server, sql } = ground
  await keepJournal(sql)
  const upstream = await startUpstream(parts, server.url)
  const servers = [
    await astra.add(`${upstream.origin}/modern`),
    await astra.add(`${upstream.origin}/session`),
  ]
  const before = await astra.stack.pids()
  const enough = new AbortController()
  const back = new Recovery()
  const load: Load = {
    ...ground,
    servers,
    over: enough.signal,
    calls: [],
    succeeded: (sent_at) => back.succeeded(sent_at),
  }
  const chances = () => randomFrom(random.below(2 ** 31))
  const calling = Promise.all(Array.from({ length: CALLERS }, () => callAll(load, chances())))
  for (let number = 0; number < stops; number++) {
    await pause(random.below(LONGEST_LIFE_MS))
    await server.crash()
    await pause(random.below(LONGEST_ABSENCE_MS))
    await server.start()
    await back.wait()
  }
  enough.abort()
  await calling
  const after = await astra.stack.pids()
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  return await judge({ sql, upstream, calls: load.calls, back, isSame })
}

/** How long it takes after each return of the database until a call succeeds that was sent since. */
class Recovery {
  readonly took_ms: number[] = []
  #since = Infinity
  #first = Promise.withResolvers<void>()

  succeeded(sent_at: number): void {
    if (sent_at >= this.#since) this.#first.resolve()
  }

  async wait(): Promise<void> {
    this.#first = Promise.withResolvers()
    this.#since = performance.now()
    await Promise.race([this.#first.promise, pause(2 * RECOVERY_MS)])
    this.took_ms.push(performance.now() - this.#since)
    this.#since = Infinity
  }
}

/** One call after another, each with a key of its own that is sent until something is heard of it. */
async function callAll(load: Load, random: Random): Promise<void> {
  const url = `${load.astra.url}/functions/v1/mcp-client`
  while (!load.over.aborted) {
    const key = crypto.randomUUID()
    const call: Call = { key, heard: [] }
    load.calls.push(call)
    const operation = {
      action: 'call_tool',
      server_id: random.pick(load.servers),
      tool_name: 'work',
      parameters: { id: key, ms: random.below(LONGEST_WORK_MS) },
      idempotency_key: key,
    }
    do {
      if (call.heard.length > 0) await pause(LOOK_EVERY_MS)
      const sent_at = performance.now()
      const heard = await say(load.astra, url, operation)
      call.heard.push(heard)
      if (heard.kind === 'answer' && heard.answer.status === 'success') load.succeeded(sent_at)
    } while (isUnavailable(call.heard.at(-1)!) && !load.over.aborted)
  }
}

function isUnavailable(heard: Heard): boolean {
  return heard.kind === 'refusal' && heard.code === 'unavailable'
}

type Seen = {
  sql: Ground['sql']
  upstream: Upstream
  calls: Call[]
  back: Recovery
  isSame: boolean
}

async function judge({ sql, upstream, calls, back, isSame }: Seen): Promise<Finding> {
  const heard = calls.flatMap((call) => call.heard)
  const answers: Told[] = heard.flatMap((one) => one.kind === 'answer' ? [one.answer] : [])
  const refusals: Told[] = heard.flatMap((one) =>
    one.kind === 'refusal' && one.execution_id
      ? [{ execution_id: one.execution_id, status: one.code }]
      : []
  )
  const untold = await caughtUp(sql, answers)
  const reaped = await passTime(sql)
  const otherwise = await toldOtherwise(sql, answers, ['unknown'])
  const refused = heard.filter(isUnavailable).length
  const odd = heard.filter((one) =>
    one.kind === 'broken' || one.kind === 'nonsense' ||
    one.kind === 'refusal' && !['unavailable', 'in_progress'].includes(one.code)
  )
  const slow = back.took_ms.filter((ms) => ms > RECOVERY_MS)
  return {
    seen: [
      `${back.took_ms.length} stops under ${CALLERS} callers: ${calls.length} keys, ${answers.length} answers, ${refused} times unavailable`,
      `a call succeeds again after ${inMs(back.took_ms)}`,
      `on record: ${await endings(
        sql,
      )}; ${reaped} were closed by the reaper, ${untold.length} of them told`,
    ],
    broken: [
      ...few('a caller was told something else than is on record', otherwise),
      ...(untold.length > answers.length / ONE_END_OF ? few('an end was not written', untold) : []),
      ...await contradictions(sql, {
        received: await upstream.received(),
        told: [...answers, ...refusals],
      }),
      ...few('no call succeeded soon', slow.map((ms) => `${Math.round(ms)} ms`)),
      ...few('a caller heard something unexpected', odd.map((one) => JSON.stringify(one))),
      ...(isSame ? [] : ['a process of the stack was started again']),
      ...(refused === 0 ? ['no call met a stopped database: nothing was tried'] : []),
    ],
  }
}

/** What callers were told and is not on record, once the ends that could not be written had time to be. */
async function caughtUp(sql: Ground['sql'], told: Told[]): Promise<string[]> {
  const deadline = Date.now() + CATCHING_UP_MS
  for (;;) {
    const otherwise = await toldOtherwise(sql, told)
    if (otherwise.length === 0 || Date.now() > deadline) return otherwise
    await pause(LOOK_EVERY_MS)
  }
}

function inMs(took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? NaN
  return `${Math.round(middle)} ms in the middle, ${Math.round(sorted.at(-1) ?? NaN)} ms at worst`
}
