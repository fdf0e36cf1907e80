// The outbox of webhooks: written with the end it tells of, sent by one worker at a time, tried again at
// growing distances, and never dropped unsaid.
import assert from 'node:assert/strict'
import { begin, call, finish, reap } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import {
  background,
  claim,
  type Claimed,
  claimed,
  deliveriesOf,
  HOOK,
  keepWebhook,
  makeDue,
  note,
  withWebhook,
} from './deliveries.ts'
import { assume, onBoth, onPostgres } from './ground.ts'

onBoth(
  'the end of a call in the background is put into the outbox once, and holds facts alone',
  async (ground) => {
    const office = await withWebhook(ground)
    const execution_id = await call(ground, office, {
      ...background,
      parameters: { password: 'an argument' },
      output: { content: [{ type: 'text', text: 'a result' }] },
      status: 'error',
      error_code: 'tool_failed',
      error_message: 'the words of a server',
    })
    await finish(ground, execution_id)
    await reap(ground)
    const [only, ...more] = await deliveriesOf(ground, office.team_id)
    assert.deepEqual(more, [])
    assert.deepEqual([only!.event, only!.attempts, only!.delivered], ['execution.ended', 0, false])
    const { type, timestamp, data } = only!.payload
    const { started_at, completed_at, ...facts } = data
    assert.deepEqual(facts, {
      execution_id,
      team_id: office.team_id,
      server_id: office.server_id,
      server_name: 'Demo',
      tool_name: 'echo',
      status: 'error',
      error_code: 'tool_failed',
      duration_ms: 10,
      chat_id: null,
    })
    assert.equal(type, 'execution.ended')
    for (const time of [timestamp, started_at, completed_at]) {
      assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000, String(time))
    }
  },
)

onBoth(
  'nothing is put there for a call that someone waits for, or while the webhook is off or missing',
  async (ground) => {
    const office = await withWebhook(ground)
    await call(ground, office)
    await keepWebhook(ground, office.team_id, { is_active: false })
    await call(ground, office, background)
    await ground.run('delete from public.team_webhooks where team_id = $1', [office.team_id])
    await call(ground, office, background)
    assert.deepEqual(await deliveriesOf(ground, office.team_id), [])
  },
)

onBoth(
  'the end and what tells of it are one: neither is there without the other',
  async (ground) => {
    const office = await withWebhook(ground)
    const { execution_id } = await begin(ground, office, background)
    const undone = new Error('undone')
    await ground.transaction(async (run) => {
      await assume(run, 'service_role')
      await run(`select public.finish_execution($1, 'success', 1)`, [execution_id])
      throw undone
    }).catch((thrown) => assert.equal(thrown, undone))
    assert.deepEqual(await deliveriesOf(ground, office.team_id), [])
    assert.equal(await finish(ground, execution_id!), true)
    assert.equal((await deliveriesOf(ground, office.team_id)).length, 1)
  },
)

onPostgres(
  'a webhook that is removed at that very moment does not undo the end of a call',
  async (ground) => {
    const office = await withWebhook(ground)
    const { execution_id } = await begin(ground, office, background)
    const outcome = await collide(ground, {
      first: async (run) => {
        await run('delete from public.team_webhooks where team_id = $1', [office.team_id])
      },
      second: () => finish(ground, execution_id!),
    })
    assert.equal(valueOf(outcome), true)
    assert.deepEqual(await deliveriesOf(ground, office.team_id), [])
  },
)

onBoth(
  'who takes a delivery has it for a minute; when nothing is heard, the next one gets it',
  async (ground) => {
    const office = await withWebhook(ground)
    await call(ground, office, background)
    const [first] = await claimed(ground, office)
    assert.deepEqual([first!.attempt, first!.url, first!.encrypted_value], [1, HOOK, 'first'])
    assert.deepEqual(await claimed(ground, office), [])
    await makeDue(ground, office.team_id)
    const [second] = await claimed(ground, office)
    assert.deepEqual([second!.id, second!.attempt], [first!.id, 2])
    // The first one lives after all: that it failed says nothing of the try that is under way.
    await note(ground, first!, { status: 500, error: 'late' })
    assert.deepEqual(
      (await deliveriesOf(ground, office.team_id)).map(({ leased, last_error }) => [
        leased,
        last_error,
      ]),
      [[true, null]],
    )
    // That it arrived does.
    await note(ground, first!)
    await note(ground, second!, { status: 500, error: 'later still' })
    const [row] = await deliveriesOf(ground, office.team_id)
    assert.deepEqual([row!.delivered, row!.last_status, row!.leased], [true, 200, false])
  },
)

