// A team’s own model, set by its admins and asked through the guarded fetch: what it may be, where its key
// goes, and what a test of it says. The real function, real providers’ wire formats.
import assert from 'node:assert/strict'
import { startFakeAnthropic } from '../models/fake-anthropic.ts'
import { startFakeOpenAi } from '../models/fake-openai.ts'
import type { Scripted } from '../models/scripted.ts'
import { promises } from '../promises.ts'
import type { Person } from '../running-stack.ts'
import { people, stack } from './the-stack.ts'

const { owner, admin, member, stranger } = people
const key = 'sk-models-9f27'
Deno.test.afterAll(async () => {
  await owner.call('set_model', { model: null })
})

type Given = { provider?: string; base_url?: string | null; name?: string; api_key?: string | null }

async function setModel(given: Given, by: Person = admin) {
  const model = { provider: 'openai_compatible', name: 'fake', api_key: key, ...given }
  return await by.call('set_model', { model })
}

async function withOpenAi(
  script: Scripted[],
  test: (fake: ReturnType<typeof startFakeOpenAi>) => Promise<void>,
): Promise<void> {
  const fake = startFakeOpenAi(script)
  try {
    assert.equal((await setModel({ base_url: `${fake.url}/v1` })).status, 200)
    await test(fake)
  } finally {
    await fake.stop()
  }
}

async function say(text: string, by: Person = member) {
  const chat_id = crypto.randomUUID()
  const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
  const bearer = { authorization: `Bearer ${by.token}` }
  const answer = await stack.post(JSON.stringify({ chat_id, message }), bearer, '/chat')
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const rows = await stack.asService(`astra_messages?chat_id=eq.${chat_id}&role=eq.assistant`)
  return { stream: String(answer.body), row: rows.body[0] }
}

for (
  const [provider, start] of Object.entries({
    openai_compatible: startFakeOpenAi,
    anthropic: startFakeAnthropic,
  })
) {
  Deno.test(`${provider}: the team’s model answers through a real tool, and no one else’s`, async () => {
    const fake = start([
      { calls: [{ id: 'c1', name: 'everything__echo', input: { message: 'hi' } }] },
      { say: ['It said hi.'] },
    ])
    try {
      const { body } = await setModel({ provider, base_url: `${fake.url}/v1/` })
      assert.deepEqual(body.model, { provider, name: 'fake' })
      assert.deepEqual([body.source, body.team_model.base_url], ['team', `${fake.url}/v1`])
      const { stream, row } = await say('say hi')
      assert.match(stream, /"delta":"It said hi\."/)
      assert.deepEqual(row.metadata, {
        model: { provider, name: 'fake' },
        usage: { input_tokens: 20, output_tokens: 30 },
      })
      const sent = fake.asked[0]!.headers
      assert.equal(sent.get('x-api-key') ?? sent.get('authorization')?.slice(7), key)
    } finally {
      await fake.stop()
    }
  })
}

Deno.test('members read what answers, admins how it is set, nobody the key; null goes back', async () => {
  await setModel({ base_url: 'https://models.example.com/v1' })
  const seen = (await member.call('get_model')).body
  assert.deepEqual([seen.source, seen.model.name, seen.team_model], ['team', 'fake', null])
  const set = (await admin.call('get_model')).body
  assert.equal(set.team_model.has_key, true)
  assert.ok(!JSON.stringify([set, seen]).includes(key))
  assert.equal((await member.call('set_model', { model: null })).status, 403)
  assert.equal((await member.call('test_model')).status, 403)
  const theirs = (await stranger.call('get_model')).body
  assert.deepEqual([theirs.source === 'team', theirs.team_model], [false, null])
  const back = (await admin.call('set_model', { model: null })).body
  assert.deepEqual([back.source === 'team', back.team_model], [false, null])
})

