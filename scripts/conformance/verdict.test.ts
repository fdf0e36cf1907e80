import assert from 'node:assert/strict'
import { sampleOf } from './acts.ts'
import { describe, isComplete, junit } from './report.ts'
import { required, type SetResult } from './suite.ts'
import { type Check, finished, judge } from './verdict.ts'

const check = (status: string, id = 'a-check'): Check => ({ id, status, name: 'A check' })
const seen = (checks: Check[], ended: string | null = finished) =>
  judge({ scenario: 'auth/x', checks, ended, said: 'Refused:\nwhy' })

Deno.test('a scenario passes when something was checked, nothing failed and the bridge finished', () => {
  const verdict = seen([check('SUCCESS'), check('INFO'), check('SKIPPED')])
  assert.deepEqual(verdict, { scenario: 'auth/x', passed: true, wire_failures: 0, problems: [] })
})

Deno.test('a failure, a warning, no check at all and a bridge that did not finish fail a scenario', () => {
  for (const status of ['FAILURE', 'WARNING']) {
    assert.deepEqual(seen([check('SUCCESS'), check(status)]).problems, ['a-check: A check'])
  }
  assert.equal(seen([check('INFO')]).passed, false)
  assert.match(seen([check('SUCCESS')], null).problems[0]!, /did not finish: Refused: why/)
})

Deno.test('messages that break the schema are counted', () => {
  assert.equal(seen([check('FAILURE', 'wire-schema-valid'), check('SUCCESS')]).wire_failures, 1)
  assert.equal(seen([check('SUCCESS', 'wire-schema-valid')]).wire_failures, 0)
})

Deno.test('a set is complete only with every scenario that counts, and as many as there must be', () => {
  const passed = seen([check('SUCCESS')])
  const set = (scored: SetResult['scored']): SetResult => ({
    revision: '2025-11-25',
    scored,
    unscored: [seen([check('FAILURE')])],
  })
  const all = Array<typeof passed>(required['2025-11-25']).fill(passed)
  assert.equal(isComplete(set(all)), true)
  assert.equal(isComplete(set(all.slice(1))), false)
  assert.equal(isComplete(set([...all.slice(1), seen([check('FAILURE')])])), false)
  assert.match(
    describe(set(all)),
    /^2025-11-25: 18\/18, 0 wire-schema failures\n {2}not scored: fails/,
  )
})

Deno.test('the gate is told one case per scenario that counts', () => {
  const scored = [seen([check('SUCCESS')]), seen([check('FAILURE')])]
  const xml = junit([{ revision: '2026-07-28', scored, unscored: scored }])
  assert.equal(xml.match(/<testcase /g)!.length, 2)
  assert.equal(xml.match(/<failure/g)!.length, 1)
})

Deno.test('sample arguments are the least that a schema accepts', () => {
  const properties = { region: { type: 'string' }, count: { type: 'integer' }, more: {} }
  assert.deepEqual(sampleOf({ properties, required: ['region', 'count'] }), {
    region: 'sample',
    count: 1,
  })
})