onPostgres('two workers at one moment never take the same delivery', async (ground) => {
  const office = await withWebhook(ground)
  for (let calls = 0; calls < 4; calls++) await call(ground, office, background)
  let [first, second]: Claimed[][] = [[], []]
  await ground.transaction(async (run) => {
    await assume(run, 'service_role')
    first = await claim(run, office.team_id, 1_000)
    // The first one has not committed: its rows are locked, and are passed over.
    second = await claimed(ground, office)
  })
  assert.deepEqual([first!.length, second!.length], [4, 0])

  await makeDue(ground, office.team_id)
  const all = await Promise.all(Array.from({ length: 12 }, () => claimed(ground, office)))
  const ids = all.flat().map(({ id }) => id)
  assert.deepEqual([ids.length, new Set(ids).size], [4, 4])
})

onBoth(
  'one receiver is sent five at a time, and takes nothing from another one',
  async (ground) => {
    const [slow, other] = [await withWebhook(ground), await withWebhook(ground)]
    for (let calls = 0; calls < 7; calls++) await call(ground, slow, background)
    assert.equal((await claimed(ground, slow)).length, 5)
    assert.deepEqual(await claimed(ground, slow), [])
    await call(ground, other, background)
    assert.equal((await claimed(ground, other)).length, 1)
  },
)

onBoth('no receiver has a second place before every receiver had its first', async (ground) => {
  await ground.run('delete from public.webhook_deliveries')
  const many = await withWebhook(ground)
  for (let calls = 0; calls < 7; calls++) await call(ground, many, background)
  const others = [await withWebhook(ground), await withWebhook(ground)]
  for (const office of others) await call(ground, office, background)
  const run = ground.as('service_role')
  const first = await run<Claimed>('select * from public.claim_deliveries(4)')
  const placed = first.map(({ team_id }) => team_id)
  assert.equal(placed.filter((team_id) => team_id === many.team_id).length, 2)
  for (const { team_id } of others) assert.ok(placed.includes(team_id))
  // What is on its way to it counts as a place it has.
  await call(ground, others[0]!, background)
  const [next] = await run<Claimed>('select * from public.claim_deliveries(1)')
  assert.equal(next!.team_id, others[0]!.team_id)
  assert.equal((await claimed(ground, many)).length, 3)
})

onBoth(
  'a delivery is tried eight times at growing distances, then given up on record',
  async (ground) => {
    const office = await withWebhook(ground)
    await call(ground, office, background)
    const distances = [10, 60, 300, 1_800, 7_200, 18_000, 36_000]
    for (const [tries, seconds] of distances.entries()) {
      const [one] = await claimed(ground, office)
      await note(ground, one!, { status: 500, error: 'The receiver answered 500.' })
      const [row] = await deliveriesOf(ground, office.team_id)
      assert.ok(row!.due_in > seconds * 0.75 && row!.due_in <= seconds * 1.2, `${row!.due_in}`)
      assert.deepEqual([row!.attempts, row!.given_up, row!.leased], [tries + 1, false, false])
      assert.deepEqual(await claimed(ground, office), [])
      await makeDue(ground, office.team_id)
    }
    const [last] = await claimed(ground, office)
    await note(ground, last!, { status: null, error: 'The server did not answer in time.' })
    const [row] = await deliveriesOf(ground, office.team_id)
    assert.deepEqual([row!.attempts, row!.given_up, row!.delivered], [8, true, false])
    assert.equal(row!.last_error, 'The server did not answer in time.')
    await makeDue(ground, office.team_id)
    assert.deepEqual(await claimed(ground, office), [])
  },
)

onBoth('deliveries are forgotten after a month', async (ground) => {
  const office = await withWebhook(ground)
  const kept = await call(ground, office, background)
  const old = await call(ground, office, background)
  await ground.run(
    `update public.webhook_deliveries set created_at = now() - interval '31 days' where execution_id = $1`,
    [old],
  )
  await reap(ground)
  const left = await deliveriesOf(ground, office.team_id)
  assert.deepEqual(left.map(({ execution_id }) => execution_id), [kept])
})

onBoth(
  'a call in the background that was refused for its parameters is told to nobody',
  async (ground) => {
    const office = await withWebhook(ground)
    const { execution_id } = await begin(ground, office, background)
    await finish(ground, execution_id!, { status: 'error', error_code: 'invalid_parameters' })
    assert.deepEqual(await deliveriesOf(ground, office.team_id), [])
    const notices = await ground.run('select 1 from public.notifications where team_id = $1', [
      office.team_id,
    ])
    assert.equal(notices.length, 0)
  },
)
