// Where servers are reached, how each place is doing, and when it is left alone.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin } from './calls.ts'
import {
  A,
  about,
  B,
  broken,
  C,
  callTried,
  endpointOf,
  endpointsOf,
  endRest,
  finishTried,
  note,
  setAddresses,
  take,
} from './endpoints.ts'
import { type Ground, onBoth } from './ground.ts'
import { createOffice, createServer, createTeam, type Office } from './people.ts'

async function serverOf(ground: Ground, server_id: string) {
  const [row] = await ground.run<{ health: string; health_error: string | null; changed: string }>(
    `select health, health_error, latency_ms, checked_at is not null as checked, updated_at::text as changed
    from public.mcp_servers where id = $1`,
    [server_id],
  )
  return row!
}

async function withTwo(ground: Ground): Promise<Office> {
  const office = await createOffice(ground)
  await setAddresses(ground, office.server_id, [A, B])
  return office
}

onBoth('a server is reached where its config says, and a stdio server nowhere', async (ground) => {
  const { server_id, team_id } = await createOffice(ground)
  const urls = async () => (await endpointsOf(ground, server_id)).map(({ url }) => url)
  assert.deepEqual(await urls(), [A])
  await setAddresses(ground, server_id, [B, A, C])
  assert.deepEqual(await urls(), [B, A, C])
  await ground.as('service_role')('select public.remove_server($1, $2)', [team_id, server_id])
  assert.deepEqual(await urls(), [])
  const stdio = await createServer(ground, team_id, { server_type: 'stdio', secret: false })
  assert.deepEqual(await endpointsOf(ground, stdio), [])
  assert.deepEqual(await take(ground, stdio), { endpoints: [] })
})

onBoth('what stays keeps what is known of it, and a new address is a stranger', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 5 })
  await setAddresses(ground, server_id, [C, A])
  assert.deepEqual(
    (await endpointsOf(ground, server_id)).map((
      { url, status, failures },
    ) => [url, status, failures]),
    [[C, 'unknown', 0], [A, 'offline', 5]],
  )
  await setAddresses(ground, server_id, [C])
  assert.equal((await serverOf(ground, server_id)).health, 'unknown')
  assert.equal((await serverOf(ground, server_id)).health_error, null)
  await setAddresses(ground, server_id, [C, A])
  assert.equal((await endpointOf(ground, server_id)).failures, 0)
})

onBoth('the fifth failure in a row is a rest, and one success is its end', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 4 })
  const failing = await endpointOf(ground, server_id)
  assert.deepEqual([failing.status, failing.failures, failing.rests_for], ['degraded', 4, null])
  assert.ok(failing.check_in <= 15, 'what begins to fail is looked at again soon')
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })

  await note(ground, server_id, broken)
  const resting = await endpointOf(ground, server_id)
  assert.deepEqual([resting.status, resting.rests], ['offline', 1])
  about(resting.rests_for, 30)
  about((await take(ground, server_id)).rests_for, 30)
  const { health, health_error } = await serverOf(ground, server_id)
  assert.deepEqual([health, health_error], ['offline', broken.error])

  await note(ground, server_id)
  const well = await endpointOf(ground, server_id)
  assert.deepEqual([well.status, well.failures, well.rests, well.rests_for, well.last_error], [
    'online',
    0,
    0,
    null,
    null,
  ])
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
})

onBoth('a success in between begins the count anew', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 4 })
  await note(ground, server_id)
  await note(ground, server_id, { ...broken, times: 4 })
  assert.equal((await endpointOf(ground, server_id)).rests_for, null)
})

onBoth('calls that were on their way make a rest no longer', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 20 })
  const { rests, rests_for } = await endpointOf(ground, server_id)
  assert.equal(rests, 1)
  about(rests_for, 30)
})

onBoth(
  'each failed try and each failed check makes the rest longer, up to five minutes',
  async (ground) => {
    const { server_id } = await createOffice(ground)
    await note(ground, server_id, { ...broken, times: 5 })
    const longer = [['try', 60], ['check', 120], ['try', 240], ['try', 300], ['try', 300]] as const
    for (const [by, seconds] of longer) {
      // While it rests a check says nothing new: else no rest would ever be over.
      await note(ground, server_id, { ...broken, checked: true })
      await endRest(ground, server_id)
      if (by === 'try') assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
      await note(ground, server_id, { ...broken, checked: by === 'check' })
      const { rests_for, trying } = await endpointOf(ground, server_id)
      assert.equal(trying, false)
      about(rests_for, seconds)
    }
  },
)

onBoth(promises.one_tries, async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 5 })
  await endRest(ground, server_id)
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
  assert.ok((await take(ground, server_id)).rests_for! <= 15)
  // Of a try that nothing is heard of, nobody waits for ever.
  await endRest(ground, server_id)
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
})

onBoth('while another endpoint is well, no call tries a resting one', async (ground) => {
  const { server_id } = await withTwo(ground)
  await note(ground, server_id, { ...broken, times: 5 })
  await endRest(ground, server_id)
  assert.deepEqual(await take(ground, server_id), { endpoints: [B] })
  await note(ground, server_id, { checked: true, latency_ms: 10 })
  assert.equal((await take(ground, server_id)).endpoints!.length, 2)
})

