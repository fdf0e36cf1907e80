import { expect, test } from 'vitest'
import { marked } from './marked.ts'

const hits = (text: string, typed: string) =>
  marked(text, typed).filter(({ hit }) => hit).map(({ text }) => text)

test('words are marked where they begin, and the text stays whole', () => {
  const text = 'A report on reporting, unreported'
  expect(hits(text, 'report')).toEqual(['report', 'report'])
  expect(marked(text, 'report').map(({ text }) => text).join('')).toBe(text)
})

test('what was typed is looked for as it is, and nothing typed marks nothing', () => {
  expect(hits('1.5 (a+b) 105', '1.5 (a+b)')).toEqual(['1.5', '(a+b)'])
  expect(hits('anything', '  ')).toEqual([])
})

test('the longer of two words wins, in other scripts too', () => {
  expect(hits('conference', 'con confer')).toEqual(['confer'])
  expect(hits('東京タワー', 'タワー')).toEqual(['タワー'])
})