Deno.test('another provider or address without a key has none; the same keeps it', async () => {
  const base_url = 'https://models.example.com/v1'
  const hasKeyAfter = async (given: Given) => {
    await setModel({ base_url })
    const model = { provider: 'openai_compatible', base_url, name: 'fake', ...given }
    return (await owner.call('set_model', { model })).body.team_model.has_key
  }
  assert.equal(await hasKeyAfter({ name: 'other' }), true)
  assert.equal(await hasKeyAfter({ base_url: `${base_url}/chat/completions` }), true)
  assert.equal(await hasKeyAfter({ base_url: 'https://elsewhere.example.com/v1' }), false)
  assert.equal(await hasKeyAfter({ provider: 'anthropic' }), false)
  assert.equal(await hasKeyAfter({ api_key: null }), false)
})

Deno.test('a key moved to another address by hand does not open there, and nobody else answers', async () => {
  await withOpenAi([{ say: ['never'] }], async (fake) => {
    const moved = await stack.asService(`team_models?team_id=eq.${stack.teams.Acme}`, {
      method: 'PATCH',
      body: JSON.stringify({ base_url: `${fake.url}/v2` }),
    })
    assert.equal(moved.status, 204)
    const { row } = await say('hello')
    assert.equal(row.status, 'failed')
    assert.match(
      row.metadata.error,
      /key of the team’s model can no longer be read.*enter it again/,
    )
    const { body } = await admin.call('test_model')
    assert.equal(body.ok, false)
    assert.match(body.message, /can no longer be read/)
    assert.equal(fake.asked.length, 0)
  })
})

const refused: [string, RegExp][] = [
  ['http://10.0.0.7/v1', /must start with https/],
  ['https://10.0.0.7/v1', /private address/],
  ['https://169.254.169.254/latest', /private address/],
  ['https://[::1]/v1', /private address/],
  ['https://metadata.internal/v1', /private host name/],
  ['https://user:sk-models-9f27@models.example.com/v1', /user name or password/],
  ['https://models.example.com:8443/v1', /port 443/],
  ['https://models.example.com/v1?key=1', /end with its path/],
  ['file:///etc/passwd', /https/],
  ['models.example.com', /not a web address/],
]
for (const [base_url, sentence] of refused) {
  Deno.test(`a model at ${base_url.replace(key, '…')} is refused when it is set`, async () => {
    const { status, body } = await setModel({ base_url })
    assert.equal(status, 400)
    assert.equal(body.error.details[0].path, 'model.base_url')
    assert.match(body.error.message, sentence)
    assert.ok(!JSON.stringify(body).includes(key))
  })
}

Deno.test('an OpenAI-compatible model needs an address, Anthropic’s has its own', async () => {
  const { status, body } = await setModel({ base_url: null })
  assert.equal(status, 400)
  assert.match(body.error.message, /model.base_url: is needed/)
  const anthropic = await setModel({ provider: 'anthropic', base_url: null })
  assert.deepEqual([anthropic.status, anthropic.body.team_model.base_url], [200, null])
})

Deno.test(promises.model_address, async () => {
  const asked: Headers[] = []
  const closing = new AbortController()
  const listen = { hostname: '127.0.0.1', port: 0, onListen() {}, signal: closing.signal }
  const elsewhere = Deno.serve(listen, (request) => {
    asked.push(request.headers)
    return new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } })
  })
  const location = `http://127.0.0.1:${elsewhere.addr.port}/v1/chat/completions`
  try {
    for (const status of [301, 302, 303, 307, 308]) {
      const redirect: Scripted = { status, body: '', headers: { location } }
      await withOpenAi([redirect, redirect], async () => {
        const { body } = await admin.call('test_model')
        assert.equal(body.ok, false)
        assert.match(body.message, /leads elsewhere, where its key must not go/)
        assert.match((await say('hello')).row.metadata.error, /leads elsewhere/)
      })
    }
    assert.equal(asked.length, 0)
    // Set while it was allowed, or by hand: it is judged again whenever it is asked.
    await setModel({ base_url: 'https://models.example.com/v1', api_key: null })
    await stack.asService(`team_models?team_id=eq.${stack.teams.Acme}`, {
      method: 'PATCH',
      body: JSON.stringify({ base_url: 'https://169.254.169.254/v1' }),
    })
    const { body } = await admin.call('test_model')
    assert.match(body.message, /one that Astra may not ask/)
  } finally {
    // At once: whoever came here against the promise keeps the connection open.
    closing.abort()
    await elsewhere.finished
  }
})

