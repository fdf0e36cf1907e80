// keep_task and claim_tasks: a task is asked after by one process at a time, as what it began as, for as
// long as its server keeps it, and by nobody once its person has given it up.
import assert from 'node:assert/strict'
import { askApproval, decide } from './approvals.ts'
import { begin, expireLease, finish, reap } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import { assume, type Ground, onBoth, onPostgres } from './ground.ts'
import { createOffice, type Office, setPolicy, sync } from './people.ts'
import { beginTask, claimed, claimOn, keepTask, look, near, pass, rowOf } from './tasks.ts'
import { cancel, countWaits, resume, SEALED_WAIT, suspend, suspendForAccount } from './waits.ts'

onBoth('a call that has ended or is wanted cancelled is kept as no task', async (ground) => {
  const office = await createOffice(ground)
  const [ended, unwanted, waiting] = [
    await begin(ground, office),
    await begin(ground, office),
    await begin(ground, office),
  ]
  await finish(ground, ended.execution_id!)
  await cancel(ground, unwanted.execution_id!, office.member.sub)
  await suspend(ground, waiting)
  for (const run of [ended, unwanted, waiting]) assert.equal(await keepTask(ground, run), false)
  assert.equal(await countWaits(ground, ended.execution_id!), 0)
  assert.equal(await countWaits(ground, unwanted.execution_id!), 0)
})

onBoth(
  'a task is claimed when it is due, with all it takes, and then not again',
  async (ground) => {
    const office = await createOffice(ground)
    const { execution_id } = await beginTask(ground, office)
    assert.equal(await claimed(ground, execution_id), undefined)
    await pass(ground, execution_id, 30)
    const first = await claimed(ground, execution_id)
    assert.deepEqual(first!.wait, { encrypted_value: SEALED_WAIT, key_version: 1 })
    assert.deepEqual([first!.cancelled, first!.answer], [false, null])
    near(first!.ran_ms, 30)
    assert.equal(await claimed(ground, execution_id), undefined)
  },
)

onPostgres('of two who tick at once, one asks after a task', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await beginTask(ground, office)
  await pass(ground, execution_id, 30)
  await ground.transaction(async (run) => {
    await assume(run, 'service_role')
    const mine = await claimOn(run)
    assert.ok(mine.some((each) => each.execution_id === execution_id))
    assert.equal(await claimed(ground, execution_id), undefined, 'it is not waited for')
  })
  await pass(ground, execution_id, 120)
  const all = await Promise.all(Array.from({ length: 20 }, () => claimed(ground, execution_id)))
  assert.equal(all.filter((each) => each !== undefined).length, 1)
})

onPostgres('a task that ends while it is claimed is not asked after', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await beginTask(ground, office)
  const outcome = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await claimOn(run, execution_id)
    },
    second: () => finish(ground, execution_id),
  })
  assert.equal(valueOf(outcome), true)
  assert.equal(await claimed(ground, execution_id, { now: true }), undefined)
  assert.equal(await countWaits(ground, execution_id), 0)
})

for (const [which, poll_ms] of [['a poll', 1_000], ['a sign of life', null]] as const) {
  onBoth(`a task whose worker lives is nobody else's: ${which}`, async (ground) => {
    const office = await createOffice(ground)
    const { execution_id } = await beginTask(ground, office)
    for (let looks = 0; looks < 3; looks++) {
      await pass(ground, execution_id, 15)
      await look(ground, execution_id, poll_ms)
      assert.equal(await claimed(ground, execution_id), undefined)
    }
    await pass(ground, execution_id, 22)
    assert.ok(await claimed(ground, execution_id), 'it has died')
  })
}

