import assert from 'node:assert/strict'
import fc from 'fast-check'
import { promises } from '../promises.ts'
import { everything, people, stack } from './the-stack.ts'

const bearer = { Authorization: `Bearer ${people.owner.token}` }
const server_id = everything.http.id
const call = (more: Record<string, unknown>) => ({
  action: 'call_tool',
  server_id,
  tool_name: 'echo',
  parameters: { message: 'x' },
  ...more,
})
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

Deno.test(promises.bad_input_is_400, async () => {
  const bad: Record<string, BodyInit> = {
    'nothing': '',
    'not JSON': '{',
    'no object': '[]',
    'null': 'null',
    'a string': '"call_tool"',
    'no action': '{}',
    'unknown action': '{"action":"drop_tables"}',
    'action from the prototype': '{"action":"constructor"}',
    'action of another type': '{"action":{"$ne":1}}',
    'unknown field': JSON.stringify(call({ surprise: 1 })),
    'id that is no id': JSON.stringify(call({ server_id: "1' or '1'='1" })),
    'parameters of another type': JSON.stringify(call({ parameters: 'message=x' })),
    'bad UTF-8': new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    'deep nesting': `{"action":"call_tool","parameters":${nested(50_000)}}`,
    'NUL in text': JSON.stringify(call({ parameters: { message: 'a\0b' } })),
    'lone surrogate': JSON.stringify(call({ parameters: { message: '\ud800' } })),
    'a private address': JSON.stringify({
      action: 'add_server',
      name: 'n',
      server_type: 'http',
      config: { url: 'http://10.0.0.1/' },
    }),
    'a url with a password': JSON.stringify({
      action: 'add_server',
      name: 'n',
      server_type: 'http',
      config: { url: 'https://a:b@example.com/' },
    }),
    'another scheme': JSON.stringify({
      action: 'add_server',
      name: 'n',
      server_type: 'http',
      config: { url: 'file:///etc/passwd' },
    }),
    'header injection': JSON.stringify({
      action: 'set_credential',
      server_id,
      credential: { credential_type: 'api_key', header: 'X\r\nHost: evil', value: 'v' },
    }),
  }
  for (const [what, body] of Object.entries(bad)) {
    const answer = await stack.post(body, bearer)
    assert.equal(answer.status, 400, `${what}: ${JSON.stringify(answer.body)}`)
    assert.equal(typeof answer.body.error.message, 'string', what)
    assert.match(answer.body.error.request_id, /^[0-9a-f-]{36}$/, what)
  }
})

Deno.test(promises.body_cap, async () => {
  const big = JSON.stringify(call({ parameters: { message: 'x'.repeat(4 * 1024 * 1024) } }))
  const declared = await stack.post(big, bearer)
  assert.equal(declared.status, 413)
  assert.equal(declared.body.error.code, 'too_large')
  const chunks = new Response(big).body!
  const streamed = await stack.post(chunks, bearer)
  assert.equal(streamed.status, 413)
})

Deno.test('a body of exactly the cap is read, and one byte more is not', async () => {
  const empty = JSON.stringify(call({ surprise: '' }))
  const whole = (bytes: number) =>
    JSON.stringify(call({ surprise: 'x'.repeat(bytes - empty.length) }))
  const read = await stack.post(whole(4 * 1024 * 1024), bearer)
  assert.deepEqual([read.status, read.body.error.code], [400, 'invalid_request'])
  assert.equal((await stack.post(whole(4 * 1024 * 1024 + 1), bearer)).status, 413)
})

Deno.test('a message of a megabyte goes to a tool and comes back', async () => {
  const message = 'x'.repeat(1024 * 1024)
  const { body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'echo',
    parameters: { message },
  })
  assert.equal(body.result.content[0].text, `Echo: ${message}`)
})

Deno.test(promises.parameters_checked_first, async () => {
  const { status, body } = await people.member.call('call_tool', {
    server_id,
    tool_name: 'get-sum',
    parameters: { a: 'two' },
  })
  assert.equal(status, 400)
  assert.equal(body.error.code, 'invalid_parameters')
  const paths = body.error.details.map(({ path }: { path: string }) => path)
  assert.ok(paths.includes('parameters.a') && paths.includes('parameters.b'), JSON.stringify(paths))
  const { body: rows } = await stack.asService(
    'mcp_tool_executions?error_code=eq.invalid_parameters&order=executed_at.desc&limit=1',
  )
  assert.equal(rows[0].status, 'error')
})

Deno.test('a name already taken is 409 and a method other than POST is 405', async () => {
  const twice = {
    name: 'Everything',
    server_type: 'http',
    config: { url: 'https://example.com/mcp' },
  }
  const { status, body } = await people.owner.call('add_server', twice)
  assert.equal(status, 409)
  assert.equal(body.error.code, 'conflict')
  const read = await fetch(`${stack.url}/functions/v1/mcp-client`, { headers: bearer })
  assert.equal(read.status, 405)
  await read.body?.cancel()
})

Deno.test(promises.errors_are_sentences, async () => {
  const actions = ['call_tool', 'add_server', 'get_execution', 'list_tools', 'update_server']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...actions),
      fc.jsonValue({ maxDepth: 5 }),
      async (action, value) => {
        const more = typeof value === 'object' && value !== null && !Array.isArray(value)
          ? value
          : { value }
        const { status, body } = await stack.post(
          JSON.stringify({ action, server_id, ...more }),
          bearer,
        )
        const text = JSON.stringify(body)
        assert.ok(status < 500, text)
        for (const leak of [/\bat .*\.ts:/, /pg_|PGRST|syntax error|relation "|node_modules/]) {
          assert.doesNotMatch(text, leak)
        }
      },
    ),
    { numRuns: 200, seed: 20261121 },
  )
})
