import assert from 'node:assert/strict'
import { promises } from '../../../tests/promises.ts'
import { bench, call, closing, failureOf } from '../../../tests/upstreams/bench.ts'
import { startModern } from '../../../tests/upstreams/modern.ts'
import { startSessions } from '../../../tests/upstreams/sessions.ts'
import { contentProblems, readElicitation, readInputRequests, withDefaults } from './elicitation.ts'
import { UpstreamError } from './upstream.ts'

const requestedSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', title: 'Na\u200bme', minLength: 2, default: 'Ada' },
    nick: { type: 'string', title: 'Ni\ud800ck', default: 'yes\u202eon\0' },
    age: { type: 'integer', minimum: 18, default: 7 },
    site: { type: 'string', format: 'uri' },
    day: { type: 'string', format: 'date' },
    sure: { type: 'boolean', default: false },
    colour: { type: 'string', oneOf: [{ const: 'r', title: 'Red\u001b[1m' }], default: 'r' },
    size: { type: 'string', enum: ['s', 'm'], enumNames: ['Small', 'Medium'] },
    tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 1 },
    parts: { type: 'array', items: { anyOf: [{ const: 'x', title: 'X' }] } },
  },
  required: ['name', 'unknown'],
  additionalProperties: true,
}

const read = (params: unknown) => readElicitation(params, ['listed.example'])
function form(schema: unknown) {
  const asked = read({ message: 'a', requestedSchema: schema })
  assert.equal(asked.mode, 'form')
  return asked.mode === 'form' ? asked.requested_schema : {}
}

Deno.test('a form keeps the grammar, with readable labels and defaults that fit', () => {
  assert.deepEqual(form(requestedSchema), {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name', minLength: 2, default: 'Ada' },
      nick: { type: 'string', title: 'Ni\ufffdck' },
      age: { type: 'integer', minimum: 18 },
      site: { type: 'string', format: 'uri' },
      day: { type: 'string', format: 'date' },
      sure: { type: 'boolean', default: false },
      colour: { type: 'string', oneOf: [{ const: 'r', title: 'Red' }], default: 'r' },
      size: { type: 'string', enum: ['s', 'm'], enumNames: ['Small', 'Medium'] },
      tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 1 },
      parts: { type: 'array', items: { anyOf: [{ const: 'x', title: 'X' }] } },
    },
    required: ['name'],
  })
})

Deno.test('a form that is nested, huge, or hides something is refused', () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [n, { type: 'string' }]))
  const refused: unknown[] = [
    undefined,
    { type: 'array' },
    { type: 'object', properties: { a: { type: 'object', properties: {} } } },
    { type: 'object', properties: { a: { type: 'array', items: { type: 'object' } } } },
    { type: 'object', properties: { a: { $ref: 'https://example.com/schema' } } },
    { type: 'object', properties: many },
    { type: 'object', properties: { a: { type: 'string', title: 'x'.repeat(70_000) } } },
    { type: 'object', properties: { a: { type: 'string', enum: ['yes\u202eon'] } } },
    { type: 'object', properties: { a: { type: 'string', enum: Array(201).fill('a') } } },
    { type: 'object', properties: { 'a\u0000': { type: 'string' } } },
  ]
  for (const schema of refused) {
    assert.throws(
      () => form(schema),
      (error) => error instanceof UpstreamError && error.reason === 'protocol',
      JSON.stringify(schema)?.slice(0, 100),
    )
  }
})

Deno.test('a page is one that a person may open', () => {
  const page = (url: unknown) => read({ mode: 'url', message: 'a', url, elicitationId: 'e1' })
  assert.deepEqual(page('https://example.com/a?b=c#d'), {
    mode: 'url',
    message: 'a',
    url: 'https://example.com/a?b=c#d',
    elicitation_id: 'e1',
  })
  for (const good of ['https://example.com:8443/', 'http://listed.example/x']) {
    assert.equal((page(good) as { url: string }).url, good)
  }
  assert.equal(
    (page('https://ex\u0430mple.com/') as { url: string }).url,
    'https://xn--exmple-4nf.com/',
  )
  const refused = [
    undefined,
    '',
    'javascript:alert(1)',
    'data:text/html,a',
    'http://example.com/',
    'https://me:secret@example.com/',
    'https://10.0.0.1/',
    'https://localhost/',
    'intent://example.com/',
    `https://example.com/${'a'.repeat(9_000)}`,
  ]
  for (const url of refused) assert.throws(() => page(url), UpstreamError, String(url).slice(0, 80))
  assert.throws(() => read({ mode: 'telepathy', message: 'a' }), UpstreamError)
  assert.throws(() => read({ requestedSchema }), UpstreamError)
  assert.throws(() => read(null), UpstreamError)
})

