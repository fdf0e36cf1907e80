// What a person is told when a provider refuses, in the bodies that real ones answer with: what failed,
// whose side it is on and what to do; never the provider’s own words.
import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import type { Scripted } from '../../../tests/models/scripted.ts'
import { play, textOf } from './chat-fixture.ts'
import { limits, type Wire, wires, withModel } from './model-fixture.ts'
import type { Chosen } from './model/choose.ts'
import { problemSentence } from './model/problem.ts'
import { EgressError } from '../mcp/egress-error.ts'

const [openAi, anthropic] = wires as [Wire, Wire]
const at = { 'retry-after-ms': '1' }
const openAiSays = (message: string, code: string | number | null = null) => ({
  error: { message: `${message} sk-secret-9`, type: 'invalid_request_error', param: null, code },
})
const anthropicSays = (type: string, message: string) => ({
  type: 'error',
  error: { type, message: `${message} sk-secret-9` },
})

const refusals: [string, Wire, { status: number; body: unknown }, RegExp][] = [
  [
    'OpenAI’s wrong key',
    openAi,
    { status: 401, body: openAiSays('Incorrect API key provided:', 'invalid_api_key') },
    /refuses Astra’s key.*ASTRA_MODEL_API_KEY/,
  ],
  [
    'Google’s wrong key, a 400',
    openAi,
    { status: 400, body: [openAiSays('API key not valid. Please pass a valid API key.', 400)] },
    /refuses Astra’s key/,
  ],
  [
    'Anthropic’s wrong key',
    anthropic,
    { status: 401, body: anthropicSays('authentication_error', 'invalid x-api-key') },
    /refuses Astra’s key/,
  ],
  [
    'a key that may not use the model',
    openAi,
    { status: 403, body: openAiSays('Project does not have access') },
    /does not let Astra’s key use “fake”/,
  ],
  [
    'OpenAI’s empty account, a 429',
    openAi,
    { status: 429, body: openAiSays('You exceeded your current quota', 'insufficient_quota') },
    /out of credit/,
  ],
  [
    'Anthropic’s empty account, a 400',
    anthropic,
    {
      status: 400,
      body: anthropicSays('invalid_request_error', 'Your credit balance is too low to access'),
    },
    /out of credit/,
  ],
  [
    'OpenRouter’s empty account',
    openAi,
    { status: 402, body: openAiSays('Insufficient credits', 402) },
    /out of credit/,
  ],
  [
    'OpenAI’s unknown model',
    openAi,
    { status: 404, body: openAiSays('The model `fake` does not exist', 'model_not_found') },
    /does not know this model, “fake”.*ASTRA_MODEL_NAME/,
  ],
  [
    'OpenRouter’s unknown model, a 400',
    openAi,
    { status: 400, body: openAiSays('fake is not a valid model ID', 400) },
    /does not know this model/,
  ],
  [
    'Anthropic’s unknown model',
    anthropic,
    { status: 404, body: anthropicSays('not_found_error', 'model: fake') },
    /does not know this model/,
  ],
  [
    'OpenAI’s chat that is too long',
    openAi,
    {
      status: 400,
      body: openAiSays('maximum context length is 8192 tokens', 'context_length_exceeded'),
    },
    /too long for the model. Start a new one/,
  ],
  [
    'Anthropic’s chat that is too long',
    anthropic,
    {
      status: 400,
      body: anthropicSays('invalid_request_error', 'prompt is too long: 210000 tokens > 200000'),
    },
    /too long for the model/,
  ],
  [
    'Ollama’s model without tools',
    openAi,
    { status: 400, body: openAiSays('registry.ollama.ai/library/fake does not support tools') },
    /“fake” cannot use tools/,
  ],
  [
    'OpenRouter’s model without tools, a 404',
    openAi,
    { status: 404, body: openAiSays('No endpoints found that support tool use.', 404) },
    /cannot use tools/,
  ],
  [
    'vLLM started without tools',
    openAi,
    {
      status: 400,
      body: openAiSays('"auto" tool choice requires --enable-auto-tool-choice to be set'),
    },
    /cannot use tools/,
  ],
  [
    'a model that sees no pictures',
    openAi,
    { status: 404, body: openAiSays('No endpoints found that support image input', 404) },
    /cannot be shown pictures/,
  ],
  [
    'Azure’s content filter',
    openAi,
    {
      status: 400,
      body: openAiSays('filtered due to content management policy', 'content_filter'),
    },
    /content filter objects/,
  ],
  [
    'Anthropic’s overload',
    anthropic,
    { status: 529, body: anthropicSays('overloaded_error', 'Overloaded') },
    /trouble of its own just now/,
  ],
  ['a gateway in trouble', openAi, { status: 502, body: '<html>sk-secret-9</html>' }, /trouble of/],
  ['a web server', openAi, { status: 404, body: '<html>sk-secret-9</html>' }, /no language model/],
  ['a page with nothing wrong', openAi, { status: 200, body: '<html>sk-secret-9' }, /no language/],
  ['another API', openAi, { status: 200, body: { hello: 'sk-secret-9' } }, /no language model/],
  ['nothing at all', anthropic, { status: 405, body: '' }, /no language model.*BASE_URL/],
]

