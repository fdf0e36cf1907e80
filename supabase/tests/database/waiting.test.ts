// suspend_execution and resume_execution: what a waiting execution shows, and that it goes on once, for
// its own person, as the same tool in the same place, or not at all.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, type Call, executionsOf, expireLease, finish } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, type Office, setPolicy, sync } from './people.ts'
import { countWaits, question, resume, SEALED_WAIT, suspend, suspendForAccount } from './waits.ts'
import { unanswered, type Waiting, watch } from './waits.ts'

/** A call of the office's member that waits; gives its execution. */
async function wait(
  ground: Ground,
  office: Office,
  given: { call?: Call; waiting?: Waiting } = {},
): Promise<string> {
  const run = await begin(ground, office, given.call)
  assert.equal(await suspend(ground, run, given.waiting), true)
  return run.execution_id!
}

async function statusOf(ground: Ground, execution_id: string): Promise<string> {
  const [row] = await ground.run<{ status: string }>(
    'select status from public.mcp_tool_executions where id = $1',
    [execution_id],
  )
  return row!.status
}

onBoth(
  'a waiting execution shows what it asks, and what it waits with to nobody',
  async (ground) => {
    const office = await createOffice(ground)
    const owner = await createMember(ground, office.team_id, 'owner')
    const execution_id = await wait(ground, office)
    for (const reader of [office.member, owner]) {
      const seen = 'select status, asked from public.mcp_tool_executions where id = $1'
      const rows = await ground.as(reader)(seen, [execution_id])
      assert.deepEqual(rows, [{ status: 'awaiting_input', asked: question }])
    }
    const whole = 'select to_jsonb(e) from public.mcp_tool_executions e where id = $1'
    const kept = JSON.stringify(await ground.run(whole, [execution_id]))
    assert.ok(kept.includes(question.message) && !kept.includes(SEALED_WAIT))
    for (const reader of ['anon', office.member, owner] as const) {
      for (
        const door of ['select * from public.mcp_execution_waits', 'select * from private.calls']
      ) {
        await assert.rejects(ground.as(reader)(door), { code: '42501' }, door)
      }
      await assert.rejects(ground.as(reader)('select public.watch_execution($1)', [execution_id]), {
        code: '42501',
      })
    }
  },
)

onBoth(`${promises.waited_goes_on_as_it_was}: once, with what waited`, async (ground) => {
  const office = await createOffice(ground)
  const execution_id = await wait(ground, office)
  const mine = { execution_id, user_id: office.member.sub }
  const going = await resume(ground, mine)
  assert.equal(going.verdict, 'run')
  assert.equal(going.execution_id, execution_id)
  assert.equal(going.user_id, office.member.sub)
  assert.deepEqual(going.wait, { encrypted_value: SEALED_WAIT, key_version: 1 })
  assert.equal(going.credential!.encrypted_value, 'c2VhbGVk')
  assert.equal(going.server!.id, office.server_id)
  assert.equal(going.tool!.longest_seconds, 120)
  assert.equal(await statusOf(ground, execution_id), 'running')
  assert.equal(await countWaits(ground, execution_id), 0)
  const refused = { verdict: 'refused', reason: 'not_waiting', execution_id }
  assert.deepEqual(await resume(ground, mine), refused)
  assert.equal(await finish(ground, execution_id), true)
  assert.deepEqual(await resume(ground, mine), refused)
})

onBoth(
  'an answer to another question than the one asked now lets nothing go on',
  async (ground) => {
    const office = await createOffice(ground)
    for (const held of [false, true]) {
      const execution_id = await wait(ground, office, { waiting: { held } })
      const mine = { execution_id, user_id: office.member.sub, answer: { encrypted_value: 'x' } }
      const late = await resume(ground, { ...mine, question_id: 'question-0' })
      assert.equal(late.reason, 'not_waiting')
      assert.equal(await statusOf(ground, execution_id), 'awaiting_input')
      const going = await resume(ground, { ...mine, question_id: 'question-1' })
      assert.equal(going.verdict, held ? 'held' : 'run')
    }
  },
)

