// Two connections at the very moment where it matters: the second has to wait for the first, and then
// has to see what the first one did.
import assert from 'node:assert/strict'
import { begin, beginOn, executionsOf, finish, type Verdict } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import { assume, onPostgres } from './ground.ts'
import { createMember, createOffice, sync, toolOf } from './people.ts'

const keyed = { key: 'k1', hash: 'h1' }

onPostgres('a key that another request is just using makes no second row', async (ground) => {
  const office = await createOffice(ground)
  const told: Verdict[] = []
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      told.push(await beginOn(run, office, keyed))
    },
    second: () => begin(ground, office, keyed),
  })
  const second = valueOf(outcome)
  assert.equal(told[0]!.verdict, 'run')
  assert.equal(second.reason, 'in_progress')
  assert.equal(second.execution_id, told[0]!.execution_id)
  assert.equal((await executionsOf(ground, office.team_id)).length, 1)
})

onPostgres('a key whose first request came to nothing is free', async (ground) => {
  const office = await createOffice(ground)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await beginOn(run, office, keyed)
    },
    second: () => begin(ground, office, keyed),
    undo: true,
  })
  assert.equal(valueOf(outcome).verdict, 'run')
  assert.equal((await executionsOf(ground, office.team_id)).length, 1)
})

onPostgres('whoever finishes second, by a hair, finishes nothing', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await begin(ground, office)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await run(`select public.finish_execution($1, 'cancelled', 5)`, [execution_id])
    },
    second: () => finish(ground, execution_id!, { status: 'success' }),
  })
  assert.equal(valueOf(outcome), false)
  assert.equal((await executionsOf(ground, office.team_id))[0]!.status, 'cancelled')
})

onPostgres('of two last owners who leave at once, the second stays', async (ground) => {
  const { team_id } = await createOffice(ground)
  const one = await createMember(ground, team_id, 'owner')
  const two = await createMember(ground, team_id, 'owner')
  const leave = 'delete from public.team_members where team_id = $1 and user_id = $2'
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, one)
      await run(leave, [team_id, one.sub])
    },
    second: () => ground.as(two)(leave, [team_id, two.sub]),
  })
  assert.equal(outcome.status, 'rejected')
  const owners = await ground.run<{ user_id: string }>(
    `select user_id from public.team_members where team_id = $1 and role = 'owner'`,
    [team_id],
  )
  assert.deepEqual(owners.map(({ user_id }) => user_id), [two.sub])
})

onPostgres(
  'a policy that an admin sets while a sync runs survives it as it should',
  async (ground) => {
    const { team_id, server_id, tool_id } = await createOffice(ground, { policy: 'ask' })
    const outcome = await collide(ground, {
      first: async (run) => {
        await run(`update public.mcp_tools set policy = 'allow' where id = $1`, [tool_id])
      },
      second: () =>
        sync(ground, team_id, { server_id, tools: [{ name: 'echo', description: 'changed' }] }),
    })
    assert.deepEqual(valueOf(outcome)!.changed, ['echo'])
    assert.equal((await toolOf(ground, server_id, 'echo')).policy, 'ask')
  },
)

onPostgres('calls begin while a sync of their server is being kept', async (ground) => {
  const office = await createOffice(ground)
  await ground.transaction(async (run) => {
    await assume(run, 'service_role')
    await run(
      `select public.record_sync($1, $2, $3, '{}', null)`,
      [office.team_id, office.server_id, [{
        tool_name: 'other',
        input_schema: {},
        definition: {},
        definition_hash: '',
      }]],
    )
    assert.equal((await begin(ground, office)).verdict, 'run')
  })
})