Deno.test('a test says that it answers, and asks for no more than a word', async () => {
  await withOpenAi([{ say: ['rea', 'dy'] }], async (fake) => {
    const { body } = await admin.call('test_model')
    assert.deepEqual([body.ok, body.message], [true, '“fake” answers, and takes tools.'])
    const sent = fake.asked[0]!.body
    assert.equal(sent.max_tokens, 16)
    assert.ok(Array.isArray(sent.tools))
  })
})

const tests: [string, Scripted, RegExp][] = [
  [
    'a wrong key',
    { status: 401, body: { error: { message: `Incorrect API key provided: ${key}` } } },
    /refuses Astra’s key\. Enter a key that works\.$/,
  ],
  [
    'no credit',
    { status: 429, body: { error: { message: 'x', code: 'insufficient_quota' } } },
    /out of credit/,
  ],
  ['a limit', { status: 429, body: {}, headers: { 'retry-after': '20' } }, /in 20 seconds/],
  [
    'no such model',
    { status: 404, body: { error: { message: 'The model `fake` does not exist' } } },
    /does not know this model, “fake”/,
  ],
  ['a web server', { status: 200, body: '<html></html>' }, /is no language model/],
  [
    'a model without tools',
    { status: 400, body: { error: { message: 'fake does not support tools' } } },
    /cannot use tools/,
  ],
]
for (const [title, answer, sentence] of tests) {
  Deno.test(`a test tells ${title} in plain words, without the key`, async () => {
    await withOpenAi([answer], async () => {
      const { status, body } = await admin.call('test_model')
      assert.deepEqual([status, body.ok], [200, false])
      assert.match(body.message, sentence)
      assert.ok(!JSON.stringify(body).includes(key))
    })
  })
}

Deno.test('a test of nobody and of a model that says nothing ends, saying so', async () => {
  await withOpenAi([], async (fake) => {
    await fake.stop()
    assert.match((await admin.call('test_model')).body.message, /nothing answers at its address/)
  })
  await withOpenAi([{ hangs: true }], async (fake) => {
    const { body } = await admin.call('test_model')
    assert.match(body.message, /did not answer within 15 seconds/)
    assert.ok(body.duration_ms >= 14_000 && body.duration_ms < 18_000, String(body.duration_ms))
    await fake.left
  })
})

Deno.test('a key is in no answer, no row and no log', async () => {
  const wrong = { status: 401, body: { error: { message: `Incorrect API key provided: ${key}` } } }
  await withOpenAi([wrong, wrong], async () => {
    const tested = await admin.call('test_model')
    const { stream, row } = await say('hello')
    const kept = await stack.asService(`team_models?team_id=eq.${stack.teams.Acme}`)
    const changes = await stack.asService(`team_model_changes?team_id=eq.${stack.teams.Acme}`)
    const log = await logs()
    assert.match(log, /model failed/)
    const everywhere = JSON.stringify([tested.body, stream, row, kept.body, changes.body]) + log
    for (const form of [key, btoa(key), encodeURIComponent(key)]) {
      assert.ok(!everywhere.includes(form), form)
    }
  })
})

/** Everything the stack has written down of itself. */
async function logs(): Promise<string> {
  const folder = `${stack.folder}/logs`
  const texts: string[] = []
  for await (const { name } of Deno.readDir(folder)) {
    texts.push(await Deno.readTextFile(`${folder}/${name}`))
  }
  return texts.join('\n')
}

Deno.test('many small events in a moment are what a fast model sends, and break nothing', async () => {
  const pieces = Array.from({ length: 6_000 }, (_, at) => `${at} `)
  await withOpenAi([{ say: pieces }], async () => {
    const { row } = await say('count')
    assert.deepEqual([row.status, row.metadata.error], ['done', undefined])
    assert.equal(
      row.parts.find((part: { type: string }) => part.type === 'text').text,
      pieces.join(''),
    )
  })
})
