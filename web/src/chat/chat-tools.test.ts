import { expect, test } from 'vitest'
import { keyedTools } from '@shared/naming.ts'
import { type ChatTool, findTools } from './chat-tools.ts'

const tool = (server_id: string, tool_name: string, more: Partial<ChatTool> = {}) => ({
  id: tool_name,
  server_id,
  tool_name,
  title: null,
  description: null,
  input_schema: {},
  policy: 'allow' as const,
  annotations: null,
  task_support: null,
  output_type: null,
  ...more,
})
const servers = new Map([['a', 'Zebra'], ['b', 'alpha']])

test('every typed word must be found; a match in the name comes before one in the description', () => {
  const keys = keyedTools([
    tool('a', 'read_file', { description: 'Reads a file' }),
    tool('a', 'list', { description: 'Lists what one may read' }),
  ], servers)
  expect(findTools(keys, 'read').map(({ tool }) => tool.tool_name)).toEqual(['read_file', 'list'])
  expect(findTools(keys, 'read_fi').map(({ tool }) => tool.tool_name)).toEqual(['read_file'])
  expect(findTools(keys, 'read nothing')).toEqual([])
})

test('a denied tool is never offered', () => {
  expect(findTools(keyedTools([tool('a', 'drop', { policy: 'deny' })], servers), '')).toEqual([])
})
