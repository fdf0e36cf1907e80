import { expect, test } from 'vitest'
import { executionError } from '@shared/execution.ts'
import { adviceFor, reasonIsResult, refusalAdvice } from './failure-advice.ts'

test('every way an execution fails has its advice, a whole sentence', () => {
  for (const code of executionError.shape.code.options) expect(adviceFor(code)).toMatch(/\.$/)
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
