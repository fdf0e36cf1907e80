// Which waiting executions a sign-in lets go on: those that wait for that very account, and no others.
import assert from 'node:assert/strict'
import { begin } from './calls.ts'
import { onBoth } from './ground.ts'
import { createMember, createOffice } from './people.ts'
import { resume, suspend, suspendForAccount, waitingFor } from './waits.ts'

onBoth('connecting an account finds all calls that wait for it, and no others', async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id, member } = office
  const colleague = await createMember(ground, team_id)
  const waitFor = async (account: 'team' | 'person', user_id: string) => {
    const run = await begin(ground, office, { user_id })
    await suspendForAccount(ground, run, account)
    return run.execution_id!
  }
  const [mine, theirs] = [
    await waitFor('person', member.sub),
    await waitFor('person', colleague.sub),
  ]
  const ours: string[] = []
  for (const person of Array(30).fill([member, colleague]).flat()) {
    ours.push(await waitFor('team', person.sub))
  }
  await suspend(ground, await begin(ground, office))

  const at = { team_id, server_id }
  assert.deepEqual(await waitingFor(ground, { ...at, user_id: member.sub }), [mine])
  assert.deepEqual(await waitingFor(ground, { ...at, user_id: colleague.sub }), [theirs])
  assert.deepEqual(await waitingFor(ground, { ...at, user_id: null }), ours)
  const elsewhere = await createOffice(ground)
  const foreign = { team_id, server_id: elsewhere.server_id, user_id: null }
  assert.deepEqual(await waitingFor(ground, foreign), [])

  await resume(ground, { execution_id: mine, user_id: null, status: 'awaiting_auth' })
  assert.deepEqual(await waitingFor(ground, { ...at, user_id: member.sub }), [])
})
