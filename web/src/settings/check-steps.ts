// The seven steps of a test in the words of those who read them, and where each one stands. Pure.
import type { TestStep } from '@shared/server.ts'

type StepName = TestStep['step']

/** In the order they are tried: a name, and what the step finds out. */
export const checkSteps: { step: StepName; name: string; asks: string }[] = [
  { step: 'resolve', name: 'Find the address', asks: 'Does its name lead somewhere?' },
  {
    step: 'tls',
    name: 'Secure the line',
    asks: 'Is the line private, and the server who it says?',
  },
  { step: 'transport', name: 'Connect', asks: 'Does an MCP server answer there?' },
  { step: 'era', name: 'Agree on a version', asks: 'Which version of MCP do both sides speak?' },
  { step: 'sign_in', name: 'Sign in', asks: 'Does it let us in?' },
  { step: 'list_tools', name: 'Read its tools', asks: 'Which tools does it offer?' },
  { step: 'safe_call', name: 'Try one tool', asks: 'Does a tool that only reads answer?' },
]

export type Standing =
  | { at: 'waiting' | 'running'; step: null }
  /** The test ended before it came here. */
  | { at: 'not_reached'; step: TestStep | null }
  /** `skipped`: there was nothing to do. */
  | { at: 'passed'; step: TestStep }
  | { at: 'failed'; step: TestStep }
  | { at: 'skipped'; step: TestStep }

export type Row = { step: StepName; name: string; asks: string; standing: Standing }

/** Every step with where it stands now. The first one not yet told of is under way while the test runs. */
export function rowsOf(told: readonly TestStep[], running: boolean): Row[] {
  const failedAt = checkSteps.findIndex(({ step }) =>
    told.some((one) => one.step === step && one.outcome === 'failed')
  )
  const next = checkSteps.findIndex(({ step }) => !told.some((one) => one.step === step))
  return checkSteps.map((known, at) => {
    const step = told.find((one) => one.step === known.step) ?? null
    const afterFailure = failedAt >= 0 && at > failedAt
    return { ...known, standing: standingOf(step, { running, next: at === next, afterFailure }) }
  })
}

type Around = { running: boolean; next: boolean; afterFailure: boolean }

function standingOf(step: TestStep | null, { running, next, afterFailure }: Around): Standing {
  if (afterFailure) return { at: 'not_reached', step }
  if (step) return { at: step.outcome, step }
  if (!running) return { at: 'not_reached', step: null }
  return { at: next ? 'running' : 'waiting', step: null }
}

/** Puts a step that was just told into what is known. A test that begins anew forgets what came after. */
export function withStep(told: readonly TestStep[], step: TestStep): TestStep[] {
  const place = (name: StepName) => checkSteps.findIndex((one) => one.step === name)
  return [...told.filter((one) => place(one.step) < place(step.step)), step]
}

/** Read out while it happens: `Step 3 of 7: Connect`. */
export function stepWords(rows: readonly Row[]): string {
  const at = rows.findIndex(({ standing }) => standing.at === 'running')
  return at < 0 ? '' : `Step ${at + 1} of ${rows.length}: ${rows[at]!.name}`
}
