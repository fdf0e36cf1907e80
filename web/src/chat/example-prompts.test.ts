import { expect, test } from 'vitest'
import type { JsonSchema } from '@shared/tool.ts'
import { keyedTools } from '@shared/naming.ts'
import { examplePrompts } from './example-prompts.ts'

const servers = new Map([['a', 'A'], ['b', 'B']])
const named = (
  server_id: string,
  tool_name: string,
  properties: JsonSchema,
  required: string[],
) => ({
  id: tool_name,
  server_id,
  tool_name,
  title: null,
  description: null,
  input_schema: { type: 'object', properties, required },
  policy: 'allow' as const,
  annotations: null,
  task_support: null,
  output_type: null,
})

test('prompts carry believable values for what a tool requires', () => {
  const tools = keyedTools([
    named('a', 'echo', { message: { type: 'string' } }, ['message']),
    named('a', 'get-sum', { a: { type: 'number' }, b: { type: 'number' } }, ['a', 'b']),
  ], servers)
  expect(examplePrompts(tools)).toEqual(['Echo "hello from Astra"', 'Get sum a=2 b=3'])
})

test('values the schema itself offers are preferred', () => {
  const tools = keyedTools(
    [named('a', 'weather', { city: { type: 'string', enum: ['Oslo', 'Rome'] } }, ['city'])],
    servers,
  )
  expect(examplePrompts(tools)).toEqual(['Weather city=Oslo'])
})

test('tools whose arguments cannot honestly be invented are left out', () => {
  const tools = keyedTools([
    named('a', 'send', { to: { type: 'string', format: 'email' } }, ['to']),
    named('a', 'write', { rows: { type: 'array' } }, ['rows']),
  ], servers)
  expect(examplePrompts(tools)).toEqual([])
})

test('what cannot run here is never offered, and what only reads is offered first', () => {
  const task = { ...named('a', 'research', {}, []), task_support: 'required' }
  const reads = { ...named('a', 'zones', {}, []), annotations: { readOnlyHint: true } }
  const tools = keyedTools([task, named('a', 'restart', {}, []), reads], servers)
  expect(examplePrompts(tools)).toEqual(['Zones', 'Restart'])
})

test('servers take turns, so that one does not fill the list', () => {
  const tools = keyedTools([
    named('a', 'one', {}, []),
    named('a', 'two', {}, []),
    named('a', 'three', {}, []),
    named('b', 'four', {}, []),
  ], servers)
  expect(examplePrompts(tools, 2)).toEqual(['One', 'Four'])
})
