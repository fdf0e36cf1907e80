// Sixteen callers for minutes, with slices of direct calls between them to know what the machine gives just
// then; at the end 64. Nothing that was answered may be missing from the record, and memory may not climb.
import { type Cell, type Contender, measure } from '../bench/load.ts'
import { median } from '../bench/goals.ts'
import type { Finding, Plan, Scenario } from '../scenarios/scenario.ts'
import { riseInTenMinutes, type Sample, watchFootprint } from './footprint.ts'
import { openWorkload, unkept, type Workload } from './workload.ts'

export const sustained: Scenario = {
  name: 'sustained',
  claim: 'under callers for minutes nothing is lost, nothing fails, and memory stays (P13)',
  run: press,
}

const times = {
  full: { slices: 27, astra_ms: 20_000, direct_ms: 2_000, crowd_ms: 30_000 },
  short: { slices: 3, astra_ms: 3_000, direct_ms: 1_000, crowd_ms: 2_000 },
}
const [few, many] = [16, 64]
const MOST_MIB = 256
const MOST_RISE = 0.05

type Cells = { astra: Cell[]; direct: Cell[] }

async function press({ short, say, parts }: Plan): Promise<Finding> {
  const time = short ? times.short : times.full
  const work = await openWorkload(parts, { durable: true })
  const astra = work.astra([await work.ground.astra.add(work.upstream)])
  const direct = await work.direct()
  const bounds = { callers: few, most: Infinity, database: work.database }
  for (const one of [astra, direct]) await measure(one, { ...bounds, ms: 1_000 })
  const footprint = watchFootprint(work.pid, 1_000)
  parts.defer(() => footprint.stop())
  const cells: Cells = { astra: [], direct: [] }
  for (let slice = 0; slice < time.slices; slice++) {
    if (slice % 3 === 0) say(`slice ${slice + 1} of ${time.slices}`)
    cells.astra.push(await measure(astra, { ...bounds, ms: time.astra_ms }))
    cells.direct.push(await measure(direct, { ...bounds, ms: time.direct_ms }))
  }
  const steady = [...footprint.samples]
  const crowd = await pressHard(work, { astra, ms: time.crowd_ms })
  return {
    seen: [...figures(cells), ...memoryLines(steady), crowd.line],
    broken: [...await unkept(work), ...climbing(steady, short), ...crowd.broken],
  }
}

async function pressHard(
  { pid, database }: Workload,
  { astra, ms }: { astra: Contender; ms: number },
): Promise<{ line: string; broken: string[] }> {
  const footprint = watchFootprint(pid, 25)
  const cell = await measure(astra, { callers: many, ms, most: Infinity, database })
  footprint.stop()
  const peak = Math.max(...footprint.samples.map(({ mib }) => mib))
  const line = `${many} callers: ${speedOf(cell)}; memory at most ${peak.toFixed(0)} MiB`
  return { line, broken: peak > MOST_MIB ? [`${line}, more than ${MOST_MIB}`] : [] }
}

/** Each figure of a slice, then the median of slices: what disturbed one slice disturbed it alone. */
function figures({ astra, direct }: Cells): string[] {
  const of = (cells: Cell[], measure: keyof Cell) => median(cells.map((cell) => cell[measure]))
  const typical = (cells: Cell[]): Cell => {
    const names = Object.keys(cells[0]!) as (keyof Cell)[]
    return Object.fromEntries(names.map((name) => [name, of(cells, name)])) as Cell
  }
  const share = median(astra.map((cell, at) => cell.per_second / direct[at]!.per_second))
  const { cpu_us, function_us, stack_us, database_us } = typical(astra)
  const spent = [function_us, stack_us, database_us].map((us) => us.toFixed(0)).join(' + ')
  const calls = astra.reduce((sum, cell) => sum + cell.calls, 0)
  return [
    `Astra, ${few} callers: ${calls} calls, ${speedOf(typical(astra))}`,
    `direct, ${few} callers: ${speedOf(typical(direct))}`,
    `Astra ÷ direct: ${share.toFixed(3)} of its calls/s`,
    `processor time of a call: ${cpu_us.toFixed(0)} µs without the database ` +
    `(function + stack + database: ${spent} µs)`,
  ]
}

function speedOf({ per_second, p50_ms, p95_ms, p99_ms }: Cell): string {
  const waits = [p50_ms, p95_ms, p99_ms].map((ms) => ms.toFixed(1)).join(' / ')
  return `${per_second.toFixed(0)} calls/s, p50 / p95 / p99 ${waits} ms`
}

function memoryLines(samples: Sample[]): string[] {
  const tenth = Math.max(1, Math.floor(samples.length / 10))
  const shown = samples.filter((_, at) => at % tenth === 0)
  const line = shown.map(({ seconds, mib }) => `${mib.toFixed(0)} at ${seconds.toFixed(0)} s`)
  const rise = (secondHalf(samples).rise * 100).toFixed(1)
  return [
    `memory of the function in MiB: ${line.join(', ')}`,
    `a line through the second half rises ${rise} % in ten minutes`,
  ]
}

function secondHalf(samples: Sample[]): { rise: number } {
  return { rise: riseInTenMinutes(samples.slice(samples.length >> 1)) }
}

/** Seconds say nothing about ten minutes, so a short run only prints it. */
function climbing(samples: Sample[], short: boolean): string[] {
  const { rise } = secondHalf(samples)
  return short || rise <= MOST_RISE
    ? []
    : [`memory rises ${(rise * 100).toFixed(1)} % in ten minutes, more than ${MOST_RISE * 100} %`]
}
