import { expect, test } from 'vitest'
import { slashCommand } from '@shared/chat.ts'
import { readPersonCall } from './slash.ts'

test('a person’s call reads back as it was written', () => {
  const parameters = { text: 'a "quoted"\nline', many: [1, 2] }
  expect(readPersonCall(slashCommand('everything__echo', parameters)))
    .toEqual({ key: 'everything__echo', parameters })
})

test('anything else a person wrote is not taken for one', () => {
  for (const text of ['/echo a=1', 'hello', '/echo {broken', 'see /echo {"a":1}']) {
    expect(readPersonCall(text)).toBeNull()
  }
})