Deno.test('absent fields take their defaults, present ones are left alone', () => {
  const schema = form(requestedSchema)
  assert.deepEqual(withDefaults(schema, {}), { name: 'Ada', sure: false, colour: 'r' })
  assert.deepEqual(withDefaults(schema, { name: '', sure: true, x: 1 }), {
    name: '',
    sure: true,
    x: 1,
    colour: 'r',
  })
})

Deno.test('each thing wrong with the content is named by its field', () => {
  const schema = form(requestedSchema)
  const good = { name: 'Bob', age: 18, site: 'https://a.example', day: '2026-02-28', tags: ['a'] }
  assert.deepEqual(contentProblems(schema, good), [])
  const bad = {
    age: 17.5,
    site: 'a b',
    day: '2026-02-30',
    sure: 'yes',
    colour: 'g',
    size: 'xl',
    tags: ['a', 'b'],
    parts: ['y'],
    more: 1,
  }
  const problems = contentProblems(schema, bad)
  assert.deepEqual([...new Set(problems.map(({ path }) => path))].sort(), [
    'content.age',
    'content.colour',
    'content.day',
    'content.more',
    'content.name',
    'content.parts.0',
    'content.site',
    'content.size',
    'content.sure',
    'content.tags',
  ])
  assert.ok(problems.some(({ path, message }) => path === 'content.day' && /date/.test(message)))
})

const asking = (message: string) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties: {} } },
})

Deno.test('a 2026-07-28 call that needs input ends with what it asks, and goes on with the answers', async () => {
  const server = startModern()
  const at = bench(server)
  await closing(server, at, async () => {
    const state = 'é"\\ opaque\u0000=='
    const args = { requests: { one: asking('One?'), two: asking('Two?') }, state }
    const first = await at.connections.callTool(at.upstream, call('ask', args))
    const { protocol, ...outcome } = first
    assert.equal(protocol?.era, 'modern')
    const requested_schema = { type: 'object', properties: {} }
    assert.deepEqual(outcome, {
      kind: 'input_required',
      requests: {
        one: { mode: 'form', message: 'One?', requested_schema },
        two: { mode: 'form', message: 'Two?', requested_schema },
      },
      request_state: state,
    })
    server.recorder.clear()
    const responses = {
      one: { action: 'accept', content: { a: 1 } },
      two: { action: 'decline' },
    } as const
    const again = call('ask', args, { resume: { responses, request_state: state } })
    const done = await at.connections.callTool(at.upstream, again)
    assert.equal(done.kind, 'answered')
    const said = done.kind === 'answered' ? String(done.result.content[0]?.text) : ''
    assert.deepEqual(JSON.parse(said), { inputResponses: responses, requestState: state })
    assert.equal(server.recorder.seen.length, 1)
  })
})

Deno.test(`${promises.waited_not_begun_anew}: its server no longer knows it`, async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const resume = { responses: {}, request_state: 's' }
    const failure = await failureOf(
      at.connections.callTool(at.upstream, call('echo', { text: 'a' }, { resume })),
    )
    assert.equal(failure.reason, 'protocol')
    assert.equal(failure.sent, false)
    assert.equal(server.recorder.count('tools/call'), 0)
  })
})

Deno.test('a server that asks for what was never offered to it is a protocol failure', () => {
  const never = [
    { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
    { ...asking('a'), method: 'sampling/createMessage' },
    { method: 'roots/list' },
    'nonsense',
    { ...asking('a'), params: { mode: 'url', message: 'a', url: 'ftp://example.com' } },
  ]
  for (const one of never) {
    assert.throws(
      () => readInputRequests({ inputRequests: { good: asking('a'), one } }, []),
      (error) => error instanceof UpstreamError && error.reason === 'protocol',
    )
  }
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, asking('a')]))
  assert.throws(() => readInputRequests({ inputRequests: many }, []), UpstreamError)
  const requestState = 'x'.repeat(300_000)
  assert.throws(() => readInputRequests({ requestState }, []), UpstreamError)
})

Deno.test('pages that come first are told, and nothing ran', async () => {
  const server = startSessions()
  const at = bench(server)
  await closing(server, at, async () => {
    const page = { mode: 'url', elicitationId: 'e', url: 'https://example.com/', message: 'Go' }
    const outcome = await at.connections
      .callTool(at.upstream, call('page_first', { pages: [page] }))
    assert.deepEqual(outcome.kind === 'url_required' && outcome.asked, [
      { mode: 'url', message: 'Go', url: 'https://example.com/', elicitation_id: 'e' },
    ])
    for (const pages of [[], [{ ...page, url: 'file:///etc' }], [asking('a').params]]) {
      const failure = await failureOf(
        at.connections.callTool(at.upstream, call('page_first', { pages })),
      )
      assert.equal(failure.reason, 'protocol')
    }
  })
})
