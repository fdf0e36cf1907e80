// A person’s own call, written out.
import assert from 'node:assert/strict'
import { slashCommand } from '../../../../shared/chat.ts'
import { everythingTools, keyed, outputsOf, play, textOf, tool } from './chat-fixture.ts'
import { readSlash } from './slash.ts'

const tools = keyed(everythingTools({ policy: 'ask' }))
const second = { server_id: crypto.randomUUID(), server_name: 'Second' }
const twice = keyed([...everythingTools(), ...everythingTools(second)])

function parametersOf(text: string) {
  const read = readSlash(text, tools)
  assert.equal(read.kind, 'call', JSON.stringify(read))
  return read.kind === 'call' ? [read.key, read.parameters] : []
}

Deno.test('what the form of a card sends is read back exactly', () => {
  const parameters = { message: 'a "b" {c}\n/d', extra: [1, { x: null }] }
  assert.deepEqual(parametersOf(slashCommand('everything__echo', parameters)), [
    'everything__echo',
    parameters,
  ])
})

Deno.test('name=value arguments take the types of the schema', () => {
  assert.deepEqual(parametersOf('/get-sum a=1 b=-2.5'), ['everything__get-sum', { a: 1, b: -2.5 }])
  assert.deepEqual(parametersOf('/echo message="x y"'), ['everything__echo', { message: 'x y' }])
  assert.deepEqual(parametersOf('/echo message=12'), ['everything__echo', { message: '12' }])
  assert.deepEqual(
    parametersOf('/get-annotated-message messageType=SUCCESS includeImage=yes'),
    ['everything__get-annotated-message', { messageType: 'success', includeImage: true }],
  )
  assert.deepEqual(parametersOf('/get-sum a=one b=2'), ['everything__get-sum', { a: 'one', b: 2 }])
})

Deno.test('loose words go to the one text a tool asks for', () => {
  assert.deepEqual(parametersOf('/echo hello from my phone'), ['everything__echo', {
    message: 'hello from my phone',
  }])
  assert.equal(readSlash('/get-sum 1 2', tools).kind, 'say')
})

Deno.test('a command without arguments is a call without arguments', () => {
  assert.deepEqual(parametersOf('  /get-tiny-image  '), ['everything__get-tiny-image', {}])
})

Deno.test('a name two servers share means the first one only while all of them are allowed', () => {
  const allowed = readSlash('/echo hi', twice)
  assert.equal(allowed.kind === 'call' && allowed.key, 'everything__echo')
  const guarded = keyed([...everythingTools(), ...everythingTools({ ...second, policy: 'ask' })])
  const read = readSlash('/echo hi', guarded)
  assert.ok(read.kind === 'say' && read.text.includes('`/everything__echo`, `/second__echo`'))
  assert.equal(readSlash('/second__echo hi', guarded).kind, 'call')
})

Deno.test('an unknown command names its neighbours', () => {
  const read = readSlash('/ecko hi', tools)
  assert.equal(read.kind, 'say')
  const near = readSlash('/sum a=1', tools)
  assert.ok(near.kind === 'say' && /Did you mean `\/everything__get-sum`/.test(near.text))
})

Deno.test('broken JSON is said to be broken and runs nothing', () => {
  for (const text of ['/echo {"message":', '/echo {}}', '/echo {"a":1} more']) {
    const read = readSlash(text, tools)
    assert.ok(read.kind === 'say' && /not a valid JSON object/.test(read.text), text)
  }
})

Deno.test('a path or a sentence is not a command', () => {
  for (const text of ['/etc/hosts', 'what is /echo?', '/ echo', '//echo', 'echo hi', '/']) {
    assert.equal(readSlash(text, tools).kind, 'none', text)
  }
})

Deno.test('a name that a prototype has is an unknown command like any other', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.equal(readSlash(`/${name}`, tools).kind, 'say')
  }
})

Deno.test('a command runs an ask tool at once, without a model, and says so in the stream', async () => {
  const { message, ran, chunks, kept } = await play({
    text: '/everything__echo {"message":"hi"}',
    tools,
    model: () => Promise.reject(new Error('no model may be asked')),
  })
  assert.deepEqual(ran, [{
    server_id: everythingTools()[0]!.server_id,
    tool_name: 'echo',
    parameters: { message: 'hi' },
    approved: true,
  }])
  assert.equal(outputsOf(message)[0]?.kind, 'answered')
  assert.equal(message.parts.filter((part) => part.type === 'data-call').length, 1)
  assert.deepEqual([chunks[0]?.type, chunks.at(-1)?.type], ['start', 'finish'])
  assert.deepEqual(kept.metadata, {})
})

Deno.test('a command with a required argument missing becomes a form', async () => {
  const { message, ran } = await play({ text: '/get-sum a=1', tools })
  assert.equal(ran.length, 0)
  assert.deepEqual(outputsOf(message)[0]?.missing, ['b'])
})

Deno.test('an unknown command is answered with a sentence, not given to a model', async () => {
  const { message } = await play({
    text: '/nothing here',
    tools,
    model: () => Promise.reject(new Error('no model may be asked')),
  })
  assert.match(textOf(message), /There is no tool `nothing`/)
})

Deno.test('two tools whose keys would meet stay apart', () => {
  const odd = keyed([tool({ tool_name: 'a b' }), tool({ tool_name: 'a.b' })])
  assert.deepEqual([...odd.keys()], ['everything__a_b', 'everything__a_b_2'])
  const read = readSlash('/everything__a_b_2', odd)
  assert.equal(read.kind === 'call' && read.tool.tool_name, 'a.b')
})

Deno.test('a command of brackets that never close is read at once', () => {
  const started = performance.now()
  const read = readSlash(`/everything__echo ${'a={ '.repeat(40_000)}`, tools)
  assert.deepEqual(read.kind === 'call' && read.parameters, { a: '{' })
  assert.ok(performance.now() - started < 2_000)
})
