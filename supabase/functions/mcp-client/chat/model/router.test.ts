// The built-in router against the reference server’s real tools: which tool, which parameters, and an
// honest sentence where there is none.
import assert from 'node:assert/strict'
import type { JsonSchema } from '../../../../../shared/tool.ts'
import { everythingTools, keyed, outputsOf, play, textOf, tool } from '../chat-fixture.ts'
import { findQuotes } from '../scan.ts'
import type { ChatTool } from '../tools.ts'

/** A sentence, the tool it is about (null: none), and the parameters read from it. */
type Row = [sentence: string, tool: string | null, parameters?: Record<string, unknown>]

const sentences: Row[] = [
  ['echo hello from my phone', 'echo', { message: 'hello from my phone' }],
  ['Echo: hello there!', 'echo', { message: 'hello there!' }],
  ['please echo "good morning"', 'echo', { message: 'good morning' }],
  ['echo the message "hi"', 'echo', { message: 'hi' }],
  ['echo message=hello', 'echo', { message: 'hello' }],
  ["echo message='two words'", 'echo', { message: 'two words' }],
  ['echo {"message":"from json"}', 'echo', { message: 'from json' }],
  ['echo {"a":1}', 'echo', { message: '{"a":1}' }],
  ['echo he said "hi" to me', 'echo', { message: 'he said "hi" to me' }],
  ['echo to be or not to be', 'echo', { message: 'to be or not to be' }],
  ['echo 42 is the answer', 'echo', { message: '42 is the answer' }],
  ['echo the weather, the sum and a tiny image', 'echo', {
    message: 'the weather, the sum and a tiny image',
  }],
  ['could you please run the echo tool with message="x y"', 'echo', { message: 'x y' }],
  ['echo', 'echo', {}],
  ['sum 2 and 3', 'get-sum', { a: 2, b: 3 }],
  ['get sum of 4 and 5.5', 'get-sum', { a: 4, b: 5.5 }],
  ['get-sum a=1 b=2', 'get-sum', { a: 1, b: 2 }],
  ['get_sum {"a": 1, "b": -2}', 'get-sum', { a: 1, b: -2 }],
  ['what is the sum of 10 and -4', 'get-sum', { a: 10, b: -4 }],
  ['add numbers a 3 b 9', 'get-sum', { a: 3, b: 9 }],
  ['sum b=1 a=two', 'get-sum', { b: 1, a: 'two' }],
  ['sum of 7', 'get-sum', { a: 7 }],
  ['trigger long running operation', 'trigger-long-running-operation', {}],
  ['trigger a long running operation for 5 seconds in 3 steps', 'trigger-long-running-operation', {
    duration: 5,
    steps: 3,
  }],
  ['start a long running operation with duration 2 and steps 4', 'trigger-long-running-operation', {
    duration: 2,
    steps: 4,
  }],
  ['long running operation duration=1 steps=2', 'trigger-long-running-operation', {
    duration: 1,
    steps: 2,
  }],
  ['show me a tiny image', 'get-tiny-image', {}],
  ['get tiny image', 'get-tiny-image', {}],
  ['print environment', 'get-env', {}],
  ['show the environment variables of the server', 'get-env', {}],
  ['structured content for Chicago', 'get-structured-content', { location: 'Chicago' }],
  ['get structured content location new york', 'get-structured-content', { location: 'New York' }],
  ['weather in Los Angeles', 'get-structured-content', { location: 'Los Angeles' }],
  ['structured content for Paris', 'get-structured-content', {}],
  ['annotated message of type success with image', 'get-annotated-message', {
    messageType: 'success',
    includeImage: true,
  }],
  ['get annotated message error without image', 'get-annotated-message', {
    messageType: 'error',
    includeImage: false,
  }],
  ['annotated message error or success', 'get-annotated-message', {}],
  ['give me 7 resource links', 'get-resource-links', { count: 7 }],
  ['get resource links count 4', 'get-resource-links', { count: 4 }],
  ['resource reference blob 3', 'get-resource-reference', { resourceType: 'Blob', resourceId: 3 }],
  ['gzip file https://example.com/a.txt', 'gzip-file-as-resource', {
    data: 'https://example.com/a.txt',
  }],
  ['compress https://example.com/readme.md as resource', 'gzip-file-as-resource', {
    data: 'https://example.com/readme.md',
    outputType: 'resource',
  }],
  ['gzip-file-as-resource name="out.gz" data=https://example.com/x', 'gzip-file-as-resource', {
    name: 'out.gz',
    data: 'https://example.com/x',
  }],
  ['turn logging off', 'toggle-simulated-logging', {}],
  ['toggle subscriber updates', 'toggle-subscriber-updates', {}],
  ['simulate research query about llamas in Peru', 'simulate-research-query', {
    topic: 'llamas in Peru',
  }],
  ['simulate research query topic="solar power" ambiguous=true', 'simulate-research-query', {
    topic: 'solar power',
    ambiguous: true,
  }],
  ['hello', null],
  ['what can you do?', null],
  ['thanks a lot', null],
  ['write me a poem about the sea', null],
  ['what’s the capital of France', null],
  ['delete all my files', null],
  ['get me a coffee', null],
  ['add 2 and 3', null],
  ['2 + 3', null],
  ['Ꙭ ☃ 你好', null],
]

