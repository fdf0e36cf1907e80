// Endpoints under several connections: who tries a resting one, how failures add up, who checks.
import assert from 'node:assert/strict'
import { begin } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import {
  A,
  about,
  B,
  broken,
  C,
  dueOn,
  endpointOf,
  endRest,
  finishTried,
  note,
  nothingDue,
  setAddresses,
  take,
  takeOn,
} from './endpoints.ts'
import { assume, type Ground, onBoth, onPostgres } from './ground.ts'
import { createOffice, createServer, createTeam, keepCredential } from './people.ts'

async function resting(ground: Ground) {
  const office = await createOffice(ground)
  await note(ground, office.server_id, { ...broken, times: 5 })
  await endRest(ground, office.server_id)
  return office
}

onPostgres('whoever comes while another one is just trying is told to wait', async (ground) => {
  const { server_id } = await resting(ground)
  await ground.transaction(async (run) => {
    await assume(run, 'service_role')
    assert.deepEqual(await takeOn(run, server_id), { endpoints: [A] })
    assert.equal((await take(ground, server_id)).rests_for, 1)
  })
  assert.ok((await take(ground, server_id)).rests_for! > 1)
})

onPostgres('a try that came to nothing is free for the next', async (ground) => {
  const { server_id } = await resting(ground)
  const undone = new Error('undone')
  await assert.rejects(
    ground.transaction(async (run) => {
      await assume(run, 'service_role')
      await takeOn(run, server_id)
      throw undone
    }),
    undone,
  )
  assert.deepEqual(await take(ground, server_id), { endpoints: [A] })
})

onPostgres('of twenty calls at the end of a rest, one runs', async (ground) => {
  const office = await resting(ground)
  const all = await Promise.all(Array.from({ length: 20 }, () => begin(ground, office)))
  assert.equal(all.filter(({ verdict }) => verdict === 'run').length, 1)
  assert.equal(all.filter(({ reason }) => reason === 'server_rests').length, 19)
})

onPostgres('failures at the same moment all count', async (ground) => {
  const { server_id } = await createOffice(ground)
  await Promise.all(Array.from({ length: 12 }, () => note(ground, server_id, broken)))
  const { failures, rests, rests_for } = await endpointOf(ground, server_id)
  assert.deepEqual([failures, rests], [12, 1])
  about(rests_for, 30)
})

onPostgres(
  'calls that end, checks and changes of addresses do not stop each other',
  async (ground) => {
    const office = await createOffice(ground)
    const { server_id } = office
    await setAddresses(ground, server_id, [A, B, C])
    const runs = await Promise.all(Array.from({ length: 24 }, () => begin(ground, office)))
    const gone = 'upstream_unreachable'
    await Promise.all(runs.map(async ({ execution_id }, at) => {
      const order = at % 2 === 0 ? [A, B, C] : [C, B, A]
      await finishTried(ground, execution_id!, [[order[0]!, gone], [order[1]!, gone], [order[2]!]])
      if (at % 6 === 0) await setAddresses(ground, server_id, at % 4 === 0 ? [A, B] : [A, B, C])
      await note(ground, server_id, { url: B, checked: true, latency_ms: 3 })
    }))
    assert.equal((await endpointOf(ground, server_id, B)).status, 'online')
  },
)

onPostgres(
  'a call that ends while its server moves is noted where it went, or nowhere',
  async (ground) => {
    const office = await createOffice(ground)
    const { execution_id } = await begin(ground, office)
    const outcome = await collide(ground, {
      first: async (run) => {
        await run('update public.mcp_servers set config = $2 where id = $1', [
          office.server_id,
          { url: C },
        ])
      },
      second: () => finishTried(ground, execution_id!, [[A, 'upstream_unreachable']]),
    })
    valueOf(outcome)
    assert.equal((await endpointOf(ground, office.server_id, C)).failures, 0)
  },
)

