import { expect, test } from 'vitest'
import { keyedTools } from '@shared/naming.ts'
import { entriesFor } from './app-palette-entries.ts'

const tools = keyedTools(
  ['echo', 'get-sum', 'drop'].map((tool_name) => ({
    id: tool_name,
    server_id: 's',
    tool_name,
    title: null,
    description: null,
    input_schema: {},
    policy: tool_name === 'drop' ? 'deny' as const : 'allow' as const,
    annotations: null,
    task_support: null,
    output_type: null,
  })),
  new Map([['s', 'Demo']]),
)
const known = {
  chats: Array.from({ length: 9 }, (_, at) => ({
    id: `c${at}`,
    title: `Plans for week ${at}`,
    visibility: at === 8 ? 'team' as const : 'private' as const,
  })),
  servers: [{ id: 's', name: 'Demo' }],
  tools,
  inChat: false,
}
const labels = (typed: string) =>
  entriesFor(typed, known).map(({ label, entries }) => [label, entries.map(({ label }) => label)])

test('with nothing typed it shows the first of each kind, and no tool that is denied', () => {
  expect(labels('')).toEqual([
    ['Go to', ['New chat', 'New team chat', 'Activity', 'Usage', 'Settings']],
    ['Chats', [0, 1, 2, 3, 4].map((at) => `Plans for week ${at}`)],
    ['Servers', ['Demo']],
    ['Tools', ['Echo', 'Get sum']],
  ])
})

test('every typed word must fit, wherever the entry comes from', () => {
  expect(labels('WEEK plans 8')).toEqual([['Chats', ['Plans for week 8']]])
  expect(labels('sum')).toEqual([['Tools', ['Get sum']]])
  expect(labels('nothing such')).toEqual([])
})

test('a team’s chat says so', () => {
  const notes = entriesFor('plans week', known)[0]!.entries.map(({ note }) => note)
  expect(new Set(notes)).toEqual(new Set([null]))
  expect(entriesFor('week 8', known)[0]!.entries[0]!.note).toBe('Team chat')
})

test('a tool opens where one already is: in the open chat, else in a new one', async () => {
  const went: unknown[] = []
  const navigate = (to: unknown) => Promise.resolve(void went.push(to))
  for (const inChat of [true, false]) {
    await entriesFor('echo', { ...known, inChat })[0]!.entries[0]!.go(navigate)
  }
  expect(went).toEqual([
    { to: '.', search: { tool: 'demo__echo' } },
    { to: '/chat', search: { tool: 'demo__echo' } },
  ])
})