for (const [sentence, expected, parameters] of sentences) {
  Deno.test(`“${sentence}” is ${expected ?? 'no tool'}`, async () => {
    const { message, ran, kept } = await play({ text: sentence })
    const shown = message.parts.find((part) => part.type === 'dynamic-tool')
    assert.equal(shown?.toolName ?? null, expected && `everything__${expected}`)
    if (shown) assert.deepEqual(shown.input, parameters)
    else assert.match(textOf(message), /not a language model/)
    assert.ok(ran.every((call) => call.tool_name === expected))
    assert.equal(kept.status, 'done')
  })
}

const text = { type: 'string' }
const number = { type: 'number' }
const made = (properties: Record<string, unknown>, required: string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
})
const workshop: ChatTool[] = [
  tool({ tool_name: 'add', input_schema: made({ a: number, b: number }, ['a', 'b']) }),
  tool({
    tool_name: 'send_invitation',
    input_schema: made({ email: { type: 'string', format: 'email' }, note: text }, [
      'email',
      'note',
    ]),
  }),
  tool({
    tool_name: 'book_room',
    input_schema: made({
      from_date: { type: 'string', format: 'date' },
      to_date: { type: 'string', format: 'date' },
      beds: { type: 'integer' },
    }, ['from_date', 'to_date', 'beds']),
  }),
  tool({
    tool_name: 'create_issue',
    input_schema: made({ title: text, body: text }, ['title', 'body']),
  }),
  tool({
    tool_name: 'search_papers',
    input_schema: made({ query: text, limit: { type: 'integer' } }, ['query']),
  }),
  tool({
    tool_name: 'setVerbose',
    input_schema: made({ verbose: { type: 'boolean' } }, ['verbose']),
  }),
  tool({
    tool_name: 'tag',
    input_schema: made({ id: number, labels: { type: 'array', items: text } }, ['id', 'labels']),
  }),
  tool({ tool_name: 'store', input_schema: made({ document: { type: 'object' } }, ['document']) }),
]
const made_sentences: Row[] = [
  ['add 2 and 3', 'add', { a: 2, b: 3 }],
  ['add 2', 'add', { a: 2 }],
  ['send invitation to ann@example.com note "see you there"', 'send_invitation', {
    email: 'ann@example.com',
    note: 'see you there',
  }],
  ['book room from 2026-12-01 to 2026-12-05, 2 beds', 'book_room', {
    from_date: '2026-12-01',
    to_date: '2026-12-05',
    beds: 2,
  }],
  ['book room 2026-12-01 2026-12-05 for 2.5 beds', 'book_room', {
    from_date: '2026-12-01',
    to_date: '2026-12-05',
  }],
  ['create issue "Login is broken" "Nobody gets in"', 'create_issue', {
    title: 'Login is broken',
    body: 'Nobody gets in',
  }],
  ['create issue title Login is broken body Nobody gets in', 'create_issue', {
    title: 'Login is broken',
    body: 'Nobody gets in',
  }],
  ['search papers for top 10 cats', 'search_papers', { query: 'top 10 cats' }],
  ['search papers llamas limit=5', 'search_papers', { query: 'llamas', limit: 5 }],
  ['set verbose on', 'setVerbose', { verbose: true }],
  ['tag 7 labels=red,blue', 'tag', { id: 7, labels: ['red', 'blue'] }],
  ['tag id=7 labels=["dark red","blue"]', 'tag', { id: 7, labels: ['dark red', 'blue'] }],
  ['store {"any":{"thing":[1,2]}}', 'store', { document: { any: { thing: [1, 2] } } }],
]
for (const [sentence, expected, parameters] of made_sentences) {
  Deno.test(`“${sentence}” is read for a tool of another shape`, async () => {
    const { message } = await play({ text: sentence, tools: keyed(workshop) })
    const shown = message.parts.find((part) => part.type === 'dynamic-tool')
    assert.equal(shown?.toolName, `everything__${expected}`)
    assert.deepEqual(shown?.input, parameters)
  })
}

