// A team's webhook as its admins set it: whose secret it has, what becomes of what waits, and who may look.
import assert from 'node:assert/strict'
import { call } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import {
  background,
  claimed,
  deliveriesOf,
  HOOK,
  keepWebhook,
  keepWebhookOn,
  makeDue,
  note,
  withWebhook,
} from './deliveries.ts'
import { assume, type Ground, onBoth, onPostgres } from './ground.ts'
import { createMember, createOffice, type Office } from './people.ts'

type Row = {
  url: string
  is_active: boolean
  encrypted_value: string
  last_status: number | null
  last_error: string | null
  delivered: boolean
}

async function webhookOf(ground: Ground, { team_id }: Office): Promise<Row> {
  const [row] = await ground.run<Row>(
    `select url, is_active, encrypted_value, last_status, last_error, last_delivered_at is not null as delivered
     from public.team_webhooks where team_id = $1`,
    [team_id],
  )
  return row!
}

onBoth(
  'a receiver that is gone switches its webhook off; what else waits goes out when it is on again',
  async (ground) => {
    const office = await withWebhook(ground)
    await call(ground, office, background)
    const [gone] = await claimed(ground, office)
    await call(ground, office, background)
    await note(ground, gone!, { status: 410, error: 'gone' })
    assert.equal((await webhookOf(ground, office)).is_active, false)
    assert.deepEqual(await claimed(ground, office), [])
    await keepWebhook(ground, office.team_id, { is_active: true })
    const [left] = await claimed(ground, office)
    assert.notEqual(left!.id, gone!.id)
    await note(ground, left!)
    const rows = await deliveriesOf(ground, office.team_id)
    assert.deepEqual(rows.map(({ given_up, delivered }) => [given_up, delivered]), [
      [true, false],
      [false, true],
    ])
  },
)

onBoth('what the former address said is not held against the new one', async (ground) => {
  const office = await withWebhook(ground)
  await call(ground, office, background)
  const [sent] = await claimed(ground, office)
  await keepWebhook(ground, office.team_id, { url: `${HOOK}/new` })
  await note(ground, sent!, { status: 410, error: 'gone' })
  const row = await webhookOf(ground, office)
  assert.deepEqual([row.is_active, row.last_status, row.last_error], [true, null, null])
  const [delivery] = await deliveriesOf(ground, office.team_id)
  assert.deepEqual([delivery!.given_up, delivery!.delivered], [false, false])
  await makeDue(ground, office.team_id)
  assert.equal((await claimed(ground, office))[0]!.url, `${HOOK}/new`)
})

onBoth(
  'another address gets another secret, the same one keeps its own unless it is rotated',
  async (ground) => {
    const office = await withWebhook(ground)
    const secretAfter = async (given: Parameters<typeof keepWebhook>[2]) => {
      const taken = await keepWebhook(ground, office.team_id, given)
      return [taken, (await webhookOf(ground, office)).encrypted_value]
    }
    assert.deepEqual(await secretAfter({ secret: 'second' }), [false, 'first'])
    assert.deepEqual(await secretAfter({ secret: 'third', is_active: false }), [false, 'first'])
    assert.deepEqual(await secretAfter({ secret: 'fourth', rotate: true }), [true, 'fourth'])
    assert.equal((await webhookOf(ground, office)).is_active, false)
    assert.deepEqual(await secretAfter({ secret: 'fifth', url: `${HOOK}/new` }), [true, 'fifth'])
    assert.equal((await webhookOf(ground, office)).is_active, true)
  },
)

onBoth('whoever sets a webhook right does not wait until what waits is due', async (ground) => {
  const office = await withWebhook(ground)
  await call(ground, office, background)
  const [one] = await claimed(ground, office)
  await note(ground, one!, { status: 500, error: 'broken' })
  await keepWebhook(ground, office.team_id)
  assert.deepEqual(await claimed(ground, office), [])
  await keepWebhook(ground, office.team_id, { is_active: true })
  assert.equal((await claimed(ground, office))[0]!.attempt, 2)
})

onPostgres(
  'of two admins who set the same address at one moment, one has made the secret',
  async (ground) => {
    const office = await createOffice(ground)
    const outcome = await collide(ground, {
      first: async (run) => {
        await assume(run, 'service_role')
        assert.equal(await keepWebhookOn(run, office.team_id, { secret: 'one' }), true)
      },
      second: () => keepWebhook(ground, office.team_id, { secret: 'other' }),
    })
    assert.equal(valueOf(outcome), false)
    assert.equal((await webhookOf(ground, office)).encrypted_value, 'one')
  },
)

onBoth(
  'admins read how a webhook is doing and never its secret; others read nothing',
  async (ground) => {
    const office = await withWebhook(ground)
    await call(ground, office, background)
    const [owner, analyst] = [
      await createMember(ground, office.team_id, 'owner'),
      await createMember(ground, office.team_id, 'analyst'),
    ]
    const described = async (person: typeof owner) => {
      const [row] = await ground.as(person)<{ webhook: Record<string, unknown> | null }>(
        'select public.describe_webhook($1) as webhook',
        [office.team_id],
      )
      return row!.webhook
    }
    const { created_at: _, ...seen } = (await described(owner))!
    assert.deepEqual(seen, {
      url: HOOK,
      is_active: true,
      last_tried_at: null,
      last_delivered_at: null,
      last_status: null,
      last_error: null,
      waiting: 1,
      given_up: 0,
    })
    for (const person of [analyst, office.member]) assert.equal(await described(person), null)
    for (const column of ['encrypted_value', 'key_version', '*']) {
      await assert.rejects(ground.as(owner)(`select ${column} from public.team_webhooks`, []), {
        code: '42501',
      })
    }
  },
)
