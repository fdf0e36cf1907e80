// Says what runs of the conformance suite gave: for people line by line, for the gate as JUnit.
import { required, type SetResult } from './suite.ts'
import type { Verdict } from './verdict.ts'

/** A set is complete when every scenario that counts passed, and there are as many as there must be. */
export function isComplete({ revision, scored }: SetResult): boolean {
  return scored.length === required[revision] && scored.every(({ passed }) => passed)
}

/** `2025-11-25: 18/18, 0 wire-schema failures`, then what failed, then what does not count. */
export function describe(set: SetResult): string {
  const passed = set.scored.filter((one) => one.passed)
  const wire = [...set.scored, ...set.unscored].reduce((sum, one) => sum + one.wire_failures, 0)
  return [
    `${set.revision}: ${passed.length}/${required[set.revision]}, ${wire} wire-schema failures`,
    ...set.scored.filter((one) => !one.passed).flatMap(failure),
    ...set.unscored.map((one) =>
      `  not scored: ${one.passed ? 'passes' : 'fails '} ${one.scenario}`
    ),
  ].join('\n')
}

function failure({ scenario, problems }: Verdict): string[] {
  return [`  FAILED ${scenario}`, ...problems.map((problem) => `    ${problem}`)]
}

/** One case per scenario that counts, per run. */
export function junit(sets: SetResult[]): string {
  const cases = sets.flatMap(({ revision, scored }) =>
    scored.map(({ scenario, problems }) => {
      const name = `<testcase classname="${revision}" name="${scenario}"`
      return problems.length === 0 ? `${name}/>` : `${name}><failure/></testcase>`
    })
  )
  return `<testsuites>\n${cases.join('\n')}\n</testsuites>\n`
}