Deno.test('a required parameter that is not in the words becomes a form, filled with what was', async () => {
  const { message, ran } = await play({ text: 'sum of 7' })
  const [output] = outputsOf(message)
  assert.deepEqual([output?.kind, output?.reason, output?.missing], ['needs_person', 'missing', [
    'b',
  ]])
  assert.deepEqual(output?.parameters, { a: 7 })
  assert.equal(ran.length, 0)
})

Deno.test('an ask tool runs when the person ordered it by name and gave every argument', async () => {
  const tools = keyed(everythingTools({ policy: 'ask' }))
  const { ran } = await play({ text: 'please echo hello', tools })
  assert.deepEqual(ran.map((call) => call.approved), [true])
})

Deno.test('an ask tool waits when the person did not order it, however well it matches', async () => {
  const tools = keyed(everythingTools({ policy: 'ask' }))
  const { message, ran } = await play({ text: 'sum 2 and 3', tools })
  assert.equal(ran.length, 0)
  assert.equal(outputsOf(message)[0]?.status, 'awaiting_approval')
})

Deno.test('a tool that is only spoken of does not run without a person', async () => {
  const tools = keyed(everythingTools({ policy: 'ask' }))
  const spoken = ['why did get-sum a=1 b=2 fail', 'do not get-sum a=1 b=2', 'never echo hello']
  for (const text of spoken) {
    const { ran } = await play({ text, tools })
    assert.deepEqual(ran, [], text)
  }
})

Deno.test('an ask tool that two servers have waits: its name alone does not say which', async () => {
  const second = { server_id: crypto.randomUUID(), server_name: 'Second' }
  const tools = keyed([
    ...everythingTools({ policy: 'ask' }),
    ...everythingTools({ policy: 'ask', ...second }),
  ])
  const { message, ran } = await play({ text: 'echo hello', tools })
  assert.equal(ran.length, 0)
  assert.equal(outputsOf(message)[0]?.status, 'awaiting_approval')
})

Deno.test('a server named in the message decides between namesakes', async () => {
  const second = { server_id: crypto.randomUUID(), server_name: 'Second' }
  const tools = keyed([...everythingTools(), ...everythingTools(second)])
  const { message } = await play({ text: 'tiny image of second', tools })
  const shown = message.parts.find((part) => part.type === 'dynamic-tool')
  assert.equal(shown?.toolName, 'second__get-tiny-image')
})

Deno.test('without tools the router says so and where they come from', async () => {
  const { message } = await play({ text: 'echo hello', tools: new Map() })
  assert.match(textOf(message), /not a language model/)
  assert.match(textOf(message), /An admin can add a server/)
})

Deno.test('names and descriptions of a hostile server are no markup in the router’s text', async () => {
  const evil = tool({
    tool_name: 'x',
    title: '![a](http://evil.test/p)\n# Ignore',
    description: '<img src=x> [click](javascript:1)',
  })
  const { message } = await play({ text: 'something else', tools: keyed([evil]) })
  assert.doesNotMatch(textOf(message), /[![\]<>]|^# /m)
})

Deno.test('a pasted book is answered at once', async () => {
  const book = 'a=1 {"x": "unclosed \' " ( [ '.repeat(4_000)
  const started = performance.now()
  const { kept } = await play({ text: `echo ${book}` })
  assert.equal(kept.status, 'done')
  assert.ok(performance.now() - started < 2_000)
})

Deno.test('a server with endless titles and parameters keeps no one from the other tools', async () => {
  const names = Array.from({ length: 50_000 }, (_, at) => [`p${at}`, { type: 'string' }])
  const evil = tool({
    tool_name: 'evil',
    title: 'ab '.repeat(1_000_000),
    input_schema: { type: 'object', properties: Object.fromEntries(names) },
  })
  const tools = keyed([...everythingTools(), evil])
  const started = performance.now()
  const { ran } = await play({ text: 'echo hello', tools })
  assert.deepEqual(ran.map(({ tool_name }) => tool_name), ['echo'])
  const { kept } = await play({ text: `evil ${'c=3 '.repeat(50)}`, tools })
  assert.equal(kept.status, 'done')
  assert.ok(performance.now() - started < 4_000, `took ${performance.now() - started}`)
})

Deno.test('quotes that never close are read at once', () => {
  const started = performance.now()
  assert.deepEqual(findQuotes('“'.repeat(80_000)), [])
  assert.ok(performance.now() - started < 2_000)
})
