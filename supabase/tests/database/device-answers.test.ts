// Answers from notifications: of devices that are their person's still, once, and on record as what they are.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { finish } from './calls.ts'
import { addDevice, answerFromDevice, asked, claim, company, pushesTo } from './devices.ts'
import { onBoth } from './ground.ts'
import { createOffice, createPerson } from './people.ts'

onBoth(promises.device_answers_as_its_person, async (ground) => {
  const { office, phone, desk } = await company(ground)
  const { team_id, member } = office
  const mine = { device_id: phone.id, user_id: member.sub, team_id }
  const { approval_id, execution_id } = await asked(ground, office)
  const refused = async (given: Partial<typeof mine>) =>
    (await answerFromDevice(ground, { ...mine, approval_id, ...given })).reason
  assert.equal(await refused({ device_id: desk.id }), 'not_found')
  assert.equal(await refused({ user_id: (await createPerson(ground)).sub }), 'not_found')
  assert.equal(await refused({ team_id: (await createOffice(ground)).team_id }), 'not_found')

  const decided = await answerFromDevice(ground, { ...mine, approval_id })
  assert.equal(decided.verdict, 'run')
  assert.equal(await refused({}), 'already_decided')
  const audit = () =>
    ground.run('select decision, decided_by, via from public.mcp_approvals where id = $1', [
      approval_id,
    ])
  assert.deepEqual(await audit(), [
    { decision: 'approved', decided_by: member.sub, via: 'notification' },
  ])
  // The device that decided hears how it ends; until then it has its answer.
  assert.deepEqual(await claim(ground, [phone]), [])
  await finish(ground, execution_id)
  assert.deepEqual((await claim(ground, [phone])).map(({ kind }) => kind), ['execution_ended'])
})

onBoth('a device that was removed, or whose person has left, answers nothing', async (ground) => {
  const { office, phone } = await company(ground)
  const { team_id, member } = office
  const first = await asked(ground, office)
  await ground.run('delete from public.devices where id = $1', [phone.id])
  const mine = { device_id: phone.id, user_id: member.sub, team_id }
  const reason = async (approval_id: string, device_id = phone.id) =>
    (await answerFromDevice(ground, { ...mine, device_id, approval_id })).reason
  assert.equal(await reason(first.approval_id), 'not_found')
  const other = await addDevice(ground, member)
  const second = await asked(ground, office)
  await ground.run('delete from public.team_members where team_id = $1 and user_id = $2', [
    team_id,
    member.sub,
  ])
  assert.equal(await reason(second.approval_id, other.id), 'not_found')
  assert.deepEqual(await pushesTo(ground, other), [])
})
