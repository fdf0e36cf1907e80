// What syncing and removing does to tools, their policies and their past.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, call, executionsOf, finish } from './calls.ts'
import { onBoth } from './ground.ts'
import { createOffice, createServer, keepCredential, type Policy } from './people.ts'
import { sync, toolOf } from './people.ts'

onBoth(promises.changed_tool_asks_again, async (ground) => {
  for (
    const [before, after] of [['allow', 'ask'], ['ask', 'ask'], ['deny', 'deny']] as [
      Policy,
      Policy,
    ][]
  ) {
    const { team_id, server_id, tool_id } = await createOffice(ground, { policy: before })
    const same = await sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] })
    assert.deepEqual(same, { tools_synced: 1, added: [], changed: [], removed: [] })
    assert.equal((await toolOf(ground, server_id, 'echo')).policy, before)

    const tools = [{ name: 'echo', description: 'now with a catch' }]
    const other = await sync(ground, team_id, { server_id, tools })
    assert.deepEqual(other, { tools_synced: 1, added: [], changed: ['echo'], removed: [] })
    const tool = await toolOf(ground, server_id, 'echo')
    assert.deepEqual([tool.id, tool.policy], [tool_id, after])
  }
})

onBoth('a tool that went away and came back is no longer allowed unasked', async (ground) => {
  for (const [before, after] of [['allow', 'ask'], ['deny', 'deny']] as [Policy, Policy][]) {
    const office = await createOffice(ground, { policy: before })
    const { team_id, server_id } = office
    const gone = await sync(ground, team_id, { server_id, tools: [] })
    assert.deepEqual(gone!.removed, ['echo'])
    assert.notEqual((await toolOf(ground, server_id, 'echo')).removed_at, null)
    assert.equal((await begin(ground, office, { approved: true })).reason, 'not_found')

    const back = await sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] })
    assert.deepEqual(back!.added, ['echo'])
    const tool = await toolOf(ground, server_id, 'echo')
    assert.deepEqual([tool.policy, tool.removed_at], [after, null])
  }
})

onBoth(
  'a sync of a server of another team, or one that was removed, keeps nothing',
  async (ground) => {
    const office = await createOffice(ground)
    const foreign = await createOffice(ground)
    const tools = [{ name: 'planted' }]
    assert.equal(await sync(ground, office.team_id, { server_id: foreign.server_id, tools }), null)
    assert.equal(await toolOf(ground, foreign.server_id, 'planted'), undefined)
    await ground.as('service_role')('select public.remove_server($1, $2)', [
      foreign.team_id,
      foreign.server_id,
    ])
    assert.equal(await sync(ground, foreign.team_id, { server_id: foreign.server_id, tools }), null)
    assert.equal(await toolOf(ground, foreign.server_id, 'planted'), undefined)
  },
)

onBoth('a removed server loses its secret and keeps its executions readable', async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id } = office
  const id = await call(ground, office)
  const { execution_id: running } = await begin(ground, office)
  const remove = async (team: string) => {
    const [row] = await ground.as('service_role')<{ removed: boolean }>(
      'select public.remove_server($1, $2) as removed',
      [team, server_id],
    )
    return row!.removed
  }
  assert.equal(await remove((await createOffice(ground)).team_id), false)
  assert.equal(await remove(team_id), true)
  assert.equal(await remove(team_id), false)

  const secrets = await ground.run(
    'select 1 from public.mcp_server_credentials where server_id = $1',
    [server_id],
  )
  assert.equal(secrets.length, 0)
  assert.equal((await begin(ground, office)).reason, 'not_found')
  assert.equal(await finish(ground, running!), true)
  const seen = await ground.as(office.member)<{ id: string; server: string; tool: string }>(
    `select e.id, s.name as server, t.tool_name as tool from public.mcp_tool_executions e
    join public.mcp_servers s on s.id = e.server_id join public.mcp_tools t on t.id = e.tool_id
    where e.id = $1`,
    [id],
  )
  assert.deepEqual(seen.map((row) => ({ ...row })), [{ id, server: 'Demo', tool: 'echo' }])
  const [server] = await ground.run<Record<string, unknown>>(
    `select is_active, connection_status, credential_type from public.mcp_servers where id = $1`,
    [server_id],
  )
  assert.deepEqual({ ...server }, {
    is_active: false,
    connection_status: 'disconnected',
    credential_type: null,
  })
})

onBoth('a removed server’s name is free again', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  await assert.rejects(createServer(ground, team_id), { code: '23505' })
  await ground.as('service_role')('select public.remove_server($1, $2)', [team_id, server_id])
  await createServer(ground, team_id)
})

onBoth('another address or credential forgets what was negotiated', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const protocol = async () => {
    const [row] = await ground.run<{ protocol: unknown; transport: string | null }>(
      'select protocol, transport from public.mcp_servers where id = $1',
      [server_id],
    )
    return row!
  }
  assert.equal((await protocol()).transport, 'http')
  await ground.as('service_role')(
    `update public.mcp_servers set config = '{"url":"https://other.test/mcp"}' where id = $1`,
    [server_id],
  )
  assert.equal((await protocol()).protocol, null)
  await sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] })
  await ground.as('service_role')(
    `update public.mcp_server_credentials set encrypted_value = 'bmV3' where server_id = $1`,
    [server_id],
  )
  assert.equal((await protocol()).transport, 'http', 'a renewed token is the same credential')
  for (const secret of ['b3RoZXI', null]) {
    await sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] })
    await keepCredential(ground, { team_id, server_id, user_id: null }, { secret })
    assert.equal((await protocol()).protocol, null)
  }
})

onBoth('a server and its credential are added both or neither', async (ground) => {
  const { team_id } = await createOffice(ground)
  const id = crypto.randomUUID()
  await assert.rejects(
    ground.as('service_role')('select public.add_server($1, null, $2, $3)', [
      team_id,
      { id, name: 'Half', server_type: 'http', config: {} },
      { credential_type: 'telepathy', encrypted_value: 'x', key_version: 1 },
    ]),
    { code: '23514' },
  )
  const servers = await ground.run('select 1 from public.mcp_servers where id = $1', [id])
  assert.equal(servers.length, 0)
})

onBoth('deleting a team deletes all that is its', async (ground) => {
  const office = await createOffice(ground)
  const other = await createOffice(ground)
  await call(ground, office)
  await call(ground, other)
  await ground.as('service_role')('delete from public.teams where id = $1', [office.team_id])
  const tables = await ground.run<{ name: string }>(
    `select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'team_id'`,
  )
  assert.ok(tables.length >= 9)
  for (const { name } of tables) {
    const left = await ground.run(`select 1 from public.${name} where team_id = $1`, [
      office.team_id,
    ])
    assert.equal(left.length, 0, name)
  }
  assert.equal((await executionsOf(ground, other.team_id)).length, 1)
})
