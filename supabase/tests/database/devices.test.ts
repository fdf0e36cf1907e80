// Devices: whose each of them is, how many there are, and what each is told of which call.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide } from './approvals.ts'
import { begin, finish, reap } from './calls.ts'
import {
  addDevice,
  type Added,
  asked,
  claim,
  company,
  devicesOf,
  newEndpoint,
  note,
  pushesTo,
} from './devices.ts'
import { type Ground, onBoth, onPostgres } from './ground.ts'
import { createMember, createOffice, createPerson, type Office, type Policy } from './people.ts'
import { cancel, question, resume, suspend, suspendForAccount } from './waits.ts'

const kindsOf = async (ground: Ground, device: Added) =>
  (await pushesTo(ground, device)).map(({ kind, sent }) => sent ? `${kind}, sent` : kind)

/** Claims all that is due on these devices, and says that it arrived. */
async function send(ground: Ground, ...devices: Added[]) {
  const due = await claim(ground, devices)
  for (const one of due) await note(ground, one, 'taken')
  return due
}

onBoth('a browser is its newest person’s device, and a person has twenty', async (ground) => {
  const [ada, bob] = [await createPerson(ground), await createPerson(ground)]
  const shared = { endpoint: newEndpoint(), p256dh: 'point', auth: 'secret', label: 'Shared' }
  const first = await addDevice(ground, ada, shared)
  assert.equal((await addDevice(ground, ada, { ...shared, label: 'Renamed' })).id, first.id)
  assert.deepEqual(await devicesOf(ground, ada), ['Renamed'])

  const theirs = await addDevice(ground, bob, shared)
  assert.notEqual(theirs.id, first.id)
  assert.deepEqual([await devicesOf(ground, ada), await devicesOf(ground, bob)], [[], ['Shared']])

  for (let at = 1; at <= 21; at++) await addDevice(ground, bob, { label: `No. ${at}` })
  const kept = await devicesOf(ground, bob)
  assert.equal(kept.length, 20)
  assert.ok(!kept.includes('Shared') && kept.includes('No. 21'), kept.join())
})

onBoth(promises.device_taken_by_itself, async (ground) => {
  const [ada, eve] = [await createPerson(ground), await createPerson(ground)]
  const endpoint = newEndpoint()
  await addDevice(ground, ada, { endpoint, p256dh: 'point', auth: 'secret', label: 'Ada’s' })
  for (const keys of [{ p256dh: 'point', auth: 'guess' }, { p256dh: 'mine', auth: 'secret' }]) {
    const { refused } = await addDevice(ground, eve, { endpoint, ...keys })
    assert.equal(refused, 'not_its_own')
  }
  const move = async (auth: string, to: string) => {
    const [row] = await ground.as('service_role')<{ moved: boolean }>(
      `select public.move_device($1, $2, $3, 'point 2', 'secret 2') as moved`,
      [endpoint, auth, to],
    )
    return row!.moved
  }
  assert.equal(await move('guess', newEndpoint()), false)
  const other = newEndpoint()
  await addDevice(ground, eve, { endpoint: other })
  assert.equal(await move('secret', other), false)
  assert.deepEqual(await devicesOf(ground, ada), ['Ada’s'])
  assert.equal(await move('secret', newEndpoint()), true)
  assert.equal(await move('secret', newEndpoint()), false)
  assert.deepEqual(await devicesOf(ground, ada), ['Ada’s'])
})

onBoth(promises.device_told_of_its_persons_calls, async (ground) => {
  const { office, phone, desk } = await company(ground)
  const stranger = await addDevice(ground, await createMember(ground, office.team_id))
  await asked(ground, office)
  assert.deepEqual(await kindsOf(ground, phone), ['approval_needed'])
  const input = await begin(ground, office, { approved: true })
  await suspend(ground, input)
  const account = await begin(ground, office, { approved: true })
  await suspendForAccount(ground, account, 'person')
  const background = await begin(ground, office, { approved: true, mode: 'async' })
  await finish(ground, background.execution_id!)
  const waited = await begin(ground, office, { approved: true })
  await finish(ground, waited.execution_id!)
  assert.deepEqual((await kindsOf(ground, phone)).toSorted(), [
    'approval_needed',
    'execution_ended',
    'input_needed',
    'sign_in_needed',
  ])
  for (const device of [desk, stranger]) assert.deepEqual(await kindsOf(ground, device), [])
})

onBoth('what needs an admin is told on admins’ devices, while they are one', async (ground) => {
  const { office, owner, phone, desk } = await company(ground, 'ask_admin')
  await createMember(ground, office.team_id, 'owner')
  await asked(ground, office)
  assert.deepEqual(await kindsOf(ground, phone), [])
  const [due] = await claim(ground, [desk])
  assert.deepEqual([due!.kind, due!.call.theirs, due!.call.role], [
    'approval_needed',
    false,
    'owner',
  ])
  await note(ground, due!, 'later')
  await ground.run(`update public.pushes set next_at = now() where id = $1`, [due!.id])
  const role = (held: string) =>
    ground.run('update public.team_members set role = $3 where team_id = $1 and user_id = $2', [
      office.team_id,
      owner.sub,
      held,
    ])
  await role('member')
  assert.deepEqual(await claim(ground, [desk]), [])
  await role('admin')
  assert.equal((await claim(ground, [desk])).length, 1)
  await ground.run('delete from public.team_members where team_id = $1 and user_id = $2', [
    office.team_id,
    owner.sub,
  ])
  assert.deepEqual(await pushesTo(ground, desk), [])
})

