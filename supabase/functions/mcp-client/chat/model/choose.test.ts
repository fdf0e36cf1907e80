// Which model answers, and what a wrong setting says.
import assert from 'node:assert/strict'
import type { ModelSettings } from '../../env.ts'
import { chooseModel } from './choose.ts'
import { findOllama, forgetOllama } from './ollama.ts'
import { checkModelSettings } from './settings.ts'

const none: ModelSettings = { provider: null, baseUrl: null, name: null, apiKey: null }
const url = 'http://127.0.0.1:1/v1'

function ollama(answer: () => Response | Promise<Response>) {
  const asked: string[] = []
  const fake: typeof fetch = (input) => {
    asked.push(String(input))
    return Promise.resolve(answer())
  }
  forgetOllama()
  return { fake, asked }
}

const tags = (...names: string[]) => () =>
  Response.json({ models: names.map((name) => ({ name })) })

Deno.test('with nothing configured and no Ollama the router answers', async () => {
  const { fake } = ollama(() => Promise.reject(new TypeError('connection refused')))
  const { described, model } = await chooseModel(none, fake)
  assert.equal(described.provider, 'router')
  assert.equal(model.provider, 'astra.router')
})

Deno.test('an Ollama on its default port is found by itself, its first chat model taken', async () => {
  const { fake, asked } = ollama(tags('nomic-embed-text:latest', 'qwen3:8b', 'llama3'))
  const { described } = await chooseModel(none, fake)
  assert.deepEqual(described, { provider: 'openai_compatible', name: 'qwen3:8b' })
  await chooseModel(none, fake)
  assert.deepEqual(asked, ['http://127.0.0.1:11434/api/tags'])
})

Deno.test('something else on that port is no Ollama', async () => {
  const others = [
    () => new Response('<html>'),
    () => Response.json({ models: 'no' }),
    () => Response.json({ models: [] }),
    () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test' } }),
  ]
  for (const answer of others) {
    const { fake } = ollama(answer)
    assert.equal(await findOllama(fake), null)
  }
})

Deno.test('an Ollama that does not answer is not waited for', async () => {
  forgetOllama()
  const hanging: typeof fetch = (_input, init) =>
    new Promise((_, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    )
  // Keeps the process awake: the deadline’s own timer does not.
  const awake = setTimeout(() => {}, 5_000)
  const started = performance.now()
  assert.equal(await findOllama(hanging), null)
  clearTimeout(awake)
  assert.ok(performance.now() - started < 2_000)
})

Deno.test('a configured provider is taken as it is, and nobody is asked', async () => {
  const { fake, asked } = ollama(tags('llama3'))
  const compatible = { ...none, provider: 'openai_compatible', baseUrl: url, name: 'm' }
  assert.deepEqual((await chooseModel(compatible, fake)).described, {
    provider: 'openai_compatible',
    name: 'm',
  })
  const anthropic = { ...none, provider: 'anthropic', name: 'c', apiKey: 'k' }
  assert.equal((await chooseModel(anthropic, fake)).described.provider, 'anthropic')
  assert.equal(
    (await chooseModel({ ...none, provider: 'router' }, fake)).described.provider,
    'router',
  )
  assert.deepEqual(asked, [])
})

Deno.test('whose setting it is and whether it takes pictures is known of every choice', async () => {
  const { fake } = ollama(tags('llama3'))
  const facts = async (over: Partial<ModelSettings>) => {
    const { source, takes_images } = await chooseModel({ ...none, ...over }, fake)
    return [source, takes_images]
  }
  const compatible = { provider: 'openai_compatible', baseUrl: url, name: 'm' }
  const anthropic = { provider: 'anthropic', name: 'c', apiKey: 'k' }
  assert.deepEqual(await facts({}), ['found', false])
  assert.deepEqual(await facts({ provider: 'router' }), ['built_in', false])
  assert.deepEqual(await facts(compatible), ['operator', false])
  assert.deepEqual(await facts({ ...compatible, takesImages: true }), ['operator', true])
  assert.deepEqual(await facts(anthropic), ['operator', true])
  assert.deepEqual(await facts({ ...anthropic, takesImages: false }), ['operator', false])
})

Deno.test('settings that name no usable model are refused at start-up, naming the variable', () => {
  const wrong: [Partial<ModelSettings>, RegExp][] = [
    [
      { provider: 'openai' },
      /ASTRA_MODEL_PROVIDER must be one of router, openai_compatible, anthropic/,
    ],
    [{ apiKey: 'sk-secret' }, /ASTRA_MODEL_PROVIDER is not set/],
    [{ provider: 'openai_compatible', baseUrl: url }, /ASTRA_MODEL_NAME is not set/],
    [{ provider: 'openai_compatible', name: 'm' }, /ASTRA_MODEL_BASE_URL is not set/],
    [
      { provider: 'openai_compatible', name: 'm', baseUrl: 'file:///etc' },
      /must be an http or https address/,
    ],
    [
      { provider: 'openai_compatible', name: 'm', baseUrl: 'localhost' },
      /must be an http or https address/,
    ],
    [{ provider: 'anthropic', name: 'm' }, /ASTRA_MODEL_API_KEY is not set/],
  ]
  for (const [over, message] of wrong) {
    assert.throws(() => checkModelSettings({ ...none, ...over }), (thrown: Error) => {
      assert.match(thrown.message, message)
      assert.doesNotMatch(thrown.message, /sk-secret/)
      return true
    })
  }
  checkModelSettings(none)
})
