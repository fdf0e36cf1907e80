// What bounds an answer besides its rounds: calls, tokens, and the same refused call again; both wire formats.
import assert from 'node:assert/strict'
import type { Scripted } from '../../../tests/models/scripted.ts'
import { promises } from '../../../tests/promises.ts'
import { everythingTools, keyed, outputsOf, play, success, textOf } from './chat-fixture.ts'
import { LIMITS } from './loop.ts'
import { echo, limits, wires, withModel } from './model-fixture.ts'
import { spentIn } from './tokens.ts'

const many = (count: number, message = (n: number) => `no ${n}`) =>
  Array.from({ length: count }, (_, n) => echo(`c${n}`, message(n)))

for (const wire of wires) {
  const name = wire.provider
  Deno.test(`${name}: of many calls in one round at most ${LIMITS.at_once} run at the same time`, async () => {
    await withModel(wire, [{ calls: many(30) }, { say: ['All.'] }], async (_fake, model) => {
      let now = 0
      let most = 0
      const full = Promise.withResolvers<void>()
      const run = async () => {
        most = Math.max(most, ++now)
        if (now === LIMITS.at_once) full.resolve()
        await full.promise
        now--
        return success('ok')
      }
      const { ran } = await play({ text: 'go', model, limits, run })
      assert.equal(ran.length, 30)
      assert.equal(most, LIMITS.at_once)
    })
  })

  Deno.test(`${name}: an answer makes at most ${LIMITS.calls} calls, and the others are told`, async () => {
    const script = [{ calls: many(LIMITS.calls + 10) }, { say: ['All.'] }]
    await withModel(wire, script, async (_fake, model) => {
      const { ran, message } = await play({ text: 'go', model, limits })
      assert.equal(ran.length, LIMITS.calls)
      const left = outputsOf(message).filter(({ code }) => code === 'too_many')
      assert.equal(left.length, 10)
    })
  })

  Deno.test(`${name}: a call that was refused is not made again with the same arguments, another one is`, async () => {
    const denied = keyed(everythingTools())
    const script = [
      { calls: [echo('a', 'no')] },
      { calls: [echo('b', 'no')] },
      { calls: [echo('c', 'no'), echo('d', 'yes')] },
      { say: ['Enough.'] },
    ]
    await withModel(wire, script, async (fake, model) => {
      const error = { code: 'rejected', message: 'Not approved.' } as const
      const run = () =>
        Promise.resolve({ ...success(''), status: 'denied' as const, result: undefined, error })
      const { ran, message } = await play({ text: 'go', model, limits, tools: denied, run })
      assert.deepEqual(ran.map(({ parameters }) => parameters.message), ['no', 'yes'])
      assert.equal(outputsOf(message).filter(({ code }) => code === 'repeated').length, 2)
      assert.match(JSON.stringify(fake.asked[2]!.body), /was refused before in this answer/)
    })
  })

  Deno.test(`${name}: ${promises.answer_is_bounded}: its tokens are used up`, async () => {
    const script: Scripted[] = Array.from(
      { length: 8 },
      (_, n) => ({ calls: [echo(`c${n}`, `${n}`)] }),
    )
    await withModel(wire, script, async (fake, model) => {
      const few = { ...limits, input_tokens: 25 }
      const { message, kept } = await play({ text: 'go', model, limits: few })
      assert.match(textOf(message), /only so many tokens/)
      assert.equal(kept.status, 'done')
      assert.ok(fake.asked.length < 8, String(fake.asked.length))
    })
  })

  Deno.test(`${name}: an answer that is written without end is cut off, with a sentence, and stays well-formed`, async () => {
    const script: Scripted[] = [{
      say: Array.from({ length: 200 }, () => 'On and on. '),
      hangs: true,
    }]
    await withModel(wire, script, async (fake, model) => {
      const few = { ...limits, output_tokens: 100 }
      const { message, kept } = await play({ text: 'go', model, limits: few })
      assert.match(textOf(message), /^On and on\. .*only so many tokens/s)
      assert.ok(textOf(message).length < 700)
      assert.equal(kept.status, 'done')
      await fake.left
      const texts = message.parts.flatMap((part) => part.type === 'text' ? [part.state] : [])
      assert.ok(texts.every((state) => state === 'done'))
    })
  })

  Deno.test(`${name}: calls that were still in line when the person stopped say that they were not made`, async () => {
    const stop = new AbortController()
    await withModel(wire, [{ calls: many(20) }], async (_fake, model) => {
      let started = 0
      const run = () => {
        if (++started === LIMITS.at_once) stop.abort()
        return Promise.resolve({ ...success(''), status: 'cancelled' as const })
      }
      const { ran, message, kept } = await play({
        text: 'go',
        model,
        limits,
        run,
        stop: stop.signal,
      })
      assert.equal(kept.status, 'stopped')
      assert.ok(ran.length < 20)
      const cards = message.parts.flatMap((part) =>
        part.type === 'dynamic-tool' ? [part.state] : []
      )
      assert.equal(cards.length, 20)
      assert.ok(cards.every((state) => state === 'output-available'), cards.join())
    })
  })
}

Deno.test('tokens are taken as reported, and by their length where they are not', () => {
  const silent = { usage: {}, content: 'x'.repeat(398) }
  assert.deepEqual(spentIn([silent, silent], 4_000), { input: 1_000 + 1_100, output: 200 })
  const told = { usage: { inputTokens: 7, outputTokens: 3 }, content: silent.content }
  assert.deepEqual(spentIn([told, silent], 4_000), { input: 7 + 1_100, output: 103 })
})
