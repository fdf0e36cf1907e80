import { expect, test } from 'vitest'
import { revealed } from './revealed.ts'

test('what hides or turns text around is shown by its number', () => {
  expect(revealed('invoice\u202efdp.exe')).toBe('invoice‹U+202E›fdp.exe')
  expect(revealed('a\u200bb\u0000c\u{e0041}')).toBe('a‹U+200B›b‹U+0000›c‹U+E0041›')
})

test('lines, tabs, emoji and every script stay as they are', () => {
  const plain = 'Zeile 1\n\tZeile 2 👩‍💻 שלום 你好 é'
  expect(revealed(plain)).toBe(plain)
})