onBoth('a task that never ends is given up when its server forgets it', async (ground) => {
  const office = await createOffice(ground)
  const { run, execution_id } = await beginTask(ground, office, 90)
  await pass(ground, execution_id, 80)
  await look(ground, execution_id, 1_000)
  await look(ground, execution_id, null)
  await claimed(ground, execution_id, { now: true })
  await keepTask(ground, run, 90)
  await reap(ground)
  assert.equal((await rowOf(ground, execution_id)).status, 'running')
  assert.ok((await rowOf(ground, execution_id)).left <= 10)
  await pass(ground, execution_id, 20)
  await reap(ground)
  const { status, error_code, duration_ms } = await rowOf(ground, execution_id)
  assert.deepEqual([status, error_code], ['unknown', 'lost'])
  near(duration_ms, 100)
  assert.equal(await countWaits(ground, execution_id), 0)
})

const changes: Record<string, (ground: Ground, office: Office) => Promise<unknown>> = {
  'another definition': (ground, { team_id, server_id, tool_id }) =>
    sync(ground, team_id, { server_id, tools: [{ name: 'echo', description: 'a catch' }] })
      .then(() => setPolicy(ground, tool_id, 'allow')),
  'a server at another address': (ground, { server_id }) =>
    ground.run(
      `update public.mcp_servers set config = '{"url":"https://moved.test/mcp"}' where id = $1`,
      [server_id],
    ),
  'a person who has left': (ground, { member }) =>
    ground.run('delete from public.team_members where user_id = $1', [member.sub]),
  'a server that is switched off': (ground, { server_id }) =>
    ground.run('update public.mcp_servers set is_active = false where id = $1', [server_id]),
  'a tool that is switched off': (ground, { tool_id }) =>
    ground.run('update public.mcp_tools set is_enabled = false where id = $1', [tool_id]),
}

for (const [which, change] of Object.entries(changes)) {
  onBoth(`a task is asked after no more under ${which}, and tells its time`, async (ground) => {
    const office = await createOffice(ground)
    const { execution_id } = await beginTask(ground, office)
    await pass(ground, execution_id, 300)
    await change(ground, office)
    assert.equal(await claimed(ground, execution_id), undefined)
    const { status, error_code, duration_ms } = await rowOf(ground, execution_id)
    assert.deepEqual([status, error_code], ['unknown', 'lost'])
    near(duration_ms, 300)
    assert.equal(await countWaits(ground, execution_id), 0)
    assert.equal(await claimed(ground, execution_id, { now: true }), undefined)
  })
}

onBoth('a task that is wanted cancelled is due at once', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await beginTask(ground, office)
  await cancel(ground, execution_id, office.member.sub)
  assert.equal((await claimed(ground, execution_id))!.cancelled, true)
})

onBoth('a waiting task goes on in whatever process is left, with its answer', async (ground) => {
  const office = await createOffice(ground)
  const { run, execution_id } = await beginTask(ground, office)
  assert.equal(await suspend(ground, run), true)
  assert.equal(await claimed(ground, execution_id, { now: true }), undefined, 'it waits')
  const answer = { encrypted_value: 'b25l', key_version: 1 }
  const going = await resume(ground, { execution_id, user_id: office.member.sub, answer })
  assert.deepEqual([going.verdict, going.endpoints], ['run', undefined])
  const twice = await resume(ground, { execution_id, user_id: office.member.sub, answer })
  assert.equal(twice.reason, 'not_waiting')
  assert.ok((await rowOf(ground, execution_id)).left > 3_000, 'its server keeps it')
  assert.equal(await claimed(ground, execution_id), undefined)
  await pass(ground, execution_id, 30)
  assert.deepEqual((await claimed(ground, execution_id))!.answer, answer)
  assert.equal(await keepTask(ground, run), true)
  await pass(ground, execution_id, 30)
  assert.equal((await claimed(ground, execution_id))!.answer, null, 'it has been handed over')
})

/** The server's only endpoint rests, or its rest is over and one call may try it out. */
async function rest(ground: Ground, { server_id }: Office, seconds: number): Promise<void> {
  await ground.run(
    `update public.mcp_endpoints set failures = 5, rests = 1, tried_by = null, status = 'offline',
       rests_until = now() + make_interval(secs => $2) where server_id = $1`,
    [server_id, seconds],
  )
}

