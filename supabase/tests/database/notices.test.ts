// Whom the database tells of which call: nobody who waits for it, everybody who can do something about it,
// and each of them once.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide } from './approvals.ts'
import { begin, type Call, expireLease, finish, reap } from './calls.ts'
import { collide, untilSomeoneWaits, valueOf } from './collide.ts'
import { withWebhook } from './deliveries.ts'
import { assume, type Ground, onBoth, onPostgres } from './ground.ts'
import {
  createMember,
  createOffice,
  type Office,
  type Person,
  type Policy,
  setPolicy,
} from './people.ts'
import { cancel, question, resume, suspend, suspendForAccount } from './waits.ts'

type Told = { kind: string; user_id: string; execution_id: string; read: boolean }

/** Every notice of a team, as `kind` to whom; a read one has a mark. */
async function toldIn(ground: Ground, office: Office, people: Record<string, Person> = {}) {
  const names = new Map([
    [office.member.sub, 'member'],
    ...Object.entries(people).map(([name, { sub }]) => [sub, name] as const),
  ])
  const rows = await ground.run<Told>(
    `select kind, user_id, execution_id, read_at is not null as read
     from public.notifications where team_id = $1`,
    [office.team_id],
  )
  return rows.map(({ kind, user_id, read }) =>
    `${kind} to ${names.get(user_id)}${read ? ', read' : ''}`
  ).toSorted()
}

/** A team with people of every role. */
async function company(ground: Ground, policy: Policy = 'allow') {
  const office = await createOffice(ground, { policy })
  const [owner, admin, other, analyst] = [
    await createMember(ground, office.team_id, 'owner'),
    await createMember(ground, office.team_id, 'admin'),
    await createMember(ground, office.team_id),
    await createMember(ground, office.team_id, 'analyst'),
  ]
  const people = { owner, admin, other, analyst }
  return { office, ...people, told: () => toldIn(ground, office, people) }
}

const background: Call = { mode: 'async' }

onBoth(promises.told_once, async (ground) => {
  const ends: [string, (execution_id: string, office: Office) => Promise<unknown>][] = [
    ['finished', (id) => finish(ground, id)],
    ['failed', (id) => finish(ground, id, { status: 'error', error_code: 'tool_failed' })],
    ['lost', async (id) => {
      await expireLease(ground, id)
      await reap(ground)
    }],
  ]
  for (const [how, end] of ends) {
    const { office, told } = await company(ground)
    const { execution_id } = await begin(ground, office, background)
    assert.deepEqual(await told(), [], how)
    await end(execution_id!, office)
    assert.deepEqual(await told(), ['execution_ended to member'], how)
    assert.equal(await finish(ground, execution_id!), false)
    assert.equal(await cancel(ground, execution_id!, office.member.sub), true)
    await reap(ground)
    assert.deepEqual(await told(), ['execution_ended to member'], how)
  }
})

onBoth('a call in the background that ends as it begins is told of as well', async (ground) => {
  const { office, told } = await company(ground, 'deny')
  assert.equal((await begin(ground, office, background)).status, 'denied')
  assert.deepEqual(await told(), ['execution_ended to member'])
})

onBoth('nobody is told of a call that its person waits for', async (ground) => {
  const { office, told } = await company(ground)
  await finish(ground, (await begin(ground, office)).execution_id!)
  const asking = await begin(ground, office)
  await suspend(ground, asking)
  const signing = await begin(ground, office)
  await suspendForAccount(ground, signing, 'person')
  const lost = await begin(ground, office)
  await expireLease(ground, lost.execution_id!)
  await reap(ground)
  await setPolicy(ground, office.tool_id, 'ask')
  await askApproval(ground, await begin(ground, office))
  assert.deepEqual(await told(), [])
})