onBoth(promises.answered_is_taken_back, async (ground) => {
  const { office, phone } = await company(ground)
  const answers: [string, (id: string, approval_id: string) => Promise<unknown>][] = [
    [
      'approved',
      (_, approval_id) => decide(ground, office, { approval_id, user_id: office.member.sub }),
    ],
    ['rejected', (_, approval_id) =>
      decide(ground, office, {
        approval_id,
        user_id: office.member.sub,
        decision: 'rejected',
      })],
    ['cancelled', (id) => cancel(ground, id, office.member.sub)],
    ['too late', async (id) => {
      await ground.run(
        `update public.mcp_tool_executions set lease_expires_at = now() - interval '1 second' where id = $1`,
        [id],
      )
      await reap(ground)
    }],
  ]
  for (const [how, answer] of answers) {
    const unseen = await asked(ground, office)
    await answer(unseen.execution_id, unseen.approval_id)
    assert.deepEqual(await kindsOf(ground, phone), [], how)

    const seen = await asked(ground, office)
    assert.equal((await send(ground, phone)).length, 1)
    await answer(seen.execution_id, seen.approval_id)
    assert.deepEqual(await kindsOf(ground, phone), ['settled'], how)
    assert.deepEqual((await send(ground, phone)).map(({ edition }) => edition), [2])
    assert.deepEqual(await claim(ground, [phone]), [])
    await ground.run('delete from public.pushes where device_id = $1', [phone.id])
  }
})

onBoth(
  'what is answered while it is being sent is taken back, and the old word says nothing of the new one',
  async (ground) => {
    const { office, phone } = await company(ground)
    const { approval_id } = await asked(ground, office)
    const [sending] = await claim(ground, [phone])
    await decide(ground, office, { approval_id, user_id: office.member.sub })
    await note(ground, sending!, 'taken')
    assert.deepEqual(await kindsOf(ground, phone), ['settled'])
    const [next] = await claim(ground, [phone])
    assert.deepEqual([next!.kind, next!.edition, next!.attempt], ['settled', 2, 1])
  },
)

onBoth('a further question of the same call is told anew', async (ground) => {
  const { office, phone } = await company(ground, 'allow')
  const call = await begin(ground, office)
  await suspend(ground, call)
  await send(ground, phone)
  await resume(ground, { execution_id: call.execution_id!, user_id: office.member.sub, answer: {} })
  assert.deepEqual(await kindsOf(ground, phone), ['settled'])
  await suspend(ground, call, { asked: { ...question, id: 'question-2' } })
  assert.deepEqual(await kindsOf(ground, phone), ['input_needed'])
})

onBoth(promises.push_sent_or_given_up, async (ground) => {
  const { office, phone } = await company(ground)
  await asked(ground, office)
  for (let attempt = 1; attempt <= 5; attempt++) {
    const [due] = await claim(ground, [phone])
    assert.equal(due?.attempt, attempt)
    assert.deepEqual(await claim(ground, [phone]), [], 'leased')
    await note(ground, due!, 'later', attempt === 1 ? 600 : 0)
    const [row] = await ground.run<{ waits: number }>(
      'select extract(epoch from next_at - now())::integer as waits from public.pushes where device_id = $1',
      [phone.id],
    )
    if (attempt === 1) assert.ok(row!.waits > 590 && row!.waits <= 600, String(row!.waits))
    if (attempt === 5) assert.equal(row, undefined)
    else assert.ok(row!.waits > 5)
    await ground.run('update public.pushes set next_at = now() where device_id = $1', [phone.id])
  }
  const failures = () =>
    ground.run<{ failures: number }>('select failures from public.devices where id = $1', [
      phone.id,
    ])
  assert.deepEqual(await failures(), [{ failures: 1 }])
  await asked(ground, office)
  await send(ground, phone)
  assert.deepEqual(await failures(), [{ failures: 0 }])
  for (let given_up = 1; given_up <= 10; given_up++) {
    assert.equal((await failures()).length, 1)
    await asked(ground, office)
    const [due] = await claim(ground, [phone])
    await note(ground, due!, 'refused')
  }
  assert.deepEqual(await failures(), [])
})

onBoth('a device that is gone is forgotten, with all that was on its way there', async (ground) => {
  const { office, phone } = await company(ground)
  await asked(ground, office)
  await asked(ground, office)
  const [due] = await claim(ground, [phone], 1)
  await note(ground, due!, 'gone')
  assert.deepEqual(await devicesOf(ground, office.member), [])
  assert.deepEqual(await pushesTo(ground, phone), [])
})

onBoth('a question is told while it can be answered, and forgotten afterwards', async (ground) => {
  const { office, phone } = await company(ground)
  const call = await begin(ground, office)
  await askApproval(ground, call, 600)
  const [due] = await claim(ground, [phone])
  const left = (Date.parse(due!.expires_at) - Date.now()) / 1_000
  assert.ok(left > 500 && left <= 601, String(left))
  await note(ground, due!, 'later')
  await ground.run(
    `update public.pushes set next_at = now(), expires_at = now() - interval '1 second' where device_id = $1`,
    [phone.id],
  )
  assert.deepEqual(await claim(ground, [phone]), [])
  await reap(ground)
  assert.deepEqual(await pushesTo(ground, phone), [])
})

onPostgres('two workers never send the same push at the same time', async (ground) => {
  const { office, phone } = await company(ground)
  for (let calls = 0; calls < 20; calls++) await asked(ground, office)
  const rounds = await Promise.all(
    Array.from({ length: 8 }, () => claim(ground, [phone], 5)),
  )
  const ids = rounds.flat().map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
})
