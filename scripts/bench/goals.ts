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

const one = (name: Name): Of => ({ name, callers: 1 })

const questions: Question[] = [
  ...p1('session era', 'astra', 'direct'),
  ...p1('2026-07-28', 'astraModern', 'directModern'),
  {
    goal: 'P1',
    what: 'p50 ÷ mcp-hub, 1 caller',
    measure: 'p50_ms',
    over: one('astra'),
    under: one('hub'),
    atMost: 1.1,
  },
  ...[16, 64].flatMap((callers) => [p3('naive', callers, 3.3), p3('hub', callers, 1.3)]),
  {
    goal: 'P4',
    what: 'CPU per call ÷ mcp-hub, 16 callers',
    measure: 'cpu_us',
    over: { name: 'astra', callers: 16 },
    under: { name: 'hub', callers: 16 },
    atMost: 0.7,
  },
  p6(1, 3.3),
  p6(16, 3.5),
  {
    goal: 'P9',
    what: 'p50 with 1,000 tools ÷ 1 tool',
    measure: 'p50_ms',
    over: one('thousand'),
    under: one('astraModern'),
    atMost: 1.15,
  },
]

function p1(era: string, over: Name, under: Name): Question[] {
  const what = `p50 ÷ direct, 1 caller, ${era}`
  return [{ goal: 'P1', what, measure: 'p50_ms', over: one(over), under: one(under), atMost: 3.5 }]
}

function p3(peer: Name, callers: number, atLeast: number): Question {
  const what = `calls/s ÷ ${peer === 'hub' ? 'mcp-hub' : 'naive'}, ${callers} callers`
  const [over, under] = [{ name: 'astra' as const, callers }, { name: peer, callers }]
  return { goal: 'P3', what, measure: 'per_second', over, under, atLeast }
}

function p6(callers: number, atLeast: number): Question {
  const what = `p50 of naive ÷ Astra, delayed, ${callers} caller${callers > 1 ? 's' : ''}`
  const [over, under] = [{ name: 'farNaive' as const, callers }, {
    name: 'farAstra' as const,
    callers,
  }]
  return { goal: 'P6', what, measure: 'p50_ms', over, under, atLeast }
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