onBoth('a call may wait again after it went on', async (ground) => {
  const office = await createOffice(ground)
  const execution_id = await wait(ground, office)
  const going = await resume(ground, { execution_id, user_id: office.member.sub })
  assert.equal(await suspendForAccount(ground, { ...going, verdict: 'run' }, 'team'), true)
  assert.equal(await statusOf(ground, execution_id), 'awaiting_auth')
  const signed_in = { execution_id, user_id: null, status: 'awaiting_auth' }
  assert.equal((await resume(ground, signed_in)).verdict, 'run')
})

onBoth(promises.answers_are_their_own, async (ground) => {
  const office = await createOffice(ground)
  const globex = await createOffice(ground, { name: 'Globex' })
  const execution_id = await wait(ground, office)
  const others = [
    await createMember(ground, office.team_id),
    await createMember(ground, office.team_id, 'owner'),
    globex.member,
    { sub: crypto.randomUUID() },
  ]
  const unknown = { verdict: 'refused', reason: 'not_found' }
  for (const { sub } of others) {
    assert.deepEqual(await resume(ground, { execution_id, user_id: sub }), unknown)
  }
  assert.equal(await statusOf(ground, execution_id), 'awaiting_input')
  assert.equal(await countWaits(ground, execution_id), 1)
})

onBoth('a waiting call of someone who has left never goes on', async (ground) => {
  const office = await createOffice(ground)
  const asked = await wait(ground, office)
  const signing_in = await wait(ground, office, {
    waiting: { status: 'awaiting_auth', asked: { account: 'team' } },
  })
  await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
  const unknown = { verdict: 'refused', reason: 'not_found' }
  const answer = { execution_id: asked, user_id: office.member.sub }
  assert.deepEqual(await resume(ground, answer), unknown)
  const signed_in = { execution_id: signing_in, user_id: null, status: 'awaiting_auth' }
  assert.deepEqual(await resume(ground, signed_in), unknown)
  assert.equal(await statusOf(ground, asked), 'awaiting_input')
  assert.equal(await statusOf(ground, signing_in), 'awaiting_auth')
})

const changes: Record<string, (ground: Ground, office: Office) => Promise<unknown>> = {
  'whose definition changed': (ground, { team_id, server_id, tool_id }) =>
    sync(ground, team_id, { server_id, tools: [{ name: 'echo', description: 'a catch' }] })
      .then(() => setPolicy(ground, tool_id, 'allow')),
  'that its server lists no more': (ground, { team_id, server_id }) =>
    sync(ground, team_id, { server_id, tools: [] }),
  'that is switched off': (ground, { tool_id }) =>
    ground.run('update public.mcp_tools set is_enabled = false where id = $1', [tool_id]),
  'that is denied': (ground, { tool_id }) => setPolicy(ground, tool_id, 'deny'),
  'that asks since, when nobody saw the arguments': (ground, { tool_id }) =>
    setPolicy(ground, tool_id, 'ask'),
  'of a server that is switched off': (ground, { server_id }) =>
    ground.run('update public.mcp_servers set is_active = false where id = $1', [server_id]),
  'of a server that was removed': (ground, { server_id }) =>
    ground.run('update public.mcp_servers set removed_at = now() where id = $1', [server_id]),
  'of a server at another address': (ground, { server_id }) =>
    ground.run(
      `update public.mcp_servers set config = '{"url":"https://moved.test/mcp"}' where id = $1`,
      [server_id],
    ),
}

for (const [which, change] of Object.entries(changes)) {
  onBoth(`${promises.waited_goes_on_as_it_was}: not one ${which}`, async (ground) => {
    const office = await createOffice(ground)
    const execution_id = await wait(ground, office)
    await change(ground, office)
    const mine = { execution_id, user_id: office.member.sub }
    const going = await resume(ground, mine)
    assert.deepEqual([going.verdict, going.status, going.error_code], ['ended', 'denied', 'denied'])
    assert.match(going.error_message!, /changed or switched off while this call waited/)
    assert.equal(going.wait, undefined)
    assert.equal(going.credential, undefined)
    const [row] = await executionsOf(ground, office.team_id)
    assert.deepEqual([row!.status, row!.ended, row!.duration_ms], ['denied', true, 0])
    assert.equal(await countWaits(ground, execution_id), 0)
    assert.equal((await resume(ground, mine)).reason, 'not_waiting')
  })
}