onBoth(
  'an approval that needs an admin is told to each of them, until one decides; then to its person',
  async (ground) => {
    const { office, admin, told } = await company(ground, 'ask_admin' as Policy)
    const asked = await begin(ground, office)
    const approval_id = await askApproval(ground, asked)
    assert.deepEqual(await told(), ['approval_needed to admin', 'approval_needed to owner'])
    const decided = await decide(ground, office, { approval_id, user_id: admin.sub })
    assert.equal(decided.verdict, 'run')
    const after = [
      'approval_decided to member',
      'approval_needed to admin, read',
      'approval_needed to owner, read',
    ]
    assert.deepEqual(await told(), after)
    // Hours may have gone by: its person no longer waits for it.
    await finish(ground, asked.execution_id!)
    assert.deepEqual(await told(), [...after, 'execution_ended to member'])
  },
)

onBoth('of a rejected call its person is told by the decision alone', async (ground) => {
  const { office, owner, told } = await company(ground, 'ask_admin' as Policy)
  const approval_id = await askApproval(ground, await begin(ground, office, background))
  await decide(ground, office, { approval_id, user_id: owner.sub, decision: 'rejected' })
  assert.deepEqual(await told(), [
    'approval_decided to member',
    'approval_needed to admin, read',
    'approval_needed to owner, read',
  ])
})

onBoth(
  'a call that no admin answered in time is told of, one that was taken back is not',
  async (ground) => {
    const { office, told } = await company(ground, 'ask_admin' as Policy)
    const late = await begin(ground, office)
    await askApproval(ground, late)
    const back = await begin(ground, office)
    await askApproval(ground, back)
    await cancel(ground, back.execution_id!, office.member.sub)
    await expireLease(ground, late.execution_id!)
    await reap(ground)
    const both = ['approval_needed to admin, read', 'approval_needed to owner, read']
    assert.deepEqual(await told(), [...both, ...both, 'execution_ended to member'].toSorted())
  },
)

onBoth('an admin’s own call asks that admin and no other', async (ground) => {
  const { office, admin, told } = await company(ground, 'ask_admin' as Policy)
  const waitedFor = await begin(ground, office, { user_id: admin.sub })
  await askApproval(ground, waitedFor)
  assert.deepEqual(await told(), [])
  const left = await begin(ground, office, { user_id: admin.sub, mode: 'async' })
  const approval_id = await askApproval(ground, left)
  assert.deepEqual(await told(), ['approval_needed to admin'])
  await decide(ground, office, { approval_id, user_id: admin.sub })
  assert.deepEqual(await told(), ['approval_needed to admin, read'])
})

onBoth(
  'a call in the background that asks something tells its person, anew for every question',
  async (ground) => {
    const { office, told } = await company(ground)
    const run = await begin(ground, office, background)
    const mine = { execution_id: run.execution_id!, user_id: office.member.sub }
    await suspend(ground, run)
    assert.deepEqual(await told(), ['input_needed to member'])
    assert.equal((await resume(ground, mine)).verdict, 'run')
    assert.deepEqual(await told(), ['input_needed to member, read'])
    await suspend(ground, run, { asked: { ...question, id: 'question-2' } })
    assert.deepEqual(await told(), ['input_needed to member'])
    await cancel(ground, run.execution_id!, office.member.sub)
    assert.deepEqual(await told(), ['execution_ended to member', 'input_needed to member, read'])
  },
)

onBoth(
  'a sign-in is asked for once, of whoever can do it, however many calls wait for it',
  async (ground) => {
    const { office, told } = await company(ground)
    const first = await begin(ground, office)
    await suspendForAccount(ground, first, 'team')
    const both = ['sign_in_needed to admin', 'sign_in_needed to owner']
    assert.deepEqual(await told(), both)
    await suspendForAccount(ground, await begin(ground, office), 'team')
    assert.deepEqual(await told(), both)
    await suspendForAccount(ground, await begin(ground, office, background), 'person')
    await suspendForAccount(ground, await begin(ground, office, background), 'person')
    assert.deepEqual(await told(), [...both, 'sign_in_needed to member'].toSorted())
    await resume(ground, {
      execution_id: first.execution_id!,
      user_id: null,
      status: 'awaiting_auth',
    })
    await suspendForAccount(ground, await begin(ground, office), 'team')
    assert.equal((await told()).filter((one) => !one.endsWith('read')).length, 3)
  },
)

