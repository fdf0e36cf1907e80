import assert from 'node:assert/strict'
import { ended } from './ending.ts'

Deno.test('the first words of a failed tool are cut between characters, never within one', () => {
  for (const before of [498, 499, 500]) {
    const text = `${'x'.repeat(before)}🎈🎈`
    const message = ended({ content: [{ type: 'text', text }], isError: true }).error!.message
    assert.ok(message.isWellFormed(), `after ${before}`)
    assert.ok(message.startsWith('x'.repeat(before)) && message.length <= 500)
  }
})