onBoth('a call whose arguments a person saw goes on though its tool asks', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const execution_id = await wait(ground, office, { call: { approved: true } })
  const going = await resume(ground, { execution_id, user_id: office.member.sub })
  assert.equal(going.verdict, 'run')
})

onBoth('a held call gets one answer and not two', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  assert.equal(await suspend(ground, run, { held: true, seconds: 60 }), true)
  const execution_id = run.execution_id!
  const mine = { execution_id, user_id: office.member.sub }
  assert.equal((await resume(ground, mine)).reason, 'not_waiting', 'without an answer')
  assert.deepEqual(await watch(ground, execution_id), unanswered)

  const first = { ...mine, answer: { encrypted_value: 'Zmlyc3Q=', key_version: 1 } }
  assert.deepEqual(await resume(ground, first), { verdict: 'held', execution_id })
  assert.equal(await statusOf(ground, execution_id), 'running')
  const second = { ...mine, answer: { encrypted_value: 'c2Vjb25k', key_version: 1 } }
  for (const status of ['awaiting_input', 'running']) {
    assert.equal((await resume(ground, { ...second, status })).reason, 'not_waiting')
  }
  assert.deepEqual(await watch(ground, execution_id), { ...unanswered, answer: first.answer })

  assert.equal(await suspend(ground, run, { held: true, seconds: 60 }), true, 'asks again')
  assert.deepEqual(await watch(ground, execution_id), unanswered)
  assert.equal((await resume(ground, second)).verdict, 'held')
  assert.deepEqual((await watch(ground, execution_id))!.answer, second.answer)
})

onBoth('an answer is no sign-in, a sign-in no answer, and nothing is neither', async (ground) => {
  const office = await createOffice(ground)
  const asked = await wait(ground, office)
  const signing_in = await wait(ground, office, {
    waiting: { status: 'awaiting_auth', asked: { account: 'person' } },
  })
  const user_id = office.member.sub
  for (
    const [execution_id, status] of [
      [asked, 'awaiting_auth'],
      [signing_in, 'awaiting_input'],
      [asked, 'running'],
      [asked, null],
    ] as [string, string][]
  ) {
    const [row] = await ground.as('service_role')<{ reason: string }>(
      `select public.resume_execution($1, $2, $3) ->> 'reason' as reason`,
      [execution_id, user_id, status],
    )
    assert.equal(row!.reason, 'not_waiting', `${status}`)
  }
})

onBoth('an answer that comes too late finds nothing waiting, reaped or not', async (ground) => {
  const office = await createOffice(ground)
  const execution_id = await wait(ground, office)
  await expireLease(ground, execution_id)
  const late = await resume(ground, { execution_id, user_id: office.member.sub })
  assert.equal(late.reason, 'not_waiting')
})

onBoth('only a running call may begin to wait', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  assert.equal(await suspend(ground, run), true)
  assert.equal(await suspend(ground, run), false, 'it waits already')
  const ended = await begin(ground, office)
  await finish(ground, ended.execution_id!)
  assert.equal(await suspend(ground, ended), false, 'it has ended')
  assert.equal(await suspend(ground, { ...run, execution_id: crypto.randomUUID() }), false)
  assert.equal(await countWaits(ground, ended.execution_id!), 0)
  await assert.rejects(
    suspend(ground, await begin(ground, office), { asked: null }),
    { code: '23514' },
    'it says for what',
  )
})

onBoth('a repeated idempotency key tells what the first call waits for', async (ground) => {
  const office = await createOffice(ground)
  const keyed = { key: 'k1', hash: 'h1' }
  const execution_id = await wait(ground, office, { call: keyed })
  const again = await begin(ground, office, keyed)
  assert.deepEqual([again.verdict, again.status], ['ended', 'awaiting_input'])
  assert.deepEqual([again.execution_id, again.asked], [execution_id, question])
  assert.ok(!JSON.stringify(again).includes(SEALED_WAIT))
  const other = await begin(ground, office, { ...keyed, hash: 'h2' })
  assert.deepEqual([other.reason, other.asked], ['idempotency_mismatch', undefined])
  await resume(ground, { execution_id, user_id: office.member.sub })
  assert.equal((await begin(ground, office, keyed)).reason, 'in_progress')
})
