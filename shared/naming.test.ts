import assert from 'node:assert/strict'
import { keyedTools } from './naming.ts'

const servers = new Map([['a', 'Zebra'], ['b', 'alpha'], ['c', 'Zebra!'], ['d', '東京']])
const tool = (server_id: string, tool_name: string) => ({ server_id, tool_name })

Deno.test('keys follow names by code units, whatever order the rows come in', () => {
  const rows = [tool('b', 'x'), tool('a', 'y'), tool('a', 'Y')]
  const expected = ['zebra__Y', 'zebra__y', 'alpha__x']
  assert.deepEqual([...keyedTools(rows, servers).keys()], expected)
  assert.deepEqual([...keyedTools(rows.reverse(), servers).keys()], expected)
})

Deno.test('a tool of a server that is not named has no key', () => {
  assert.equal(keyedTools([tool('gone', 'x')], servers).size, 0)
})

Deno.test('keys that would collide are told apart, and every key is one a provider takes', () => {
  const long = 'x'.repeat(200)
  const rows = [
    tool('a', 'get.it'),
    tool('c', 'get_it'),
    tool('d', 'né'),
    ...[1, 2, 3].map((n) => tool('a', `${long}${n}`)),
  ]
  const keys = [...keyedTools(rows, servers).keys()]
  assert.equal(keys.length, rows.length)
  assert.deepEqual(keys.filter((key) => /get_it/.test(key)), ['zebra__get_it', 'zebra__get_it_2'])
  for (const key of keys) assert.match(key, /^[A-Za-z0-9_-]{1,64}$/)
})
