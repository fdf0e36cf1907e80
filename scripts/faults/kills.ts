// The function is killed again and again, at moments nobody chose, while people call through it and send
// what broke once more with the same idempotency key.
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
import { type MortalFunction, startMortalFunction } from './mortal-function.ts'
import { startUpstream } from './recorder.ts'

const CALLERS = 10
const PROCESSES = 3
/** A process lives this long at most. */
const LONGEST_LIFE_MS = 600
const LONGEST_WORK_MS = 60
const MOST_TRIES = 60

export const kills: Scenario = {
  name: 'kills',
  claim: 'however often the function is killed, no execution is lost, doubled or left open',
  run,
}

type Load = Ground & { functions: MortalFunction[]; servers: string[]; over: AbortSignal }
type Call = { key: string; tries: number; last: Heard }

async function run({ short, random, parts }: Plan): Promise<Finding> {
  const wanted = short ? 20 : 200
  const ground = await prepare(parts)
  const { astra, server, sql } = ground
  await keepJournal(sql)
  const upstream = await startUpstream(parts, server.url)
  const servers = [
    await astra.add(`${upstream.origin}/modern`),
    await astra.add(`${upstream.origin}/session`),
  ]
  const functions = await Promise.all(Array.from({ length: PROCESSES }, async () => {
    const one = await startMortalFunction({ folder: astra.folder, project: astra.url })
    parts.defer(() => one.stop())
    return one
  }))
  const enough = new AbortController()
  const load = { ...ground, functions, servers, over: enough.signal }
  const chances = () => randomFrom(random.below(2 ** 31))
  const calling = Promise.all(Array.from({ length: CALLERS }, () => callAll(load, chances())))
  await killAll(functions, wanted, chances).finally(() => enough.abort())
  const calls = (await calling).flat()
  // A call that runs still may end its row by itself; then time passes for what the dead left behind.
  await Promise.all(functions.map((one) => one.kill().then(() => one.ready())))
  const reaped = await passTime(sql)
  const received = await upstream.received()
  return await judge({ calls, wanted, received, reaped, sql })
}

/** Kills each process at moments of its own, until all of them together were killed often enough. */
async function killAll(
  functions: MortalFunction[],
  wanted: number,
  chances: () => Random,
): Promise<void> {
  let left = wanted
  await Promise.all(functions.map(async (one) => {
    const random = chances()
    while (left-- > 0) {
      await one.ready()
      await pause(random.below(LONGEST_LIFE_MS))
      await one.kill()
    }
    await one.ready()
  }))
}

/** One call after another, each with a key of its own that is sent until something is heard of it. */
async function callAll(load: Load, random: Random): Promise<Call[]> {
  const calls: Call[] = []
  while (!load.over.aborted) {
    const key = crypto.randomUUID()
    const operation = {
      action: 'call_tool',
      server_id: random.pick(load.servers),
      tool_name: 'work',
      parameters: { id: key, ms: random.below(LONGEST_WORK_MS) },
      idempotency_key: key,
    }
    const call: Call = { key, tries: 0, last: { kind: 'broken' } }
    calls.push(call)
    while (isUnheard(call.last) && call.tries++ < MOST_TRIES) {
      if (call.tries > 1) await pause(random.below(100))
      call.last = await say(load.astra, random.pick(load.functions).url, operation)
    }
  }
  return calls
}

/** Whether the caller knows nothing yet: it sends the same once more. */
function isUnheard(heard: Heard): boolean {
  return heard.kind === 'broken' || heard.kind === 'refusal' && heard.code === 'unavailable'
}

type Seen = {
  calls: Call[]
  wanted: number
  received: Awaited<ReturnType<Awaited<ReturnType<typeof startUpstream>>['received']>>
  reaped: number
  sql: Ground['sql']
}

async function judge({ calls, wanted, received, reaped, sql }: Seen): Promise<Finding> {
  const told: Told[] = calls.flatMap(({ last }) => last.kind === 'answer' ? [last.answer] : [])
  const retried = calls.filter(({ tries }) => tries > 1).length
  const running = calls.filter(({ last }) => last.kind === 'refusal' && last.code === 'in_progress')
  const other = calls.filter(({ last }) =>
    last.kind === 'nonsense' || isUnheard(last) ||
    last.kind === 'refusal' && last.code !== 'in_progress'
  )
  return {
    seen: [
      `${wanted} kills under ${CALLERS} callers on ${PROCESSES} processes: ${calls.length} keys`,
      `${retried} keys were sent again; ${told.length} heard an answer, ${running.length} that it runs still`,
      `the server received ${received.length} calls; on record: ${await endings(sql)}`,
      `${reaped} executions were closed by the reaper`,
    ],
    broken: [
      ...await contradictions(sql, { received, told }),
      ...few(
        'a caller was told something else than is on record',
        await toldOtherwise(sql, told, ['unknown']),
      ),
      ...few('a caller heard something unexpected', other.map(({ last }) => JSON.stringify(last))),
      ...(retried === 0 || reaped === 0 ? ['no kill hit a call: nothing was tried'] : []),
    ],
  }
}
