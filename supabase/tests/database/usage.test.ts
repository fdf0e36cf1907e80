// The statistics: they reconcile with the executions they count, and show each reader what is theirs.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, call, executionsOf, expireLease, finish, reap } from './calls.ts'
import { type Ground, type Identity, onBoth } from './ground.ts'
import { createMember, createOffice, type Office, type Person, setPolicy } from './people.ts'

type Numbers = Record<string, unknown>
const DAY = 86_400_000

/** What one of the usage functions gives a reader, with every number a number. */
async function ask(
  ground: Ground,
  reader: Identity,
  question: { name: string; team_id: string; from?: Date; to?: Date },
): Promise<Numbers[]> {
  const from = question.from ?? new Date(Date.now() - DAY)
  const to = question.to ?? new Date(Date.now() + DAY)
  const rows = await ground.as(reader)<Numbers>(
    `select to_jsonb(found) as row from public.usage_${question.name}($1, $2, $3) found`,
    [question.team_id, from.toISOString(), to.toISOString()],
  )
  return rows.map(({ row }) => row as Numbers)
}

const sum = (rows: Numbers[], key: string) =>
  rows.reduce((total, row) => total + Number(row[key]), 0)

type Busy = Office & { analyst: Person; colleague: Person }

/** Calls of two people that end in every way. */
async function createBusyOffice(ground: Ground): Promise<Busy> {
  const office = await createOffice(ground)
  const analyst = await createMember(ground, office.team_id, 'analyst')
  const colleague = await createMember(ground, office.team_id)
  for (const user_id of [office.member.sub, colleague.sub]) {
    await call(ground, office, { user_id, duration_ms: 30 })
    await call(ground, office, { user_id, status: 'error', error_message: 'No', duration_ms: 10 })
    await call(ground, office, { user_id, status: 'timeout', error_message: 'Late' })
  }
  await call(ground, office, { duration_ms: 70 })
  await call(ground, office, { status: 'cancelled' })
  const { execution_id } = await begin(ground, office)
  await expireLease(ground, execution_id!)
  await reap(ground)
  await setPolicy(ground, office.tool_id, 'deny')
  await begin(ground, office)
  await setPolicy(ground, office.tool_id, 'allow')
  await begin(ground, office)
  return { ...office, analyst, colleague }
}

onBoth('the counters are the ended executions, however many end at once', async (ground) => {
  const office = await createOffice(ground)
  const ends = ['success', 'error', 'timeout', 'cancelled']
  await Promise.all(Array.from({ length: 200 }, async (_, at) => {
    const { execution_id } = await begin(ground, office)
    const status = ends[at % ends.length]!
    await Promise.all([1, 2].map(() => finish(ground, execution_id!, { status, duration_ms: at })))
  }))
  const [counted] = await ground.run<Numbers>(
    `select sum(execution_count)::integer as calls, sum(success_count)::integer as successes,
      sum(error_count)::integer as errors, sum(timeout_count)::integer as timeouts,
      sum(duration_total_ms)::integer as took
    from public.usage_hourly where team_id = $1`,
    [office.team_id],
  )
  const rows = await executionsOf(ground, office.team_id)
  assert.equal(rows.length, 200)
  assert.ok(rows.every(({ ended }) => ended))
  assert.deepEqual({ ...counted }, {
    calls: 200,
    successes: 50,
    errors: 50,
    timeouts: 50,
    took: rows.reduce((total, { duration_ms }) => total + duration_ms!, 0),
  })
})