onBoth('a task goes on though its server rests, and tries nothing out', async (ground) => {
  const office = await createOffice(ground)
  const user_id = office.member.sub
  for (const seconds of [30, -1]) {
    const { run, execution_id } = await beginTask(ground, office)
    await suspend(ground, run)
    await rest(ground, office, seconds)
    assert.equal((await resume(ground, { execution_id, user_id })).verdict, 'run')
    const [endpoint] = await ground.run<{ tried_by: string | null }>(
      'select tried_by from public.mcp_endpoints where server_id = $1',
      [office.server_id],
    )
    assert.equal(endpoint!.tried_by, null)
    await ground.run('update public.mcp_endpoints set rests = 0, rests_until = null', [])
  }
})

onBoth('a call goes on after its sign-in though its server rests', async (ground) => {
  const office = await createOffice(ground)
  const [signing_in, asked] = [await begin(ground, office), await begin(ground, office)]
  await suspendForAccount(ground, signing_in, 'team')
  await suspend(ground, asked)
  await rest(ground, office, 30)
  const answered = { execution_id: asked.execution_id!, user_id: office.member.sub }
  assert.equal((await resume(ground, answered)).reason, 'server_rests')
  const execution_id = signing_in.execution_id!
  const going = await resume(ground, { execution_id, user_id: null, status: 'awaiting_auth' })
  assert.deepEqual([going.verdict, going.endpoints], ['run', ['https://upstream.test/mcp']])
})

for (const held of [false, true]) {
  const how = held ? 'a held call' : 'a call'
  onBoth(
    `what a person took to answer is not in the time of ${how} that is lost`,
    async (ground) => {
      const office = await createOffice(ground)
      const run = await begin(ground, office)
      const execution_id = run.execution_id!
      const answer = { encrypted_value: 'b25l', key_version: 1 }
      await pass(ground, execution_id, 40)
      for (let rounds = 0; rounds < 2; rounds++) {
        await suspend(ground, run, { held, seconds: 10_000 })
        await pass(ground, execution_id, 3_000)
        await resume(ground, { execution_id, user_id: office.member.sub, answer })
      }
      await expireLease(ground, execution_id)
      await reap(ground)
      const { status, duration_ms } = await rowOf(ground, execution_id)
      assert.equal(status, 'unknown')
      near(duration_ms, 40)
    },
  )
}

onBoth('a call that was approved after hours and is lost ran for seconds', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const asked = await begin(ground, office)
  const execution_id = asked.execution_id!
  const approval_id = await askApproval(ground, asked, 24 * 3_600)
  await pass(ground, execution_id, 20 * 3_600)
  const yes = { approval_id, user_id: office.member.sub }
  assert.equal((await decide(ground, office, yes)).verdict, 'run')
  await expireLease(ground, execution_id)
  await reap(ground)
  near((await rowOf(ground, execution_id)).duration_ms, 0)
})

onBoth(
  'a held call whose worker dies while its person is asked ran until it asked',
  async (ground) => {
    const office = await createOffice(ground)
    const run = await begin(ground, office)
    const execution_id = run.execution_id!
    await pass(ground, execution_id, 40)
    await suspend(ground, run, { held: true })
    await pass(ground, execution_id, 3_000)
    await expireLease(ground, execution_id)
    await reap(ground)
    const { status, duration_ms } = await rowOf(ground, execution_id)
    assert.equal(status, 'unknown')
    near(duration_ms, 40)
  },
)

onBoth('a team with many tasks that are due keeps no other team’s waiting', async (ground) => {
  const [many, one] = [await createOffice(ground), await createOffice(ground)]
  for (let number = 0; number < 5; number++) {
    const { execution_id } = await beginTask(ground, many)
    await pass(ground, execution_id, 300)
  }
  const { execution_id } = await beginTask(ground, one)
  await pass(ground, execution_id, 100)
  // Of other tests' tasks as well, so only what stands in front of this one is looked at.
  const claimed = await claimOn(ground.as('service_role'))
  const teams = claimed.map((each) => each.team_id)
  const mine = claimed.findIndex((each) => each.execution_id === execution_id)
  assert.ok(mine >= 0)
  assert.ok(teams.slice(0, mine).filter((team) => team === many.team_id).length <= 1)
})
