// What `npm run faults` and `npm run load` are made of: scenarios that put Astra under something and say
// what they saw. A claim that does not hold is a failure; nothing here measures or starts anything itself.
import { parseArgs } from 'node:util'

export type Scenario = {
  /** On the command line. */
  name: string
  /** What must hold, as a sentence. */
  claim: string
  run(plan: Plan): Promise<Finding>
}

export type Plan = {
  /** A few of everything, for the gate; otherwise the whole number. */
  short: boolean
  /** Repeats a run: all chance comes from here. */
  random: Random
  say: (line: string) => void
  /** Ended in reverse when the scenario is over. */
  parts: AsyncDisposableStack
}

export type Finding = {
  /** Figures and counts, one to a line. */
  seen: string[]
  /** What does not hold, one to a line. Empty when the claim does. */
  broken: string[]
}

export type Random = {
  /** In [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  below(below: number): number
  pick<T>(of: readonly T[]): T
}

/** mulberry32: small, and the same everywhere. For choosing what to break, never for secrets. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, pick: (of) => of[below(of.length)]! }
}

/**
 * Runs the scenarios named on the command line, or all. `--short`, `--seed=<number>`, `--junit-path=<file>`.
 * Exits 0 when every claim held, 1 when one did not, 2 when there is no such scenario.
 */
export async function runScenarios(scenarios: Scenario[]): Promise<never> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      'junit-path': { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !scenarios.some((one) => one.name === name))
  if (unknown.length > 0) {
    const names = scenarios.map(({ name }) => name).join(' ')
    console.error(`No such scenario: ${unknown.join(', ')}. Scenarios: ${names}`)
    Deno.exit(2)
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const wanted = scenarios.filter(({ name }) =>
    positionals.length === 0 || positionals.includes(name)
  )
  const stopped = whenStopped()
  const results: Result[] = []
  for (const scenario of wanted) {
    results.push(await perform(scenario, { short: values.short, seed, stopped }))
  }
  if (values['junit-path']) await Deno.writeTextFile(values['junit-path'], junit(results))
  const failed = results.filter(({ broken }) => broken.length > 0)
  console.log(`\n${results.length - failed.length} held, ${failed.length} did not`)
  Deno.exit(failed.length === 0 && results.length > 0 ? 0 : 1)
}

type Result = Finding & { name: string }

/** Rejects when someone ends the run: what a scenario started is ended first. */
function whenStopped(): Promise<never> {
  const stop = Promise.withResolvers<never>()
  stop.promise.catch(() => {})
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    Deno.addSignalListener(signal, () => stop.reject(new Error(`stopped by ${signal}`)))
  }
  return stop.promise
}

async function perform(
  { name, claim, run }: Scenario,
  { short, seed, stopped }: { short: boolean; seed: number; stopped: Promise<never> },
): Promise<Result> {
  console.log(`\n${name} (seed ${seed}${short ? ', short' : ''}): ${claim}`)
  const say = (line: string) => console.error(`  … ${line}`)
  const started = performance.now()
  const parts = new AsyncDisposableStack()
  const running = run({ short, random: randomFrom(seed), say, parts })
  const found = await Promise.race([running, stopped]).catch((thrown) => ({
    seen: [],
    broken: [`it could not be tried: ${thrown instanceof Error ? thrown.stack : String(thrown)}`],
  }))
  await parts.disposeAsync().catch((thrown) => found.broken.push(`it did not end well: ${thrown}`))
  for (const line of found.seen) console.log(`  ${line}`)
  for (const line of found.broken) console.log(`  BROKEN ${line}`)
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`  ${found.broken.length === 0 ? 'holds' : 'DOES NOT HOLD'} (${seconds} s)`)
  return { name, ...found }
}

function junit(results: Result[]): string {
  const cases = results.map(({ name, broken }) =>
    `<testcase classname="scenarios" name="${name}"${
      broken.length === 0 ? '/>' : '><failure/></testcase>'
    }`
  )
  return `<testsuites>\n${cases.join('\n')}\n</testsuites>\n`
}
