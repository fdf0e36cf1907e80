// How a turn ends when a model fails, falls silent, talks nonsense or is stopped; on both wire formats.
import assert from 'node:assert/strict'
import type { Scripted } from '../../../tests/models/scripted.ts'
import { outputsOf, play, textOf } from './chat-fixture.ts'
import { echo, limits, wires, withModel } from './model-fixture.ts'

for (const wire of wires) {
  const name = wire.provider
  Deno.test(`${name}: a tool that is not there and arguments that are no JSON do not break the turn`, async () => {
    const script = [
      { calls: [{ id: 'x', name: 'no_such_tool', input: {} }] },
      { calls: [{ id: 'y', name: 'everything__echo', input: null, raw: '{"message": "unfin' }] },
      { say: ['Sorry.'] },
    ]
    await withModel(wire, script, async (_fake, model) => {
      const { message, ran, kept } = await play({ text: 'try', model, limits })
      assert.equal(ran.length, 0)
      assert.equal(textOf(message), 'Sorry.')
      assert.equal(kept.status, 'done')
    })
  })

  const failures: [string, Scripted[], RegExp][] = [
    [
      'a bad key',
      [{ status: 401, body: { error: { message: 'sk-secret-9 is wrong' } } }],
      /refuses Astra’s key/,
    ],
    [
      'no model of that name',
      [{ status: 404, body: { error: { message: 'no' } } }],
      /does not know this model/,
    ],
    [
      'no credit',
      [{ status: 402, body: { error: { message: 'pay sk-secret-9' } } }],
      /out of credit/,
    ],
    ['an empty answer', [{ say: [] }], /empty answer/],
    ['a broken connection', [{ say: ['Half a'], breaks: true }], /broke off/],
    ['a page of HTML', [{ bytes: '<html>sk-secret-9 gateway</html>' }], /Try again/],
    ['events that are no JSON', [{ bytes: 'data: {"sk-secret-9\n\n' }], /Try again/],
  ]
  for (const [title, script, sentence] of failures) {
    Deno.test(`${name}: ${title} becomes a sentence, never the provider’s text`, async () => {
      await withModel(wire, script, async (_fake, model) => {
        const { chunks, kept } = await play({ text: 'hello', model, limits })
        const said = chunks.flatMap((chunk) => chunk.type === 'error' ? [chunk.errorText] : [])
        assert.equal(said.length, 1)
        assert.match(said[0]!, sentence)
        assert.equal(kept.status, 'failed')
        assert.equal(kept.metadata.error, said[0])
        assert.equal(kept.metadata.model?.name, 'fake')
        assert.doesNotMatch(JSON.stringify([chunks, kept]), /sk-secret-9|at .*\.ts:/)
      })
    })
  }

  Deno.test(`${name}: a limit or a failing provider is asked once more, then told`, async () => {
    for (
      const [status, sentence] of [[429, /limit of requests/], [500, /trouble of its own/]] as const
    ) {
      const refusal = {
        status,
        body: { error: { message: 'x' } },
        headers: { 'retry-after-ms': '1' },
      }
      await withModel(wire, [refusal, refusal], async (fake, model) => {
        const { kept } = await play({ text: 'hello', model, limits })
        assert.match(kept.metadata.error ?? '', sentence)
        assert.equal(fake.asked.length, 2)
      })
      await withModel(wire, [refusal, { say: ['Back.'] }], async (_fake, model) => {
        const { message, kept } = await play({ text: 'hello', model, limits })
        assert.equal(textOf(message), 'Back.')
        assert.equal(kept.status, 'done')
      })
    }
  })

  Deno.test(`${name}: a model that falls silent is given up, and its connection closed`, async () => {
    await withModel(wire, [{ say: ['Hm'], hangs: true }], async (fake, model) => {
      const { kept } = await play({ text: 'hello', model, limits: { ...limits, chunk_ms: 150 } })
      assert.equal(kept.status, 'failed')
      assert.match(kept.metadata.error ?? '', /took too long/)
      assert.equal(textOf(kept), 'Hm')
      await fake.left
    })
  })

  Deno.test(`${name}: Stop ends the model’s request and keeps what was said as stopped`, async () => {
    await withModel(wire, [{ say: ['Once upon'], hangs: true }], async (fake, model) => {
      const stop = new AbortController()
      const onChunk = (chunk: { type: string }) => {
        if (chunk.type === 'text-delta') stop.abort()
      }
      const { kept, chunks } = await play({
        text: 'a story',
        model,
        limits,
        stop: stop.signal,
        onChunk,
      })
      assert.equal(kept.status, 'stopped')
      assert.equal(textOf(kept), 'Once upon')
      assert.equal(chunks.at(-1)?.type, 'abort')
      await fake.left
    })
  })

  Deno.test(`${name}: Stop cancels the running tool, and its card says how it ended`, async () => {
    await withModel(wire, [{ calls: [echo('c', 'hi')] }], async (fake, model) => {
      const stop = new AbortController()
      const run: Parameters<typeof play>[0]['run'] = (_call, watch) =>
        new Promise((resolve) => {
          watch.signal!.addEventListener('abort', () =>
            resolve({
              execution_id: crypto.randomUUID(),
              status: 'cancelled',
              error: { code: 'cancelled', message: 'Cancelled.' },
              duration_ms: 1,
            }))
          stop.abort()
        })
      const { kept } = await play({ text: 'echo hi', model, limits, stop: stop.signal, run })
      assert.equal(kept.status, 'stopped')
      assert.equal(outputsOf(kept)[0]?.status, 'cancelled')
      assert.equal(fake.asked.length, 1)
    })
  })
}
