// What calls teach about an endpoint and what they do not: one person's slow or refused calls close nobody's
// server, and a try that learned nothing is the next call's.
import assert from 'node:assert/strict'
import { begin, executionsOf, finish } from './calls.ts'
import {
  A,
  broken,
  callTried,
  endpointOf,
  endRest,
  finishTried,
  note,
  nothingDue,
} from './endpoints.ts'
import { type Ground, onBoth } from './ground.ts'
import { createOffice } from './people.ts'
import { resume, suspend, suspendForAccount } from './waits.ts'

onBoth('a call that was sent and not answered in time counts for nothing', async (ground) => {
  const office = await createOffice(ground)
  await nothingDue(ground)
  for (let calls = 0; calls < 6; calls++) await callTried(ground, office, [[A, 'timeout', true]])
  const { failures, status, check_in } = await endpointOf(ground, office.server_id)
  assert.deepEqual([failures, status], [0, 'unknown'])
  assert.ok(check_in <= 0, 'a check has to say whether it is there')
  await callTried(ground, office, [[A, 'upstream_unreachable', true]])
  assert.equal((await endpointOf(ground, office.server_id)).failures, 1, 'what breaks off is')
})

onBoth(
  'that a sign-in is of no use says nothing of a server that was not asked',
  async (ground) => {
    const office = await createOffice(ground)
    await note(ground, office.server_id, { ...broken, times: 4 })
    const { execution_id } = await begin(ground, office)
    await finish(ground, execution_id!, { status: 'error', error_code: 'upstream_unauthorized' })
    assert.equal((await endpointOf(ground, office.server_id)).failures, 4)
  },
)

/** Its endpoint has rested, and this call tries it out. */
async function triedOut(ground: Ground) {
  const office = await createOffice(ground)
  await note(ground, office.server_id, { ...broken, times: 5 })
  await endRest(ground, office.server_id)
  const run = await begin(ground, office)
  assert.equal(run.verdict, 'run')
  assert.equal((await begin(ground, office)).reason, 'server_rests')
  return { office, run, execution_id: run.execution_id! }
}

onBoth('a try that learned nothing of its endpoint is the next call’s at once', async (ground) => {
  for (const code of ['invalid_parameters', 'cancelled', 'upstream_unauthorized', 'internal']) {
    const { office, execution_id } = await triedOut(ground)
    await finish(ground, execution_id, { status: 'error', error_code: code })
    assert.equal((await begin(ground, office)).verdict, 'run', code)
    assert.equal((await begin(ground, office)).reason, 'server_rests', `${code}: one at a time`)
  }
  const { office, execution_id } = await triedOut(ground)
  await finishTried(ground, execution_id, [[A, 'timeout', true]])
  assert.equal((await begin(ground, office)).verdict, 'run', 'a tool that is slow')
  const waits = await triedOut(ground)
  await suspendForAccount(ground, waits.run, 'team')
  assert.equal((await begin(ground, waits.office)).verdict, 'run', 'a sign-in first')
})

onBoth('only the call that tries an endpoint out gives its try back', async (ground) => {
  const office = await createOffice(ground)
  const before = await begin(ground, office)
  await note(ground, office.server_id, { ...broken, times: 5 })
  await endRest(ground, office.server_id)
  assert.equal((await begin(ground, office)).verdict, 'run')
  await finish(ground, before.execution_id!, { status: 'cancelled', error_code: 'cancelled' })
  assert.equal((await begin(ground, office)).reason, 'server_rests')
})

onBoth('a try that a waiting call goes on with is given back as well', async (ground) => {
  const office = await createOffice(ground)
  const run = await begin(ground, office)
  await suspend(ground, run)
  await note(ground, office.server_id, { ...broken, times: 5 })
  const mine = { execution_id: run.execution_id!, user_id: office.member.sub }
  assert.equal((await resume(ground, mine)).reason, 'server_rests')
  const [kept] = await executionsOf(ground, office.team_id)
  assert.equal(kept!.status, 'awaiting_input', 'its question stays open')
  await endRest(ground, office.server_id)
  assert.equal((await resume(ground, mine)).verdict, 'run')
  await finish(ground, mine.execution_id, { status: 'cancelled', error_code: 'cancelled' })
  assert.equal((await begin(ground, office)).verdict, 'run')
})
