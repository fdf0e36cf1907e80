import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { everything, people, stack, stored } from './the-stack.ts'

const echo = (text: string, server = everything.http) =>
  people.member.call('call_tool', {
    server_id: server.id,
    tool_name: 'echo',
    parameters: { message: text },
  })

for (const [transport, server] of Object.entries(everything)) {
  Deno.test(`a member calls a real server over ${transport} and the call is on record`, async () => {
    const { status, body } = await echo('hello from my phone', server)
    assert.equal(status, 200)
    assert.equal(body.status, 'success')
    assert.match(body.result.content[0].text, /hello from my phone/)
    assert.ok(Number.isInteger(body.duration_ms))
    const row = await stored(body.execution_id)
    assert.equal(row.status, 'success')
    assert.equal(row.user_id, people.member.user_id)
    assert.deepEqual(row.input_parameters, { message: 'hello from my phone' })
    assert.match(row.output_result.content[0].text, /hello from my phone/)
    assert.ok(row.completed_at >= row.started_at)
  })
}

Deno.test('the team is implied by a single membership and may be named', async () => {
  const team_id = stack.teams.Acme
  const { body } = await people.member.call('list_tools', {
    team_id,
    server_id: everything.http.id,
  })
  const names = body.tools.map((tool: { tool_name: string }) => tool.tool_name)
  assert.ok(names.includes('echo'))
  const tool = body.tools.find((tool: { tool_name: string }) => tool.tool_name === 'echo')
  assert.equal(tool.input_schema.type, 'object')
  assert.equal(tool.policy, 'allow')
})

Deno.test(promises.members_see_their_own, async () => {
  const mine = (await echo('mine')).body.execution_id
  const theirs = (await people.owner.call('call_tool', {
    server_id: everything.http.id,
    tool_name: 'echo',
    parameters: { message: 'the owner’s' },
  })).body.execution_id
  for (const reader of [people.member, people.analyst, people.admin, people.owner]) {
    assert.equal(
      (await reader.call('get_execution', { execution_id: mine })).status,
      200,
      reader.email,
    )
  }
  assert.equal((await people.analyst.call('get_execution', { execution_id: theirs })).status, 200)
  assert.equal((await people.member.call('get_execution', { execution_id: theirs })).status, 404)
  const seen = await people.member.rest(`mcp_tool_executions?select=id&id=eq.${theirs}`)
  assert.deepEqual(seen.body, [])
})

Deno.test('a tool’s own failure is a 200 whose status says so', async () => {
  const { status, body } = await people.member.call('call_tool', {
    server_id: everything.http.id,
    tool_name: 'get-resource-reference',
    parameters: { resourceType: 'Text', resourceId: -5 },
  })
  assert.equal(status, 200)
  assert.equal(body.status, 'error')
  assert.equal(body.error.code, 'tool_failed')
})

Deno.test('statistics per tool count what was run', async () => {
  const count = async () => {
    const { body } = await people.owner.call('list_tools', { server_id: everything.http.id })
    return body.tools.find((tool: { tool_name: string }) => tool.tool_name === 'echo')
      .execution_count
  }
  const before = await count()
  const { body } = await echo('counted')
  await stored(body.execution_id)
  assert.equal(await count(), before + 1)
})
