// finish_execution and the reaper: every execution ends, once, and stays as it ended.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, call, executionsOf, expireLease, finish, reap } from './calls.ts'
import { onBoth } from './ground.ts'
import { createMember, createOffice } from './people.ts'

onBoth(promises.terminal_once, async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await begin(ground, office)
  assert.equal(await finish(ground, execution_id!, { status: 'timeout', output: null }), true)
  const [first] = await executionsOf(ground, office.team_id)
  assert.equal(await finish(ground, execution_id!, { status: 'success' }), false)
  for (
    const change of [
      `status = 'success'`,
      `status = 'running', completed_at = null`,
      `output_result = '{}'`,
      `error_message = 'nothing happened'`,
      `completed_at = completed_at + interval '1 second'`,
      `input_parameters = '{}'`,
      'user_id = gen_random_uuid()',
    ]
  ) {
    await assert.rejects(
      ground.as('service_role')(`update public.mcp_tool_executions set ${change} where id = $1`, [
        execution_id,
      ]),
      /An execution that has ended does not change/,
      change,
    )
  }
  assert.deepEqual(await executionsOf(ground, office.team_id), [first])
})

onBoth('an execution cannot end in a state that is no end', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await begin(ground, office)
  for (const status of ['running', 'pending', 'awaiting_approval', 'done']) {
    await assert.rejects(finish(ground, execution_id!, { status }), { code: '23514' }, status)
  }
  assert.equal((await executionsOf(ground, office.team_id))[0]!.status, 'running')
})

onBoth('two hundred times, of two who finish at once the first wins', async (ground) => {
  const office = await createOffice(ground)
  const ids = await Promise.all(
    Array.from({ length: 200 }, async () => (await begin(ground, office)).execution_id!),
  )
  const races = await Promise.all(ids.map(async (id) => {
    const ends = ['success', 'error']
    const first = await Promise.all(ends.map((status) => finish(ground, id, { status })))
    return { id, first, winner: ends[first.indexOf(true)] }
  }))
  const rows = new Map((await executionsOf(ground, office.team_id)).map((row) => [row.id, row]))
  for (const { id, first, winner } of races) {
    assert.equal(first.filter(Boolean).length, 1)
    assert.equal(rows.get(id)!.status, winner)
  }
})

onBoth('forgetting a person or a chat leaves their ended executions readable', async (ground) => {
  const office = await createOffice(ground)
  await createMember(ground, office.team_id, 'owner')
  const [chat] = await ground.run<{ id: string }>(
    'insert into public.astra_chats (team_id, user_id) values ($1, $2) returning id',
    [office.team_id, office.member.sub],
  )
  const id = await call(ground, office, { chat_id: chat!.id })
  await ground.as(office.member)('delete from public.astra_chats where id = $1', [chat!.id])
  await ground.run('delete from auth.users where id = $1', [office.member.sub])
  const [row] = await executionsOf(ground, office.team_id)
  assert.deepEqual([row!.id, row!.user_id, row!.status], [id, null, 'success'])
})

onBoth('a failure of the upstream shows on its server, a success takes it back', async (ground) => {
  const office = await createOffice(ground)
  const read = () =>
    ground.run<{ connection_status: string; last_error: string | null }>(
      'select connection_status, last_error from public.mcp_servers where id = $1',
      [office.server_id],
    )
  await call(ground, office, {
    status: 'error',
    error_code: 'upstream_unreachable',
    error_message: 'Nobody there',
  })
  assert.deepEqual([...await read()], [{ connection_status: 'error', last_error: 'Nobody there' }])
  await call(ground, office, { status: 'error', error_code: 'tool_failed', error_message: 'No' })
  assert.equal((await read())[0]!.connection_status, 'error')
  await call(ground, office)
  assert.deepEqual([...await read()], [{ connection_status: 'connected', last_error: null }])

  const refused = { status: 'error', error_code: 'upstream_unauthorized', error_message: 'No' }
  for (const [account, status] of [['person', 'connected'], ['team', 'error']]) {
    await ground.run('update public.mcp_servers set account = $2 where id = $1', [
      office.server_id,
      account,
    ])
    await call(ground, office, refused)
    assert.equal((await read())[0]!.connection_status, status, `the account of a ${account}`)
  }
})

onBoth(
  promises.reaper_ends_rows,
  async (ground) => {
    await reap(ground)
    const office = await createOffice(ground)
    const { execution_id: lost } = await begin(ground, office)
    const { execution_id: alive } = await begin(ground, office)
    const ended = await call(ground, office)
    await expireLease(ground, lost!)
    assert.equal(await reap(ground), 1)
    const rows = new Map((await executionsOf(ground, office.team_id)).map((row) => [row.id, row]))
    assert.deepEqual([rows.get(lost!)!.status, rows.get(lost!)!.error_code], ['unknown', 'lost'])
    assert.equal(rows.get(alive!)!.status, 'running')
    assert.equal(rows.get(ended)!.status, 'success')
    assert.equal(await reap(ground), 0)
    assert.equal(await finish(ground, lost!), false)
  },
)

onBoth('reapers at once close every lost execution once', async (ground) => {
  await reap(ground)
  const office = await createOffice(ground)
  const ids = await Promise.all(
    Array.from({ length: 40 }, async () => (await begin(ground, office)).execution_id!),
  )
  await Promise.all(ids.map((id) => expireLease(ground, id)))
  const closed = await Promise.all(Array.from({ length: 8 }, () => reap(ground)))
  assert.equal(closed.reduce((sum, each) => sum + each, 0), 40)
  const [counted] = await ground.run<{ calls: number }>(
    'select sum(execution_count)::integer as calls from public.usage_hourly where team_id = $1',
    [office.team_id],
  )
  assert.equal(counted!.calls, 40)
})
