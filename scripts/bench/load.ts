// A closed loop of callers, bounded in time and in count: everyone sends the next call when the last one
// is answered. One failed call fails the whole measurement.
import { usedBy } from './cpu.ts'
import { pause } from './serve.ts'

export type Processes = { function?: number; stack?: number; peer?: number }

export type Contender = {
  name: string
  /** What stands between the caller and the upstream: its processor time is counted. */
  processes: Processes
  /** One call from start to end. Throws when the answer is not the right one. */
  call(text: string): Promise<void>
  /** Bounds calls for whoever leaves something behind with each of them. */
  most?: number
}

export type Cell = {
  callers: number
  calls: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
  per_second: number
  /** Processor time of a call: of everything in between, then of its parts. NaN where there is none. */
  cpu_us: number
  function_us: number
  stack_us: number
  database_us: number
}

type Bounds = { callers: number; ms: number; most: number; database: () => number }

/** What is still written after an answer belongs to its call: it is given this long before the count ends. */
const afterglow = 30

export async function measure(contender: Contender, bounds: Bounds): Promise<Cell> {
  const { processes } = contender
  const watched = [processes.function, processes.stack, processes.peer]
  const before = watched.map(usedBy)
  const databaseBefore = bounds.database()
  const started = performance.now()
  const took = await drive(contender, bounds)
  const seconds = (performance.now() - started) / 1_000
  await pause(afterglow)
  const [ofFunction, ofStack, ofPeer] = watched.map((pid, at) =>
    (usedBy(pid) - before[at]!) / took.length
  ) as [number, number, number]
  const between = [ofFunction, ofStack, ofPeer].filter((one) => !Number.isNaN(one))
  took.sort((a, b) => a - b)
  return {
    callers: bounds.callers,
    calls: took.length,
    p50_ms: at(took, 0.5),
    p95_ms: at(took, 0.95),
    p99_ms: at(took, 0.99),
    per_second: took.length / seconds,
    cpu_us: between.length === 0 ? NaN : between.reduce((sum, one) => sum + one, 0),
    function_us: ofFunction,
    stack_us: ofStack,
    database_us: (bounds.database() - databaseBefore) / took.length,
  }
}

/** Every call's time in milliseconds. */
async function drive(contender: Contender, { callers, ms, most }: Bounds): Promise<number[]> {
  const took: number[] = []
  const deadline = performance.now() + ms
  const limit = Math.min(most, contender.most ?? most)
  let begun = 0
  const caller = async () => {
    while (begun < limit && performance.now() < deadline) {
      const number = begun++
      const started = performance.now()
      try {
        await contender.call(`call ${number}`)
      } catch (thrown) {
        throw new Error(`${contender.name}: ${String(thrown)}`, { cause: thrown })
      }
      took.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return took
}

function at(sorted: number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
