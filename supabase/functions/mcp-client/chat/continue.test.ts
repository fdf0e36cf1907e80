// A turn that goes on from an answer: what the model is asked, and that nobody’s words are made up for it.
import assert from 'node:assert/strict'
import { play, textOf } from './chat-fixture.ts'
import { echo, limits, pastCall, wires, withModel } from './model-fixture.ts'

for (const wire of wires) {
  Deno.test(`${wire.provider}: a turn that goes on ends with the results, and may call again`, async () => {
    const script = [{ calls: [echo('a', 'two')] }, { say: ['Both.'] }]
    await withModel(wire, script, async (fake, model) => {
      const going = { text: 'say one', continues: true, model, limits }
      const { kept, ran } = await play(going)
      assert.deepEqual([kept.status, kept.goes_on, textOf(kept)], ['done', true, 'Both.'])
      assert.equal(ran.length, 1)
      const asked = JSON.stringify(fake.asked[0]!.body.messages)
      assert.equal(asked.match(/say one/g)?.length, 1)
      assert.match(asked.slice(-200), /the one/)
    }, pastCall)
  })
}

Deno.test('a command in the words that began it is not run again', async () => {
  const text = '/everything__echo {"message":"hi"}'
  const { ran, kept } = await play({ text, continues: true, slash: { kind: 'none' } })
  assert.deepEqual(ran, [])
  assert.match(textOf(kept), /its card says how/)
  assert.equal(kept.goes_on, false)
})
