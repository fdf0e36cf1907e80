import { expect, test } from 'vitest'
import { statusOfCode } from '@shared/errors.ts'
import { executionError } from '@shared/execution.ts'
import { adviceFor, fixesFor, reasonIsResult, refusalAdvice, sideWords } from './failure-advice.ts'

const codes = [...executionError.shape.code.options, ...Object.keys(statusOfCode)]

test('every way an execution fails and every refusal has its advice, a whole sentence', () => {
  for (const code of codes) expect(adviceFor(code), code).toMatch(/^[A-Z].*\.$/)
})

test('whose side it is on is said of every failure but those that are nobody’s', () => {
  const nobodys = codes.filter((code) => sideWords(code) === null)
  expect(nobodys).toEqual(['cancelled', 'conflict', 'in_progress'])
})

test('what may have run is never offered as a plain second try', () => {
  for (const code of ['lost', 'timeout']) {
    expect(fixesFor(code)).toContain('again_with_care')
    expect(fixesFor(code)).not.toContain('again')
  }
  expect(fixesFor('invalid_parameters')).toEqual(['change'])
  expect(fixesFor('nobody knows')).toEqual(['again'])
})

test('a code nobody knows gives no advice, not even one of an object', () => {
  expect([null, 'x', 'toString', '__proto__'].map(adviceFor)).toEqual([null, null, null, null])
})

test('a refusal that says when to try again is told with its time', () => {
  const limited = { limit: 'person', retry_after_seconds: 41 }
  expect(refusalAdvice({ code: 'rate_limited', details: limited })).toBe('Try again in 41 s.')
  const resting = { reason: 'server_rests', retry_after_seconds: 30 }
  expect(refusalAdvice({ code: 'unavailable', details: resting }))
    .toBe('Try again in 30 s. If it lasts, ask an admin to test it.')
  expect(refusalAdvice({ code: 'rate_limited' })).toBe(adviceFor('rate_limited'))
  expect(refusalAdvice({ code: 'unavailable', details: null })).toBe(adviceFor('unavailable'))
  expect(refusalAdvice({ code: 'forbidden', details: limited })).toBeNull()
})

test('a tool’s own words are its result; any other reason is not', () => {
  const result = { content: [{ type: 'text', text: 'No such id' }], isError: true }
  expect(reasonIsResult({ code: 'tool_failed', result })).toBe(true)
  expect(reasonIsResult({ code: 'tool_failed', result: null })).toBe(false)
  expect(reasonIsResult({ code: 'tool_failed', result: { ...result, content: [] } })).toBe(false)
  expect(reasonIsResult({ code: 'upstream_protocol', result })).toBe(false)
})
