// From rounds to verdicts. Pure: medians, ratios taken within each round, and the goals they are held to.
import type { Name, Round } from './rounds.ts'
import type { Cell } from './load.ts'

type Measure = 'p50_ms' | 'p95_ms' | 'per_second' | 'cpu_us' | 'database_us'
type Of = { name: Name; callers: number }

export type Verdict = {
  goal: string
  what: string
  /** Null when a contender it compares with is missing. */
  ratio: number | null
  wanted: string
  verdict: 'met' | 'met within 15 %' | 'missed' | 'not measured'
}

type Question = {
  goal: string
  what: string
  measure: Measure
  over: Of
  under: Of
  atMost?: number
  atLeast?: number
}

/** What the measurement does not settle by less than this is not missed. */
const tolerance = 0.15

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return NaN
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The cells of one contender with that many callers, one per round. */
export function cellsOf(rounds: Round[], { name, callers }: Of): Cell[] {
  return rounds.flatMap((round) => round[name]?.filter((cell) => cell.callers === callers) ?? [])
}

const questions: Question[] = [
  p1({ what: 'direct, session era', over: 'astra', under: 'direct', atMost: 3.5 }),
  p1({ what: 'direct, 2026-07-28', over: 'astraModern', under: 'directModern', atMost: 3.5 }),
  p1({ what: 'mcp-hub', over: 'astra', under: 'hub', atMost: 1.1 }),
  ...[16, 64].flatMap((callers) => [
    p3({ what: 'naive', over: 'astra', under: 'naive', callers, atLeast: 3.3 }),
    p3({ what: 'mcp-hub', over: 'astra', under: 'hub', callers, atLeast: 1.3 }),
  ]),
  p4('mcp-hub', 'astra'),
  // The goals were set on a project that costs nothing, and a peer that has none.
  p1({ what: 'direct, free project', over: 'freeAstra', under: 'direct', atMost: 3.5 }),
  p1({ what: 'mcp-hub, free project', over: 'freeAstra', under: 'hub', atMost: 1.1 }),
  ...[16, 64].flatMap((callers) => [
    p3({
      what: 'naive, free project',
      over: 'freeAstra',
      under: 'freeNaive',
      callers,
      atLeast: 3.3,
    }),
    p3({ what: 'mcp-hub, free project', over: 'freeAstra', under: 'hub', callers, atLeast: 1.3 }),
  ]),
  p4('mcp-hub, free project', 'freeAstra'),
  p6(1, 3.3),
  p6(16, 3.5),
  {
    goal: 'P9',
    what: 'p50 with 1,000 tools ÷ 1 tool',
    measure: 'p50_ms',
    over: { name: 'thousand', callers: 1 },
    under: { name: 'astraModern', callers: 1 },
    atMost: 1.15,
  },
]

type Compared = { what: string; over: Name; under: Name }

function p1({ what, over, under, atMost }: Compared & { atMost: number }): Question {
  const [above, below] = [{ name: over, callers: 1 }, { name: under, callers: 1 }]
  const asked = `p50 at 1 caller ÷ ${what}`
  return { goal: 'P1', what: asked, measure: 'p50_ms', over: above, under: below, atMost }
}

function p3(
  { what, over, under, callers, atLeast }: Compared & { callers: number; atLeast: number },
): Question {
  const [above, below] = [{ name: over, callers }, { name: under, callers }]
  const asked = `calls/s at ${callers} callers ÷ ${what}`
  return { goal: 'P3', what: asked, measure: 'per_second', over: above, under: below, atLeast }
}

function p4(what: string, over: Name): Question {
  const [above, below] = [{ name: over, callers: 16 }, { name: 'hub' as const, callers: 16 }]
  const asked = `CPU per call at 16 callers ÷ ${what}`
  return { goal: 'P4', what: asked, measure: 'cpu_us', over: above, under: below, atMost: 0.7 }
}

function p6(callers: number, atLeast: number): Question {
  const [naive, astra] = [{ name: 'farNaive' as const, callers }, {
    name: 'farAstra' as const,
    callers,
  }]
  const asked = `p50 of naive ÷ Astra, delayed, ${callers} caller${callers > 1 ? 's' : ''}`
  return { goal: 'P6', what: asked, measure: 'p50_ms', over: naive, under: astra, atLeast }
}

export function judge(rounds: Round[]): Verdict[] {
  return questions.map((question) => {
    const { goal, what, atMost, atLeast } = question
    const ratio = ratioOf(rounds, question)
    const wanted = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
    return { goal, what, ratio, wanted, verdict: verdictOf(ratio, question) }
  })
}

/** The median of each round's own ratio: what disturbed a round disturbed both sides of it. */
function ratioOf(rounds: Round[], { measure, over, under }: Question): number | null {
  const ratios = rounds.flatMap((round) => {
    const [above] = cellsOf([round], over)
    const [below] = cellsOf([round], under)
    return above && below ? [above[measure] / below[measure]] : []
  })
  const ratio = median(ratios)
  return Number.isFinite(ratio) ? ratio : null
}

function verdictOf(ratio: number | null, { atMost, atLeast }: Question): Verdict['verdict'] {
  if (ratio === null) return 'not measured'
  const holds = (slack: number) =>
    (atMost === undefined || ratio <= atMost * (1 + slack)) &&
    (atLeast === undefined || ratio >= atLeast * (1 - slack))
  if (holds(0)) return 'met'
  return holds(tolerance) ? 'met within 15 %' : 'missed'
}
