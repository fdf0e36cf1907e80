import { expect, test } from 'vitest'
import { authMessage } from './auth-message.ts'

test('silence is told apart from a refusal', () => {
  expect(authMessage({ message: 'Failed to fetch' })).toContain('could not be reached')
  expect(authMessage({ message: 'Invalid login credentials', status: 400 })).toContain('wrong')
})

test('an unknown refusal never shows the words of the auth server', () => {
  expect(authMessage({ message: 'pq: relation does not exist', status: 500 })).not.toContain('pq')
})
