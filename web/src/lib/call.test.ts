import { expect, test } from 'vitest'
import { callError } from './call.ts'

test('a refusal keeps its code, its sentence and what is wrong with which field', () => {
  const details = [{ path: 'parameters.a', message: 'must be a number' }]
  const error = callError(400, {
    error: { code: 'invalid_parameters', message: 'No.', request_id: 'r', details },
  })
  expect(error).toMatchObject({
    code: 'invalid_parameters',
    message: 'No.',
    requestId: 'r',
    problems: details,
  })
})

test('an answer that is not Astra’s says so instead of being guessed at', () => {
  expect(callError(502, '<html>')).toMatchObject({ code: 'unreadable' })
  expect(callError(502, '<html>').message).toContain('502')
})