onBoth('a call goes where the fewest run, and last to what is not well', async (ground) => {
  const office = await withTwo(ground)
  const first: (string | undefined)[] = []
  for (let n = 0; n < 6; n++) {
    const { endpoints } = await begin(ground, office)
    first.push(endpoints?.[0])
    assert.equal(endpoints?.length, 2)
  }
  assert.equal(first.filter((url) => url === A).length, 3)
  // What waits for a person keeps nobody busy.
  await ground.run(
    `update public.mcp_tool_executions set status = 'awaiting_auth', asked = '{}'
    where server_id = $1 and endpoint = $2`,
    [office.server_id, B],
  )
  assert.equal((await begin(ground, office)).endpoints![0], B)
  await note(ground, office.server_id, { ...broken, url: B })
  assert.deepEqual((await begin(ground, office)).endpoints, [A, B])
})

onBoth('a slow answer, or one that says what is wrong, is no failure', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 5 })
  await note(ground, server_id, { checked: true, latency_ms: 2_001 })
  const slow = await endpointOf(ground, server_id)
  assert.deepEqual([slow.status, slow.failures, slow.latency_ms], ['degraded', 0, 2_001])
  const error = 'The server did not accept the credential (HTTP 401)'
  await note(ground, server_id, { error, answered: true, checked: true, latency_ms: 5 })
  const refusing = await endpointOf(ground, server_id)
  assert.deepEqual(
    [refusing.status, refusing.failures, refusing.last_error, refusing.rests_for],
    ['degraded', 0, error, null],
  )
  await note(ground, server_id, { checked: true, latency_ms: 5 })
  assert.equal((await serverOf(ground, server_id)).health, 'online')
})

onBoth(
  'a server is as well as its endpoints, and what nobody has looked at says nothing',
  async (ground) => {
    const { server_id } = await withTwo(ground)
    const health = async () => (await serverOf(ground, server_id)).health
    assert.equal(await health(), 'unknown')
    const before = (await serverOf(ground, server_id)).changed
    await note(ground, server_id, { checked: true, latency_ms: 7 })
    assert.equal(await health(), 'online')
    await note(ground, server_id, { ...broken, url: B })
    assert.equal(await health(), 'degraded')
    await note(ground, server_id, { ...broken, url: B, times: 4 })
    assert.equal(await health(), 'degraded')
    await note(ground, server_id, { ...broken, times: 5 })
    assert.equal(await health(), 'offline')
    assert.equal(
      (await serverOf(ground, server_id)).changed,
      before,
      'that is no change of the server',
    )
  },
)

onBoth('a call counts once at each endpoint, as its last try there went', async (ground) => {
  const office = await withTwo(ground)
  const failures = async () => (await endpointsOf(ground, office.server_id)).map((e) => e.failures)
  const gone = 'upstream_unreachable'
  await callTried(ground, office, [[A, gone], [B, gone], [A, gone]])
  assert.deepEqual(await failures(), [1, 1])
  await callTried(ground, office, [[A, gone], [B]])
  assert.deepEqual(await failures(), [2, 0])
  await callTried(ground, office, [[A, 'timeout'], [A]])
  assert.deepEqual(await failures(), [0, 0])
})

for (
  const code of ['tool_failed', 'upstream_unauthorized', 'upstream_protocol', 'upstream_too_large']
) {
  onBoth(`a call that ends as ${code} has reached its server`, async (ground) => {
    const office = await createOffice(ground)
    await note(ground, office.server_id, { ...broken, times: 4 })
    await callTried(ground, office, [[A, code]])
    assert.equal((await endpointOf(ground, office.server_id)).failures, 0)
  })
}

onBoth('a call that never left for its server says nothing of it', async (ground) => {
  const office = await createOffice(ground)
  await note(ground, office.server_id, { ...broken, times: 3 })
  for (const code of ['cancelled', 'credential_unreadable', 'address_refused', 'internal']) {
    await callTried(ground, office, [[A, code]])
  }
  assert.equal((await endpointOf(ground, office.server_id)).failures, 3)
})

onBoth('a success brings back the endpoint that it came from and no other', async (ground) => {
  const office = await withTwo(ground)
  await note(ground, office.server_id, { ...broken, times: 5 })
  const { execution_id, endpoints } = await begin(ground, office)
  assert.deepEqual(endpoints, [B])
  await finishTried(ground, execution_id!, [[B]])
  // One that does not say where it went: there are two, so nothing is concluded.
  await callTried(ground, office, [])
  assert.equal((await endpointOf(ground, office.server_id)).failures, 5)
  assert.equal((await endpointOf(ground, office.server_id, B)).status, 'online')
})

onBoth('whoever is switched off and on begins anew', async (ground) => {
  const { server_id } = await createOffice(ground)
  await note(ground, server_id, { ...broken, times: 5, checked: true })
  for (const is_active of [false, true]) {
    await ground.as('service_role')('update public.mcp_servers set is_active = $2 where id = $1', [
      server_id,
      is_active,
    ])
    assert.equal((await serverOf(ground, server_id)).health, 'unknown')
  }
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
})

onBoth('a server of another team is noted by its own id only', async (ground) => {
  const mine = await createOffice(ground)
  const other = await createServer(ground, await createTeam(ground, 'Globex'))
  await note(ground, mine.server_id, { ...broken, times: 5 })
  assert.equal((await endpointOf(ground, other)).failures, 0)
})