onBoth('what is due is claimed for a minute, with the team’s credential', async (ground) => {
  await nothingDue(ground)
  const { server_id } = await createOffice(ground)
  const run = ground.as('service_role')
  const [due, ...rest] = await dueOn(run)
  assert.deepEqual([due!.server_id, due!.url, due!.encrypted_value], [server_id, A, 'c2VhbGVk'])
  assert.equal(rest.length, 0)
  assert.deepEqual(await dueOn(run), [])
  about((await endpointOf(ground, server_id)).check_in, 60)
})

onBoth('no one’s own credential leaves for a check', async (ground) => {
  await nothingDue(ground)
  const { server_id, team_id, member } = await createOffice(ground)
  await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'b3du' })
  await ground.run(`update public.mcp_servers set account = 'person' where id = $1`, [server_id])
  const due = await dueOn(ground.as('service_role'))
  assert.deepEqual(due.map(({ encrypted_value }) => encrypted_value), [null])
})

onBoth('what is switched off or removed is not checked', async (ground) => {
  await nothingDue(ground)
  const team_id = await createTeam(ground)
  const off = await createServer(ground, team_id, { name: 'off' })
  const removed = await createServer(ground, team_id, { name: 'removed' })
  await ground.run('update public.mcp_servers set is_active = false where id = $1', [off])
  await ground.as('service_role')('select public.remove_server($1, $2)', [team_id, removed])
  const run = ground.as('service_role')
  assert.deepEqual(await dueOn(run), [])
  await ground.run('update public.mcp_servers set is_active = true where id = $1', [off])
  assert.deepEqual((await dueOn(run)).map(({ server_id }) => server_id), [off])
})

onBoth('with another credential of the team’s its server is checked at once', async (ground) => {
  const { server_id, team_id } = await createOffice(ground)
  await nothingDue(ground)
  const place = { team_id, server_id, user_id: null }
  const run = ground.as('service_role')
  for (const secret of ['bmV3', null]) {
    await keepCredential(ground, place, { secret })
    assert.deepEqual((await dueOn(run)).map((due) => [due.server_id, due.encrypted_value]), [
      [server_id, secret],
    ])
  }
})

onBoth('no team has a second check before every team had its first', async (ground) => {
  await nothingDue(ground)
  const many = await createTeam(ground)
  const first = await createServer(ground, many)
  await setAddresses(ground, first, Array.from({ length: 20 }, (_, at) => `${A}/${at}`))
  await ground.run(
    `update public.mcp_endpoints set check_at = now() - interval '1 hour' where server_id = $1`,
    [first],
  )
  const others = [await createOffice(ground), await createOffice(ground)]
  const run = ground.as('service_role')
  const due = (await dueOn(run, 4)).map(({ server_id }) => server_id)
  assert.equal(due.filter((server_id) => server_id === first).length, 2)
  for (const { server_id } of others) assert.ok(due.includes(server_id))
  assert.equal((await dueOn(run)).length, 18)
})

onPostgres('clocks that ring at once share the checks', async (ground) => {
  await nothingDue(ground)
  const team_id = await createTeam(ground)
  const servers = await Promise.all(
    Array.from({ length: 12 }, (_, at) => createServer(ground, team_id, { name: `server ${at}` })),
  )
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => dueOn(ground.as('service_role'), 3)),
  )
  const claimed = claims.flat().map(({ server_id }) => server_id)
  assert.equal(new Set(claimed).size, claimed.length)
  claimed.push(...(await dueOn(ground.as('service_role'))).map(({ server_id }) => server_id))
  assert.deepEqual(claimed.toSorted(), servers.toSorted())
})

onPostgres(
  'of two clocks, the second passes by what the first is just claiming',
  async (ground) => {
    await nothingDue(ground)
    const { server_id } = await createOffice(ground)
    await ground.transaction(async (run) => {
      await assume(run, 'service_role')
      assert.equal((await dueOn(run))[0]!.server_id, server_id)
      assert.deepEqual(await dueOn(ground.as('service_role')), [])
    })
    assert.deepEqual(await dueOn(ground.as('service_role')), [])
  },
)