onBoth('whoever left is told nothing, and the call ends all the same', async (ground) => {
  const { office, told } = await company(ground)
  const { execution_id } = await begin(ground, office, background)
  await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
  assert.equal(await finish(ground, execution_id!), true)
  assert.deepEqual(await told(), [])
})

onPostgres(
  'a person who leaves at that very moment does not undo the end of their call',
  async (ground) => {
    const { office, told } = await company(ground)
    const { execution_id } = await begin(ground, office, background)
    const outcome = await collide(ground, {
      first: async (run) => {
        await run('delete from public.team_members where user_id = $1', [office.member.sub])
      },
      second: () => finish(ground, execution_id!),
    })
    assert.equal(valueOf(outcome), true)
    assert.deepEqual(await told(), [])
  },
)

onPostgres(
  'a person who leaves in the middle of the end of a call that asked them something stops neither',
  async (ground) => {
    const office = await withWebhook(ground)
    const asking = await begin(ground, office, background)
    await suspend(ground, asking)
    const { sub } = office.member
    assert.deepEqual(await toldIn(ground, office), ['input_needed to member'])
    let both: Promise<PromiseSettledResult<unknown>[]> | undefined
    await ground.transaction(async (run) => {
      // Here the end waits: its question is over, and its person is not told yet.
      await run('select 1 from public.team_webhooks where team_id = $1 for update', [
        office.team_id,
      ])
      const ended = cancel(ground, asking.execution_id!, sub)
      await untilSomeoneWaits(ground)
      const left = ground.run('delete from public.team_members where user_id = $1', [sub])
      both = Promise.allSettled([ended, left])
      await untilSomeoneWaits(ground, 2)
    })
    const [ended, left] = await both!
    assert.deepEqual([ended, left].map((one) => valueOf(one!)), [true, []])
    assert.deepEqual(await toldIn(ground, office), [])
  },
)

onBoth('people mark their own notices as read, and change nothing else of them', async (ground) => {
  const { office, other, told } = await company(ground)
  await finish(ground, (await begin(ground, office, background)).execution_id!)
  const mark = `update public.notifications set read_at = now() where team_id = $1`
  await ground.as(other)(mark, [office.team_id])
  assert.deepEqual(await told(), ['execution_ended to member'])
  await ground.as(office.member)(mark, [office.team_id])
  assert.deepEqual(await told(), ['execution_ended to member, read'])
  for (
    const change of [`kind = 'input_needed'`, `user_id = '${other.sub}'`, 'created_at = now()']
  ) {
    await assert.rejects(
      ground.as(office.member)(`update public.notifications set ${change}`, []),
      { code: '42501' },
    )
  }
})

onBoth(
  'notices are forgotten a week after they were read, and after a month in any case',
  async (ground) => {
    const { office, told } = await company(ground)
    const age = async (column: string, days: number) => {
      const { execution_id } = await begin(ground, office, background)
      await finish(ground, execution_id!)
      await ground.run(
        `update public.notifications set ${column} = now() - $2 * interval '1 day' where execution_id = $1`,
        [execution_id, days],
      )
    }
    await age('read_at', 6)
    await age('read_at', 8)
    await age('created_at', 29)
    await age('created_at', 31)
    await reap(ground)
    assert.deepEqual(await told(), ['execution_ended to member', 'execution_ended to member, read'])
  },
)

onPostgres(
  'the end of one call is told by whoever ended it, and by nobody else',
  async (ground) => {
    const { office, told } = await company(ground)
    const { execution_id } = await begin(ground, office, background)
    const outcome = await collide(ground, {
      first: async (run) => {
        await assume(run, 'service_role')
        await run(`select public.finish_execution($1, 'success', 1, '{}')`, [execution_id])
      },
      second: () => finish(ground, execution_id!, { status: 'error' }),
    })
    assert.equal(valueOf(outcome), false)
    assert.deepEqual(await told(), ['execution_ended to member'])
  },
)
