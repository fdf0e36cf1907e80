// A call, broken at every step from outside the function: by an error, by silence and by the death of its
// process, before the step was carried out and after, when only the answer is missing.
import { pause } from '../bench/serve.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { standBetween } from './between.ts'
import { type Heard, say } from './callers.ts'
import { type Ground, prepare } from './ground.ts'
import { keepJournal } from './journal.ts'
import { type MortalFunction, startMortalFunction } from './mortal-function.ts'
import { startUpstream } from './recorder.ts'
import { findings } from './trial-findings.ts'
import { asks, hows, moments, steps, type Trial, Trials } from './trials.ts'

/** Longer than the function takes to look whether a call was cancelled, so that it looks. */
const WATCHED_MS = 2_500
const TIMEOUT_SECONDS = 5
const MOST_ADDED_AT_ONCE = 8
/** How long a call may take to come to its moment, and a row to end by itself. */
const PATIENCE_MS = 40_000

export const stepByStep: Scenario = {
  name: 'steps',
  claim: 'whatever step of a call breaks, and however, its execution ends once and is called once',
  run,
}

type Place = Ground & {
  trials: Trials
  /** The upstream as the function sees it. */
  upstream: string
  start(): Promise<MortalFunction>
}

async function run({ short, random, parts, say: tell }: Plan): Promise<Finding> {
  const ground = await prepare(parts)
  const { astra, server, sql } = ground
  await keepJournal(sql)
  const recorder = await startUpstream(parts, server.url)
  const trials = new Trials(random)
  const project = await standBetween(parts, astra.url, trials.project)
  const upstream = await standBetween(parts, recorder.origin, trials.upstream)
  const start = async () => {
    const one = await startMortalFunction({ folder: astra.folder, project })
    parts.defer(() => one.stop())
    return one
  }
  const place: Place = { ...ground, trials, upstream, start }
  const planned = await planAll(place, short ? 1 : 20)
  await sql`update public.mcp_tools set timeout_seconds = ${TIMEOUT_SECONDS}`
  await sql`update public.mcp_servers set protocol = null`
  tell(`${planned.length} trials`)
  await Promise.all([
    performAll(place, planned.filter(({ how }) => how === 'throw'), { lanes: 1, atOnce: 20 }),
    performAll(place, planned.filter(({ how }) => how === 'hang'), { lanes: 1, atOnce: 140 }),
    performAll(place, planned.filter(({ how }) => how === 'kill'), { lanes: 3, atOnce: 1 }),
  ])
  return await findings(sql, { planned, received: recorder.received })
}

async function planAll(place: Place, times: number): Promise<Trial[]> {
  const shared = {
    modern: await place.astra.add(`${place.upstream}/shared/modern`),
    session: await place.astra.add(`${place.upstream}/shared/session`),
  }
  const planned: Trial[] = []
  for (const how of hows) {
    for (const step of steps) {
      for (const moment of moments) {
        for (let number = 0; number < times; number++) {
          const era = asks({ step }) || number % 2 === 0 ? 'modern' : 'session'
          planned.push(trialOf({ step, moment, how, server_id: shared[era] }))
        }
      }
    }
  }
  // A connection is made once: whoever breaks it needs a server that nobody else calls.
  const connecting = planned.filter(({ step }) => step === 'connect').values()
  await Promise.all(Array.from({ length: MOST_ADDED_AT_ONCE }, async () => {
    for (const trial of connecting) {
      const era = trial.server_id === shared.modern ? 'modern' : 'session'
      trial.server_id = await place.astra.add(`${place.upstream}/${trial.id}/${era}`)
    }
  }))
  return planned
}

function trialOf(given: Pick<Trial, 'step' | 'moment' | 'how' | 'server_id'>): Trial {
  return {
    ...given,
    id: crypto.randomUUID(),
    kill: () => Promise.resolve(),
    met: Promise.withResolvers(),
    isMet: false,
    heard: [],
  }
}

/** So many processes of the function, each with so many trials at the same time. */
async function performAll(
  place: Place,
  planned: Trial[],
  { lanes, atOnce }: { lanes: number; atOnce: number },
): Promise<void> {
  const left = planned.values()
  await Promise.all(Array.from({ length: lanes }, async () => {
    const worker = await place.start()
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (const trial of left) await perform(place, trial, worker)
    }))
  }))
}

/** The call, and the same once more when nothing is known of it; likewise the answer to its question. */
async function perform(place: Place, trial: Trial, worker: MortalFunction): Promise<void> {
  trial.kill = () => worker.kill()
  place.trials.begin(trial)
  const { id, step, server_id } = trial
  let heard = await insist(place, trial, worker, {
    action: 'call_tool',
    server_id,
    tool_name: asks(trial) ? 'ask' : 'work',
    parameters: { id, ms: step === 'watch' ? WATCHED_MS : 0 },
    idempotency_key: id,
  })
  if (heard.kind === 'answer' && heard.answer.status === 'awaiting_input') {
    const { execution_id } = heard.answer
    const content = { guests: 2 }
    const operation = { action: 'answer_input', execution_id, answer: 'accept', content }
    heard = await insist(place, trial, worker, operation)
  }
  await Promise.race([trial.met.promise, pause(PATIENCE_MS)])
  await worker.ready()
}

async function insist(
  { astra }: Place,
  { heard }: Trial,
  worker: MortalFunction,
  operation: unknown,
): Promise<Heard> {
  for (let tries = 1;; tries++) {
    const last = await say(astra, worker.url, operation)
    heard.push(last)
    const isUnheard = last.kind === 'broken' ||
      last.kind === 'refusal' && last.code === 'unavailable'
    if (!isUnheard || tries === 2) return last
    await worker.ready()
  }
}
