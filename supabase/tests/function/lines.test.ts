// Answers that are told as they come about, and what servers offer besides tools: over HTTP, with
// server-everything, which no one here wrote.
import assert from 'node:assert/strict'
import { everything, people, stack } from './the-stack.ts'

const { owner, member, stranger } = people

// A test reads whatever came back.
// deno-lint-ignore no-explicit-any
type Line = { event: string } & Record<string, any>

async function lines(person: typeof owner, body: Record<string, unknown>): Promise<Line[]> {
  const response = await fetch(`${stack.url}/functions/v1/mcp-client`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      apikey: stack.publishable_key,
      Authorization: `Bearer ${person.token}`,
    },
    body: JSON.stringify(body),
  })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson')
  return (await response.text()).trim().split('\n').map((line) => JSON.parse(line))
}

const order = ['resolve', 'tls', 'transport', 'era', 'sign_in', 'list_tools', 'safe_call']

Deno.test('testing a server tells each step as it ends, and the same steps in its answer', async () => {
  for (const { id: server_id } of [everything.http, everything.sse]) {
    const told = await lines(owner, { action: 'test_server', server_id })
    const steps = told.filter(({ event }) => event === 'step').map(({ step }) => step)
    assert.deepEqual(steps.map(({ step }) => step), order)
    const { answer } = told.at(-1)!
    assert.deepEqual(answer.steps, steps)
    assert.ok(answer.tools_found > 5)
    assert.deepEqual([answer.ok, steps.every(({ outcome }) => outcome === 'passed')], [true, true])
  }
})

Deno.test('a server that is not there fails at a named step, with advice, and the rest is skipped', async () => {
  const added = await owner.call('add_server', {
    name: 'Nobody home',
    server_type: 'http',
    config: { url: 'http://127.0.0.1:1/mcp' },
  })
  const server_id = added.body.server.id
  const { body } = await owner.call('test_server', { server_id })
  await owner.call('remove_server', { server_id })
  assert.equal(body.ok, false)
  assert.deepEqual(body.steps.map(({ step }: Line) => step), order)
  const failed = body.steps.find(({ outcome }: Line) => outcome === 'failed')
  assert.ok(failed.message && failed.advice, JSON.stringify(body.steps))
  const after = body.steps.slice(body.steps.indexOf(failed) + 1)
  assert.ok(after.every(({ outcome }: Line) => outcome === 'skipped'))
})

Deno.test('a call tells its id, its progress, and then its answer', async () => {
  const told = await lines(member, {
    action: 'call_tool',
    server_id: everything.http.id,
    tool_name: 'trigger-long-running-operation',
    parameters: { duration: 1, steps: 4 },
  })
  const { execution_id } = told.at(-1)!.answer
  assert.deepEqual(told[0], { event: 'begun', execution_id })
  const progress = told.filter(({ event }) => event === 'progress')
  assert.deepEqual(progress.map(({ progress }) => progress.progress), [1, 2, 3, 4])
  assert.equal(told.at(-1)!.answer.status, 'success')
})

Deno.test('a refusal is the last line', async () => {
  const told = await lines(member, { action: 'test_server', server_id: everything.http.id })
  assert.deepEqual(told.map(({ event, error }) => [event, error.code]), [['error', 'forbidden']])
})

Deno.test('a member lists and reads a server’s resources', async () => {
  for (const { id: server_id } of [everything.http, everything.sse]) {
    const { body } = await member.call('list_resources', { server_id })
    assert.ok(body.resources.length > 0 && body.templates.length > 0, JSON.stringify(body))
    const { uri } = body.resources[0]
    const read = await member.call('read_resource', { server_id, uri })
    assert.ok(read.body.contents[0].text.length > 0)
  }
})

Deno.test('a member lists prompts, completes an argument and fills one in', async () => {
  const server_id = everything.http.id
  const { body } = await member.call('list_prompts', { server_id })
  const names = body.prompts.map(({ name }: { name: string }) => name)
  assert.ok(names.includes('completable-prompt'), names.join())
  const suggested = await member.call('complete', {
    server_id,
    ref: { type: 'ref/prompt', name: 'completable-prompt' },
    argument: { name: 'department', value: 'E' },
  })
  assert.ok(suggested.body.values.includes('Engineering'), JSON.stringify(suggested.body))
  const filled = await member.call('get_prompt', { server_id, name: 'simple-prompt' })
  assert.equal(filled.body.messages[0].role, 'user')
})

Deno.test('resources and prompts of another team’s server are not found', async () => {
  const server_id = everything.http.id
  for (const action of ['list_resources', 'list_prompts']) {
    assert.equal((await stranger.call(action, { server_id })).status, 404)
  }
})
