import assert from 'node:assert/strict'
import { type ActionName, operations } from '../../../shared/operations.ts'
import { promises } from '../promises.ts'
import { everything, people, stack } from './the-stack.ts'

const mine = await people.member.call('call_tool', {
  server_id: everything.http.id,
  tool_name: 'echo',
  parameters: { message: 'a secret of Acme' },
})
const acme = {
  server_id: everything.http.id,
  execution_id: mine.body.execution_id,
  message_id: await answerUnderWay(),
}

/** The row of an answer to a member of Acme, as if it were being written. */
async function answerUnderWay(): Promise<string> {
  const [chat_id, answers, id] = [1, 2, 3].map(() => crypto.randomUUID()) as [
    string,
    string,
    string,
  ]
  const of = { team_id: stack.teams.Acme, chat_id }
  const rows: [string, Record<string, unknown>][] = [
    ['astra_chats', { id: chat_id, team_id: of.team_id, user_id: people.member.user_id }],
    ['astra_messages', { ...of, id: answers, user_id: people.member.user_id, role: 'user' }],
    ['astra_messages', { ...of, id, role: 'assistant', status: 'streaming', answers }],
  ]
  for (const [table, row] of rows) {
    await stack.asService(table, { method: 'POST', body: JSON.stringify(row) })
  }
  return id
}

/** A well-formed input for every operation, with Acme's real ids. A new operation does not compile without one. */
const inputs: { [Name in ActionName]: Record<string, unknown> } = {
  list_servers: {},
  add_server: { name: 'Planted', server_type: 'http', config: { url: 'https://example.com/mcp' } },
  update_server: { server_id: acme.server_id, name: 'Renamed' },
  remove_server: { server_id: acme.server_id },
  set_credential: { server_id: acme.server_id, credential: null },
  test_server: { server_id: acme.server_id },
  sync_tools: { server_id: acme.server_id },
  list_tools: { server_id: acme.server_id },
  call_tool: { server_id: acme.server_id, tool_name: 'echo', parameters: { message: 'x' } },
  set_oauth_client: { server_id: acme.server_id, oauth_client: { client_id: 'theirs' } },
  connect_server: { server_id: acme.server_id },
  answer_input: { execution_id: acme.execution_id, answer: 'accept' },
  set_tool_policy: { server_id: acme.server_id, tool_names: ['echo'], policy: 'deny' },
  answer_approval: { approval_id: '00000000-0000-4000-8000-000000000000', decision: 'approve' },
  cancel_execution: { execution_id: acme.execution_id },
  continue_in_background: { execution_id: acme.execution_id },
  stop_turn: { message_id: acme.message_id },
  get_execution: { execution_id: acme.execution_id },
  set_webhook: { url: 'https://example.com/theirs' },
  get_webhook: {},
  test_webhook: {},
  list_resources: { server_id: acme.server_id },
  read_resource: { server_id: acme.server_id, uri: 'demo://resource/static/document/features.md' },
  list_prompts: { server_id: acme.server_id },
  get_prompt: { server_id: acme.server_id, name: 'simple-prompt' },
  complete: {
    server_id: acme.server_id,
    ref: { type: 'ref/prompt', name: 'completable-prompt' },
    argument: { name: 'department', value: '' },
  },
  get_model: {},
  set_model: { model: { provider: 'anthropic', name: 'theirs', api_key: 'sk-theirs' } },
  test_model: {},
  get_push: {},
  add_device: {
    endpoint: 'https://push.example/of-acme',
    keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) },
    label: 'Theirs',
  },
  remove_device: { device_id: '00000000-0000-4000-8000-000000000000' },
  test_device: { device_id: '00000000-0000-4000-8000-000000000000' },
}
const names = Object.keys(inputs) as ActionName[]

const seen = async () => {
  // What callers can change; what Astra learns about a server by itself is not theirs.
  const columns = 'id,name,description,config,is_active,account,credential_type,removed_at'
  const servers = await stack.asService(
    `mcp_servers?team_id=eq.${stack.teams.Acme}&select=${columns}&order=id`,
  )
  const calls = await stack.asService(
    `mcp_tool_executions?team_id=eq.${stack.teams.Acme}&select=id&order=id`,
  )
  const answer = await stack.asService(
    `astra_messages?id=eq.${acme.message_id}&select=stop_requested_at`,
  )
  assert.equal(answer.body.length, 1)
  const models = await stack.asService(
    `team_models?team_id=eq.${stack.teams.Acme}&select=provider,base_url,name`,
  )
  return JSON.stringify([servers.body, calls.body, answer.body, models.body])
}

async function unchanged(act: () => Promise<void>) {
  const before = await seen()
  await act()
  assert.equal(await seen(), before)
}

