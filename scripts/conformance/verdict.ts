// Judges one scenario of the conformance suite from what the suite checked and how the bridge ended.
// Stricter than the suite: a warning, an unfinished bridge or a scenario that checked nothing fails it.

export type Check = { id: string; status: string; name: string; errorMessage?: string }

/** `ended` is what the bridge said last, or null when it ended without a word. */
export type Seen = { scenario: string; checks: Check[]; ended: string | null; said: string }

export type Verdict = {
  scenario: string
  passed: boolean
  /** Messages of ours that break the specification's schema. */
  wire_failures: number
  /** One line each, empty when it passed. */
  problems: string[]
}

export const finished = 'finished'

export function judge({ scenario, checks, ended, said }: Seen): Verdict {
  const problems = checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ id, name, errorMessage }) => `${id}: ${errorMessage ?? name}`)
  if (!checks.some(({ status }) => status === 'SUCCESS')) problems.push('nothing was checked')
  if (ended !== finished) problems.push(`the bridge did not finish: ${lastLines(said)}`)
  const wire = checks.filter(({ id, status }) => id === 'wire-schema-valid' && status === 'FAILURE')
  return { scenario, passed: problems.length === 0, wire_failures: wire.length, problems }
}

function lastLines(said: string): string {
  return said.trim().split('\n').slice(-3).join(' ').slice(-600) || 'it said nothing'
}
