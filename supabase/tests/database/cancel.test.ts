// cancel_execution and the reaper: how calls end that nobody answers, nobody wants or nobody runs any more.
import assert from 'node:assert/strict'
import { begin, call, executionsOf, expireLease, finish, reap } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, type Office } from './people.ts'
import { cancel, countWaits, resume, suspend, suspendForAccount, watch } from './waits.ts'

const held = { held: true, seconds: 60 }
const answer = { encrypted_value: 'YW5zd2Vy', key_version: 1 }

async function rowOf(ground: Ground, { team_id }: Office, execution_id: string) {
  return (await executionsOf(ground, team_id)).find(({ id }) => id === execution_id)!
}

onBoth('a waiting call that is cancelled ends at once and never goes on', async (ground) => {
  const office = await createOffice(ground)
  const user_id = office.member.sub
  const signIn = { status: 'awaiting_auth', asked: { account: 'person' } } as const
  for (const waiting of [{}, signIn]) {
    const run = await begin(ground, office)
    await suspend(ground, run, waiting)
    const execution_id = run.execution_id!
    assert.equal(await cancel(ground, execution_id, user_id), true)
    const row = await rowOf(ground, office, execution_id)
    assert.deepEqual([row.status, row.error_code, row.ended], ['cancelled', 'cancelled', true])
    assert.equal(row.duration_ms, 0)
    assert.equal(await countWaits(ground, execution_id), 0)
    for (const status of ['awaiting_input', 'awaiting_auth']) {
      const late = await resume(ground, { execution_id, user_id, status, answer })
      assert.equal(late.reason, 'not_waiting')
    }
  }
})

onBoth(
  'the worker of a held call is told, and no answer comes through any more',
  async (ground) => {
    const office = await createOffice(ground)
    const run = await begin(ground, office)
    await suspend(ground, run, held)
    const execution_id = run.execution_id!
    assert.equal(await cancel(ground, execution_id, office.member.sub), true)
    assert.equal((await rowOf(ground, office, execution_id)).ended, false)
    assert.deepEqual(await watch(ground, execution_id), {
      over: true,
      unheard: false,
      answer: null,
    })
    const late = await resume(ground, { execution_id, user_id: office.member.sub, answer })
    assert.equal(late.reason, 'not_waiting')
    assert.deepEqual(await watch(ground, execution_id), {
      over: true,
      unheard: false,
      answer: null,
    })
    assert.equal(await finish(ground, execution_id, { status: 'cancelled' }), true)
    assert.equal((await rowOf(ground, office, execution_id)).status, 'cancelled')
  },
)

onBoth('the worker of a running call is told, and may not let it wait any more', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  const execution_id = run.execution_id!
  assert.deepEqual(await watch(ground, execution_id), { over: false, unheard: false, answer: null })
  assert.equal(await cancel(ground, execution_id, office.member.sub), true)
  assert.equal(await cancel(ground, execution_id, office.member.sub), true, 'twice is once')
  assert.equal((await watch(ground, execution_id))!.over, true)
  assert.equal((await rowOf(ground, office, execution_id)).status, 'running')
  assert.equal(await suspend(ground, run), false)
  assert.equal(await suspend(ground, run, held), false)
  assert.equal(await countWaits(ground, execution_id), 0)
})

onBoth('cancelling what has ended changes nothing', async (ground) => {
  const office = await createOffice(ground)
  const execution_id = await call(ground, office)
  const before = await rowOf(ground, office, execution_id)
  assert.equal(await cancel(ground, execution_id, office.member.sub), true)
  assert.deepEqual(await rowOf(ground, office, execution_id), before)
  assert.equal((await watch(ground, execution_id))!.over, true)
})

onBoth('nobody cancels for someone else, nor after leaving', async (ground) => {
  const office = await createOffice(ground)
  const globex = await createOffice(ground, { name: 'Globex' })
  const running = (await begin(ground, office)).execution_id!
  const waits = await begin(ground, office)
  await suspend(ground, waits)
  const others = [
    await createMember(ground, office.team_id, 'owner'),
    await createMember(ground, office.team_id),
    globex.member,
  ]
  for (const execution_id of [running, waits.execution_id!]) {
    for (const { sub } of others) assert.equal(await cancel(ground, execution_id, sub), null)
  }
  assert.equal(await cancel(ground, crypto.randomUUID(), office.member.sub), null)
  await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
  for (const execution_id of [running, waits.execution_id!]) {
    assert.equal(await cancel(ground, execution_id, office.member.sub), null)
    assert.equal((await watch(ground, execution_id))!.over, false)
    assert.equal((await rowOf(ground, office, execution_id)).ended, false)
  }
})

onBoth(
  'the reaper says unknown of what may have run, timeout of what nobody answered',
  async (ground) => {
    await reap(ground)
    const office = await createOffice(ground)
    const start = async () => await begin(ground, office)
    const [running, holding, asked, signing_in, answered, patient] = [
      await start(),
      await start(),
      await start(),
      await start(),
      await start(),
      await start(),
    ]
    await suspend(ground, holding!, held)
    await suspend(ground, asked!)
    await suspendForAccount(ground, signing_in!, 'team')
    await suspend(ground, answered!, held)
    const mine = { execution_id: answered!.execution_id!, user_id: office.member.sub, answer }
    await resume(ground, mine)
    await suspend(ground, patient!)
    const late = [running, holding, asked, signing_in, answered].map((run) => run!.execution_id!)
    for (const id of late) await expireLease(ground, id)

    assert.equal(await reap(ground), late.length)
    const rows = await Promise.all(late.map((id) => rowOf(ground, office, id)))
    assert.deepEqual(rows.map(({ status, error_code }) => `${status} ${error_code}`), [
      'unknown lost',
      'unknown lost',
      'timeout timeout',
      'timeout timeout',
      'unknown lost',
    ])
    assert.deepEqual([rows[2]!.duration_ms, rows[3]!.duration_ms], [0, 0])
    assert.match(rows[2]!.error_message!, /Nobody answered in time/)
    for (const id of late) assert.equal(await countWaits(ground, id), 0)
    assert.equal((await rowOf(ground, office, patient!.execution_id!)).status, 'awaiting_input')
    assert.equal(await countWaits(ground, patient!.execution_id!), 1)
    assert.equal(await reap(ground), 0)
  },
)

onBoth('what waited for a call that ended otherwise is swept away', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  await suspend(ground, run, held)
  await finish(ground, run.execution_id!, { status: 'error', error_code: 'tool_failed' })
  await reap(ground)
  assert.equal(await countWaits(ground, run.execution_id!), 0)
})

onBoth('a wait that ran out counts as a timeout that took no time', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  await suspend(ground, run)
  await expireLease(ground, run.execution_id!)
  await reap(ground)
  const [counted] = await ground.run<Record<string, number>>(
    `select sum(execution_count)::integer as calls, sum(timeout_count)::integer as timeouts,
      sum(duration_total_ms)::integer as took from public.usage_hourly where team_id = $1`,
    [office.team_id],
  )
  assert.deepEqual({ ...counted }, { calls: 1, timeouts: 1, took: 0 })
})
