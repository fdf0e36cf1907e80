import assert from 'node:assert/strict'
import { canonical, sha256 } from './canonical.ts'
import { storable } from './storable.ts'

Deno.test('text that PostgreSQL cannot keep is mended in values and keys', () => {
  assert.deepEqual(storable({ 'a\0': ['x\0y', '\ud800!'], ok: 1 }), { a: ['xy', '\ufffd!'], ok: 1 })
})

Deno.test('a clean value is handed on as it is, not copied', () => {
  const value = { a: [1, 'two', { three: null }], smile: '😀' }
  assert.equal(storable(value), value)
})

Deno.test('canonical text does not depend on the order of keys, and does on the order of items', async () => {
  assert.equal(canonical({ b: [2, 1], a: { d: 1, c: 2 } }), '{"a":{"c":2,"d":1},"b":[2,1]}')
  assert.notEqual(await sha256(canonical([1, 2])), await sha256(canonical([2, 1])))
})
