import { describe, expect, it } from 'vitest'
import { type TestStep, testStep } from '@shared/server.ts'
import { checkSteps, rowsOf, stepWords, withStep } from './check-steps.ts'

const step = (name: TestStep['step'], outcome: TestStep['outcome'] = 'passed'): TestStep => ({
  step: name,
  outcome,
  message: name,
  advice: null,
  duration_ms: 1,
})
const standings = (told: TestStep[], running: boolean) =>
  rowsOf(told, running).map(({ standing }) => standing.at)

describe('the steps of a test', () => {
  it('are all that the function knows, in its order', () => {
    expect(checkSteps.map(({ step }) => step)).toEqual(testStep.shape.step.options)
  })

  it('wait their turn: the first one not told of is under way', () => {
    expect(standings([], true)).toEqual(['running', ...Array(6).fill('waiting')])
    const told = [step('resolve'), step('tls', 'skipped')]
    expect(standings(told, true))
      .toEqual(['passed', 'skipped', 'running', ...Array(4).fill('waiting')])
    expect(stepWords(rowsOf(told, true))).toBe('Step 3 of 7: Connect')
  })

  it('after one that failed are not reached, whatever is told of them', () => {
    const told = [step('resolve'), step('tls', 'failed'), step('transport', 'skipped')]
    for (const running of [true, false]) {
      expect(standings(told, running))
        .toEqual(['passed', 'failed', ...Array(5).fill('not_reached')])
    }
    expect(stepWords(rowsOf(told, true))).toBe('')
  })

  it('are not reached either where the test broke off', () => {
    expect(standings([step('resolve')], false))
      .toEqual(['passed', ...Array(6).fill('not_reached')])
  })

  it('begin anew where the test does: what came after is forgotten', () => {
    const failed = [step('resolve'), step('tls'), step('transport', 'failed')]
    expect(withStep(failed, step('resolve')).map(({ step }) => step)).toEqual(['resolve'])
    expect(withStep([step('resolve')], step('tls'))).toHaveLength(2)
  })
})
