import assert from 'node:assert/strict'
import { capResult, cleanText } from './content.ts'

const text = { type: 'text', text: 'a' }

Deno.test('a result passes whole, unknown fields and block types included', () => {
  const raw = { content: [{ ...text, 'x-a': 1 }, { type: 'new' }], 'x-b': { c: [1] }, _meta: {} }
  const capped = capResult(raw)
  assert.ok(capped.ok && capped.result === raw)
})

Deno.test('structured content or an error alone is a result with empty content', () => {
  const capped = capResult({ structuredContent: { a: 1 } })
  assert.deepEqual(capped, { ok: true, result: { structuredContent: { a: 1 }, content: [] } })
  assert.equal(capResult({ isError: true }).ok, true)
})

Deno.test('what is no result, too many, too deep or too large is refused, never cut', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  const refused: [unknown, string][] = [
    [null, 'protocol'],
    ['text', 'protocol'],
    [[], 'protocol'],
    [{}, 'protocol'],
    [{ content: 'a' }, 'protocol'],
    [{ content: [{ text: 'a' }] }, 'protocol'],
    [{ content: Array(1_001).fill(text) }, 'too_large'],
    [{ content: [], structuredContent: deep }, 'too_large'],
    [{ content: [{ type: 'text', text: 'x'.repeat(5 << 20) }] }, 'too_large'],
    [{ content: [], structuredContent: Array(100_001).fill(1) }, 'too_large'],
  ]
  for (const [raw, reason] of refused) {
    const capped = capResult(raw)
    assert.equal(capped.ok ? 'ok' : capped.reason, reason)
  }
})

Deno.test('text that people read holds nothing invisible and is capped', () => {
  const dirty =
    'a\u001b[31mred\u001b[0m\u202egnp.exe\u0007\u200b\u001b]8;;http://x\u0007link\u{e0041}\nb\tc'
  assert.equal(cleanText(dirty), 'aredgnp.exelink\nb\tc')
  assert.equal(cleanText('x'.repeat(3_000)).length, 2_000)
  // A database keeps no half of a character, wherever a cut falls.
  assert.ok(cleanText('👍'.repeat(3_000), 2_000).isWellFormed())
  assert.ok(cleanText('x👍'.repeat(3_000), 2_000).isWellFormed())
  assert.ok(cleanText('a\ud800b').isWellFormed())
  assert.equal(cleanText('Zürich 東京 👍'), 'Zürich 東京 👍')
})
