import { expect, test } from 'vitest'
import { slashCommand } from '@shared/chat.ts'
import { readableTitle, readPersonCall } from './slash.ts'

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

test('a chat that began with a command is called after its tool', () => {
  const tools = new Map([['a__get-env', { tool_name: 'get-env', title: 'Print Environment Tool' }]])
  expect(readableTitle('/a__get-env {"a":1…', tools)).toBe('Print Environment')
  expect(readableTitle('/everything__get-sum {"a":1…', tools)).toBe('Get sum')
  expect(readableTitle('/etc/hosts is gone', tools)).toBe('/etc/hosts is gone')
})