Deno.test(promises.token_missing, () =>
  unchanged(async () => {
    for (const action of names) {
      const { status, body } = await stack.post(JSON.stringify({ action, ...inputs[action] }))
      assert.equal(status, 401, action)
      assert.equal(body.error.code, 'unauthenticated')
    }
  }))

Deno.test('a key, a broken token or another scheme is nobody, never somebody', () =>
  unchanged(async () => {
    const [head, payload] = people.owner.token.split('.')
    const credentials = [
      `Bearer ${stack.publishable_key}`,
      `Bearer ${stack.secret_key}`,
      `Bearer ${head}.${payload}.AAAA`,
      `Bearer mcp_live_${'a'.repeat(40)}`,
      `Basic ${btoa('owner@acme.test:astra-demo-1')}`,
      'Bearer',
      people.owner.token,
    ]
    for (const Authorization of credentials) {
      for (const action of names) {
        const { status } = await stack.post(JSON.stringify({ action, ...inputs[action] }), {
          Authorization,
        })
        assert.equal(status, 401, `${action} as ${Authorization.slice(0, 20)}`)
      }
    }
  }))

Deno.test(promises.foreign_ids, () =>
  unchanged(async () => {
    for (const action of names) {
      const named = await people.stranger.call(action, {
        ...inputs[action],
        team_id: stack.teams.Acme,
      })
      assert.equal(named.status, 404, `${action} naming Acme`)
      if (!('server_id' in inputs[action] || 'execution_id' in inputs[action])) continue
      const { status, body } = await people.stranger.call(action, inputs[action])
      assert.equal(status, 404, `${action} with Acme’s ids`)
      assert.ok(!JSON.stringify(body).includes('Acme'), action)
    }
  }))

Deno.test(promises.unknown_is_like_foreign, async () => {
  const ids = { server_id: crypto.randomUUID(), execution_id: crypto.randomUUID() }
  for (const action of names) {
    const input = Object.fromEntries(
      Object.entries(inputs[action]).map((
        [key, value],
      ) => [key, ids[key as keyof typeof ids] ?? value]),
    )
    if (JSON.stringify(input) === JSON.stringify(inputs[action])) continue
    const strip = (
      { status, body }: { status: number; body: { error: Record<string, unknown> } },
    ) => {
      const { request_id: _, ...error } = body.error
      return { status, error }
    }
    assert.deepEqual(
      strip(await people.stranger.call(action, input)),
      strip(await people.stranger.call(action, inputs[action])),
      action,
    )
  }
})

Deno.test(promises.admin_only, () =>
  unchanged(async () => {
    for (const action of names.filter((name) => operations[name].audience === 'admin')) {
      for (const person of [people.member, people.analyst]) {
        const { status, body } = await person.call(action, inputs[action])
        assert.equal(status, 403, `${action} as ${person.email}`)
        assert.equal(body.error.code, 'forbidden')
      }
    }
  }))

Deno.test(promises.metadata_is_no_claim, async () => {
  const claims = { team_id: stack.teams.Acme, role: 'owner' }
  const climber = await stack.signUp(`climber-${crypto.randomUUID()}@evil.test`, claims)
  await unchanged(async () => {
    for (const action of names) {
      const { status } = await climber.call(action, inputs[action])
      assert.equal(status, 403, action)
    }
  })
  assert.deepEqual((await climber.rest('mcp_servers?select=id')).body, [])
})

Deno.test(promises.several_teams, async () => {
  const both = await stack.signUp(`both-${crypto.randomUUID()}@acme.test`)
  const join = (team_id: string | undefined) =>
    stack.asService('team_members', {
      method: 'POST',
      body: JSON.stringify({ team_id, user_id: both.user_id, role: 'member' }),
    })
  await join(stack.teams.Acme)
  await join(stack.teams.Globex)
  await unchanged(async () => {
    for (const action of names) {
      const { status, body } = await both.call(action, inputs[action])
      assert.equal(status, 400, action)
      assert.equal(body.error.code, 'team_required')
      assert.deepEqual(
        body.error.details.teams.map(({ team_name }: { team_name: string }) => team_name),
        ['Acme', 'Globex'],
      )
    }
  })
  const chosen = await both.call('call_tool', { ...inputs.call_tool, team_id: stack.teams.Acme })
  assert.equal(chosen.body.status, 'success')
})

Deno.test(promises.removed_member, async () => {
  const leaver = await stack.signUp(`leaver-${crypto.randomUUID()}@acme.test`)
  await stack.asService('team_members', {
    method: 'POST',
    body: JSON.stringify({ team_id: stack.teams.Acme, user_id: leaver.user_id, role: 'member' }),
  })
  assert.equal((await leaver.call('call_tool', inputs.call_tool)).body.status, 'success')
  await people.owner.rest(`team_members?user_id=eq.${leaver.user_id}`, { method: 'DELETE' })
  for (const action of names) {
    assert.equal((await leaver.call(action, inputs[action])).status, 403, action)
  }
})
