import { expect, test } from 'vitest'
import { othersIn } from './others.ts'

const names = new Map([['olga', 'Olga'], ['mia', 'Mia']])
const said = (id: string, user_id: string | null) => ({ id, role: 'user' as const, user_id })
const answer = (id: string, answers?: string) => ({
  id,
  role: 'assistant' as const,
  user_id: null,
  ...(answers && { answers }),
})
const named = (...messages: Parameters<typeof othersIn>[0]) =>
  Object.fromEntries(othersIn(messages, { me: 'mia', names }))

test('what others wrote and the answers to it bear their name; one’s own bear none', () => {
  expect(named(said('1', 'mia'), answer('2'), said('3', 'olga'), answer('4'), answer('5'))).toEqual(
    {
      3: 'Olga',
      4: 'Olga',
      5: 'Olga',
    },
  )
})

test('an answer belongs to the question its row names, whatever was written between', () => {
  expect(named(said('1', 'olga'), said('2', 'mia'), answer('3', '1'), answer('4', '2'))).toEqual({
    1: 'Olga',
    3: 'Olga',
  })
})

test('whoever is gone from the team or from Astra is someone who left', () => {
  expect(named(said('1', 'carl'), said('2', null))).toEqual({
    1: 'Someone who left',
    2: 'Someone who left',
  })
})

test('until names are read, someone else is not mistaken for oneself', () => {
  expect(othersIn([said('1', 'olga')], { me: 'mia', names: new Map() }).get('1')).toBe(
    'Someone else',
  )
})
