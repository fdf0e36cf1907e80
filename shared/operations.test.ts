import assert from 'node:assert/strict'
import { statusOfCode } from './errors.ts'
import { executionError, executionStatus } from './execution.ts'
import { operations } from './operations.ts'

const api = await Deno.readTextFile(new URL('../docs/developer/api.md', import.meta.url))

Deno.test('docs/developer/api.md names every operation, who may ask it and what goes in', () => {
  const rows = new Map(
    [...api.split('## Refusals')[0]!.matchAll(/^\| `(\w+)`(.*?) \| (.*?) \|/gm)].map((
      [, name, input, who],
    ) => [name!, { input: input!.match(/[a-z_]+\??(?=[,\s|}])/g) ?? [], who: who! }] as const),
  )
  assert.deepEqual([...rows.keys()], Object.keys(operations))
  for (const [name, { audience, request }] of Object.entries(operations)) {
    const { input, who } = rows.get(name)!
    assert.equal(who.startsWith('admin'), audience === 'admin', name)
    const { team_id: _, ...declared } = request.shape as Record<string, unknown>
    const told = input.map((word) => word.replace('?', '')).filter((word) => word !== 'null')
    assert.deepEqual(told, Object.keys(declared), name)
  }
})

Deno.test('docs/developer/api.md names every status a refusal may have', () => {
  for (const status of new Set(Object.values(statusOfCode))) {
    assert.match(api, new RegExp(`\\b${status} `), `${status}`)
  }
})

Deno.test('docs/developer/api.md explains every way a call can end', () => {
  const ways = api.split('## How a call ends')[1]!.split('\n## ')[0]!
  const told = [...ways.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)]
  assert.deepEqual(
    new Set(told.map(([, code]) => code)),
    new Set(executionError.shape.code.options),
  )
  for (const [, , status] of told) {
    assert.ok(executionStatus.options.includes(status as never), status)
  }
})
