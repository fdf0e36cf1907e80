import { beforeEach, expect, test } from 'vitest'
import { typedIn } from './palette-typed.ts'
import { keepChoice, recentChoices, recentFirst } from './recent-choices.ts'

beforeEach(() => localStorage.clear())

test('a slash opens the list only while a name at the very start is being typed', () => {
  expect(typedIn('/')).toEqual({ sign: '/', filter: '', rest: '' })
  expect(typedIn('/ec')).toMatchObject({ sign: '/', filter: 'ec' })
  expect(typedIn('/echo hello')).toBeNull()
  expect(typedIn('see /etc')).toBeNull()
})

test('an at sign opens it wherever a word begins, and what is before it stays', () => {
  expect(typedIn('@')).toEqual({ sign: '@', filter: '', rest: '' })
  expect(typedIn('compare @feat')).toEqual({ sign: '@', filter: 'feat', rest: 'compare ' })
  expect(typedIn('mail bob@acme.test')).toBeNull()
  expect(typedIn('see @feat now')).toBeNull()
})

test('what was chosen last comes first, a few of it, each once, in its own team', () => {
  for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g']) keepChoice('team', id)
  expect(recentChoices('team')).toEqual(['g', 'f', 'e', 'd', 'c', 'a'])
  expect(recentChoices('other')).toEqual([])
  const entries = ['x', 'a', 'y', 'g'].map((id) => ({ id }))
  expect(recentFirst(entries, recentChoices('team')).map(({ id, recent }) => `${id} ${recent}`))
    .toEqual(['g true', 'a true', 'x false', 'y false'])
})
