// What a turn took is on its answer: summed over its rounds, as the provider reports it.
import assert from 'node:assert/strict'
import { play, textOf } from './chat-fixture.ts'
import { echo, limits, wires, withModel } from './model-fixture.ts'
import { usageMeter } from './model/usage.ts'

for (const wire of wires) {
  Deno.test(`${wire.provider}: the tokens of every round are summed, cached ones among them`, async () => {
    const script = [
      { calls: [echo('a', 'one')], usage: { input: 100, output: 7 } },
      { say: ['Done.'], usage: { input: 150, output: 3 } },
    ]
    await withModel(wire, script, async (_fake, model) => {
      const { kept } = await play({ text: 'hi', model, limits })
      assert.deepEqual(kept.metadata.usage, { input_tokens: 250, output_tokens: 10 })
    })
  })

  Deno.test(`${wire.provider}: a turn that fails or is stopped says what its rounds before took`, async () => {
    const called = { calls: [echo('a', 'one')], usage: { input: 100, output: 7 } }
    await withModel(wire, [called, { status: 401, body: {} }], async (_fake, model) => {
      const { kept } = await play({ text: 'hi', model, limits })
      assert.equal(kept.status, 'failed')
      assert.deepEqual(kept.metadata.usage, { input_tokens: 100, output_tokens: 7 })
    })
    await withModel(wire, [called, { say: ['Hm'], hangs: true }], async (fake, model) => {
      const stop = new AbortController()
      const onChunk = ({ type }: { type: string }) => {
        if (type === 'text-delta') stop.abort()
      }
      const { kept } = await play({ text: 'hi', model, limits, stop: stop.signal, onChunk })
      assert.equal(kept.status, 'stopped')
      assert.deepEqual(kept.metadata.usage, { input_tokens: 100, output_tokens: 7 })
      await fake.left
    })
  })
}

Deno.test('openai_compatible: a provider that refuses to be asked for counts is asked without', async () => {
  // As Mistral answers.
  const refusal = {
    status: 422,
    body: { message: { detail: [{ loc: ['body', 'stream_options', 'include_usage'] }] } },
  }
  const script = [refusal, { say: ['One.'] }, { say: ['Two.'] }]
  await withModel(wires[0]!, script, async (fake, model) => {
    for (const said of ['One.', 'Two.']) {
      const { kept } = await play({ text: 'hi', model, limits })
      assert.deepEqual([textOf(kept), kept.metadata.usage], [said, undefined])
    }
    const asked = fake.asked.map(({ body }) => body.stream_options)
    assert.deepEqual(asked, [{ include_usage: true }, undefined, undefined])
    assert.deepEqual(fake.asked[1]!.body.messages, fake.asked[0]!.body.messages)
  })
})

Deno.test('openai_compatible: what OpenRouter says it cost is summed', async () => {
  const script = [
    { calls: [echo('a', 'one')], usage: { input: 1, output: 1, cost: 0.25 } },
    { say: ['Done.'], usage: { input: 1, output: 1, cost: 0.5 } },
  ]
  await withModel(wires[0]!, script, async (_fake, model) => {
    const { kept } = await play({ text: 'hi', model, limits })
    assert.deepEqual(kept.metadata.usage, { input_tokens: 2, output_tokens: 2, cost_usd: 0.75 })
  })
})

Deno.test('anthropic: tokens read from its cache are tokens that were read', async () => {
  const script = [{ say: ['Done.'], usage: { input: 5, output: 1, cached: 1_000 } }]
  await withModel(wires[1]!, script, async (_fake, model) => {
    const { kept } = await play({ text: 'hi', model, limits })
    assert.deepEqual(kept.metadata.usage, { input_tokens: 1_005, output_tokens: 1 })
  })
})

Deno.test('what a provider does not report, or reports as nonsense, is left out', () => {
  const meter = usageMeter()
  const shown = (usage: Record<string, unknown>) => meter({ part: { type: 'finish-step', usage } })
  assert.equal(shown({}), undefined)
  assert.equal(shown({ inputTokens: Number.NaN, raw: { cost: '12' } }), undefined)
  assert.deepEqual(shown({ outputTokens: 3, raw: { cost: -1 } }), { usage: { output_tokens: 3 } })
  assert.equal(meter({ part: { type: 'text-delta' } }), undefined)
})