for (const [title, wire, refusal, sentence] of refusals) {
  Deno.test(`${title} is told in our words, with what to do`, async () => {
    // Twice: what may pass is asked for once more.
    const script = Array<Scripted>(2).fill({ ...refusal, headers: at })
    await withModel(wire, script, async (_fake, model) => {
      const { chunks, kept } = await play({ text: 'hello', model, limits })
      assert.match(kept.metadata.error ?? '', sentence)
      assert.equal(kept.status, 'failed')
      assert.doesNotMatch(JSON.stringify([chunks, kept]), /sk-secret-9/)
    })
  })
}

Deno.test(promises.model_words, async () => {
  const said: string[] = []
  const levels = ['info', 'warn', 'error'] as const
  const before = levels.map((level) => console[level])
  for (const level of levels) console[level] = (...words: unknown[]) => void said.push(words.join())
  try {
    for (const [, wire, refusal] of refusals) {
      const script = Array<Scripted>(2).fill({ ...refusal, headers: at })
      await withModel(wire, script, async (_fake, model) => {
        await play({ text: 'my prompt', model, limits })
      })
    }
  } finally {
    levels.forEach((level, at) => (console[level] = before[at]!))
  }
  assert.ok(said.length >= refusals.length, 'each failure is in the log')
  assert.doesNotMatch(said.join('\n'), /sk-|my prompt|html|Incorrect/)
})

const later: [string, string, RegExp][] = [
  ['seconds', '20', /Try again in 20 seconds\./],
  ['many seconds', '600', /Try again in 10 minutes\./],
  [
    'a date',
    new Date(Date.now() + 3 * 3_600_000).toUTCString(),
    /in (?:2|3) hours|in 1\d\d minutes/,
  ],
  ['nonsense', 'sk-secret-9', /Try again later\./],
  ['a hundred years', '3153600000', /Try again later\./],
]
for (const [title, header, sentence] of later) {
  Deno.test(`a limit says when to try again, given ${title}`, async () => {
    const limited = {
      status: 429,
      body: openAiSays('Rate limit reached', 'rate_limit_exceeded'),
      headers: { ...at, 'retry-after': header },
    }
    await withModel(openAi, [limited, limited], async (_fake, model) => {
      const { kept } = await play({ text: 'hello', model, limits })
      assert.match(kept.metadata.error ?? '', sentence)
    })
  })
}

const failing: [string, Wire, Extract<Scripted, { fails: unknown }>['fails'], RegExp][] = [
  [
    'an overload',
    anthropic,
    { type: 'overloaded_error', message: 'sk-secret-9' },
    /trouble of its/,
  ],
  ['a limit', openAi, { type: '', message: 'sk-secret-9', code: 429 }, /limit of requests/],
  ['a gateway', openAi, { type: '', message: 'sk-secret-9', code: 502 }, /trouble of its own/],
  ['something', openAi, { type: 'server_error', message: 'sk-secret-9' }, /broke off/],
]
for (const [title, wire, fails, sentence] of failing) {
  Deno.test(`${wire.provider}: ${title} in the middle of an answer is told, and what was said is kept`, async () => {
    await withModel(wire, [{ say: ['Half an '], fails }], async (_fake, model) => {
      const { chunks, kept } = await play({ text: 'hello', model, limits })
      assert.match(kept.metadata.error ?? '', sentence)
      assert.equal(textOf(kept), 'Half an ')
      assert.doesNotMatch(JSON.stringify([chunks, kept]), /sk-secret-9/)
    })
  })
}

for (const wire of wires) {
  Deno.test(`${wire.provider}: an answer that a content filter ends is told as that`, async () => {
    await withModel(wire, [{ say: ['Well, '], ends: 'content_filter' }], async (_fake, model) => {
      const { kept } = await play({ text: 'hello', model, limits })
      assert.equal(kept.status, 'failed')
      assert.match(kept.metadata.error ?? '', /content filter objects/)
    })
  })

  Deno.test(`${wire.provider}: a provider that is not there is told as that`, async () => {
    await withModel(wire, [], async (fake, model) => {
      await fake.stop()
      const { kept } = await play({ text: 'hello', model, limits })
      assert.match(kept.metadata.error ?? '', /cannot be reached: nothing answers at its address/)
    })
  })
}

Deno.test('whoever set the model is who is asked to put it right', () => {
  const described = { provider: 'openai_compatible', name: 'm' } as const
  const lost = EgressError.ofFailedFetch(new TypeError('x: dns error: y'))
  const said = (source: Chosen['source']) => problemSentence(lost, { source, described })
  assert.match(
    said('team'),
    /name in its address could not be found.*An admin of the team.*Settings/,
  )
  assert.match(said('operator'), /Whoever runs this Astra needs to check ASTRA_MODEL_BASE_URL/)
  assert.match(said('found'), /Look at Ollama/)
  const untrusted = EgressError.ofFailedFetch(new TypeError('x: invalid peer certificate: y'))
  assert.match(problemSentence(untrusted, { source: 'team', described }), /TLS certificate/)
})