onBoth('all five answers reconcile with the executions', async (ground) => {
  const { team_id, analyst } = await createBusyOffice(ground)
  const rows = (await executionsOf(ground, team_id)).filter(({ ended }) => ended)
  const count = (status: string) => rows.filter((row) => row.status === status).length
  assert.equal(rows.length, 10)
  const [tools, members, daily, activity, errors, statistics] = [
    await ask(ground, analyst, { name: 'tools', team_id }),
    await ask(ground, analyst, { name: 'members', team_id }),
    await ask(ground, analyst, { name: 'daily', team_id }),
    await ask(ground, analyst, { name: 'activity', team_id }),
    await ask(ground, analyst, { name: 'errors', team_id }),
    await ground.as(analyst)<Numbers>('select * from public.mcp_tool_statistics'),
  ]
  assert.deepEqual(
    [
      sum(tools, 'execution_count'),
      sum(members, 'execution_count'),
      sum(daily, 'total_executions'),
      sum(activity, 'executions'),
      sum(statistics, 'execution_count'),
    ],
    Array(5).fill(rows.length),
  )
  for (const answer of [tools, members, statistics]) {
    assert.equal(sum(answer, 'success_count'), count('success'))
    assert.equal(sum(answer, 'error_count'), count('error'))
  }
  assert.equal(sum(daily, 'successful'), count('success'))
  assert.equal(sum(daily, 'failed'), count('error'))
  assert.equal(sum(daily, 'timeouts'), count('timeout'))
  assert.equal(sum(errors, 'occurrence_count'), count('error') + count('timeout'))
  assert.equal(tools[0]!.success_rate, Math.round(count('success') / rows.length * 1000) / 10)
  const took = rows.reduce((total, { duration_ms }) => total + duration_ms!, 0)
  assert.equal(tools[0]!.avg_duration_ms, Math.round(took / rows.length))
})

onBoth('who did what is told apart by person', async (ground) => {
  const { team_id, analyst, member, colleague } = await createBusyOffice(ground)
  const members = await ask(ground, analyst, { name: 'members', team_id })
  assert.deepEqual(
    members.map(({ user_id, email, execution_count, unique_tools }) => [
      user_id,
      email,
      execution_count,
      unique_tools,
    ]),
    [[member.sub, member.email, 7, 1], [colleague.sub, colleague.email, 3, 1]],
  )
})

onBoth(promises.members_see_their_own, async (ground) => {
  const office = await createBusyOffice(ground)
  const { team_id, colleague } = office
  for (
    const [name, key] of [['tools', 'execution_count'], ['daily', 'total_executions']] as const
  ) {
    assert.equal(sum(await ask(ground, colleague, { name, team_id }), key), 3, name)
    assert.equal(sum(await ask(ground, office.analyst, { name, team_id }), key), 10, name)
  }
  for (const name of ['members', 'activity']) {
    const rows = await ask(ground, colleague, { name, team_id })
    assert.deepEqual(rows.map(({ user_id }) => user_id), [colleague.sub], name)
  }
  const errors = await ask(ground, colleague, { name: 'errors', team_id })
  assert.equal(sum(errors, 'occurrence_count'), 2)
  const seen = await ground.as(colleague)<Numbers>('select user_id from public.mcp_tool_executions')
  assert.deepEqual(new Set(seen.map(({ user_id }) => user_id)), new Set([colleague.sub]))
})

onBoth('another team’s people get nothing from any of them', async (ground) => {
  const { team_id } = await createBusyOffice(ground)
  const rival = await createMember(ground, (await createOffice(ground)).team_id, 'owner')
  for (const name of ['tools', 'members', 'daily', 'activity', 'errors']) {
    assert.deepEqual(await ask(ground, rival, { name, team_id }), [], name)
    await assert.rejects(ask(ground, 'anon', { name, team_id }), { code: '42501' }, name)
  }
})

onBoth(
  'a range takes whole hours, its end excluded, the same ones for calls and for failures',
  async (ground) => {
    const office = await createOffice(ground)
    const analyst = await createMember(ground, office.team_id, 'analyst')
    const at = (time: string) => new Date(`2026-03-01T${time}Z`)
    for (const time of ['09:59:59', '10:00:00', '10:59:59', '11:00:00']) {
      const { execution_id } = await begin(ground, office)
      await ground.run('update public.mcp_tool_executions set executed_at = $2 where id = $1', [
        execution_id,
        at(time).toISOString(),
      ])
      await finish(ground, execution_id!, { status: 'error', error_message: 'No' })
    }
    for (
      const [from, to, expected] of [
        ['10:00:00', '11:00:00', 2],
        ['10:15:00', '10:45:00', 2],
        ['09:00:00', '11:00:01', 4],
        ['09:00:00', '10:00:00', 1],
        ['11:00:00', '10:00:00', 0],
      ] as const
    ) {
      const range = { team_id: office.team_id, from: at(from), to: at(to) }
      const daily = await ask(ground, analyst, { name: 'daily', ...range })
      const errors = await ask(ground, analyst, { name: 'errors', ...range })
      assert.equal(sum(daily, 'failed'), expected, `calls ${from}–${to}`)
      assert.equal(sum(errors, 'occurrence_count'), expected, `failures ${from}–${to}`)
    }
  },
)
