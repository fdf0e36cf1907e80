// Signing in as the database sees it: taken once and in time, kept only for whoever may, forgotten when
// the server moves; and a token that one worker renews at a time.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { type Ground, onBoth } from './ground.ts'
import { type AccountPlace, createMember, createOffice, keepCredential } from './people.ts'
import { beginSignIn, claimOn, endRenewal, keepAccountOn, takeSignIn } from './sign-ins.ts'

async function secretsOf(ground: Ground, server_id: string): Promise<string[]> {
  const rows = await ground.run<{ encrypted_value: string }>(
    'select encrypted_value from public.mcp_server_credentials where server_id = $1 order by 1',
    [server_id],
  )
  return rows.map(({ encrypted_value }) => encrypted_value)
}

function keepAccount(
  ground: Ground,
  place: AccountPlace,
  given: { asker: string; secret?: string; url?: string },
) {
  return keepAccountOn(ground.as('service_role'), place, given)
}

onBoth(promises.sign_in_once, async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const state = await beginSignIn(ground, { team_id, server_id, user_id: member.sub })
  const flow = await takeSignIn(ground, state)
  assert.deepEqual([flow!.team_id, flow!.server_id, flow!.user_id], [
    team_id,
    server_id,
    member.sub,
  ])
  assert.equal(await takeSignIn(ground, state), null)
  assert.equal(await takeSignIn(ground, 'nobody began this'), null)
})

onBoth(promises.sign_in_ends, async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const state = await beginSignIn(ground, { team_id, server_id, user_id: member.sub })
  const [row] = await ground.run<{ seconds: number }>(
    `select extract(epoch from expires_at - created_at)::integer as seconds
    from public.mcp_oauth_flows where state_hash = $1`,
    [state],
  )
  assert.equal(row!.seconds, 600)
  await ground.run(
    `update public.mcp_oauth_flows set expires_at = now() - interval '1 second' where state_hash = $1`,
    [state],
  )
  assert.equal(await takeSignIn(ground, state), null)
})

onBoth(
  'a sign-in under way ends with its person’s membership, and with the server',
  async (ground) => {
    const { team_id, server_id, member } = await createOffice(ground)
    const colleague = await createMember(ground, team_id)
    const at = { team_id, server_id }
    const [left, stays] = [
      await beginSignIn(ground, { ...at, user_id: colleague.sub }),
      await beginSignIn(ground, { ...at, user_id: member.sub }),
    ]
    await ground.run('delete from public.team_members where user_id = $1', [colleague.sub])
    assert.equal(await takeSignIn(ground, left), null)
    await ground.as('service_role')('select public.remove_server($1, $2)', [team_id, server_id])
    assert.equal(await takeSignIn(ground, stays), null)
  },
)

onBoth(promises.sign_in_of_its_person, async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const [colleague, admin] = [
    await createMember(ground, team_id),
    await createMember(ground, team_id, 'admin'),
  ]
  const foreign = await createOffice(ground, { name: 'Globex' })
  const rival = await createMember(ground, foreign.team_id, 'owner')
  const place = (user_id: string | null) => ({ team_id, server_id, user_id })
  const tries: [user_id: string | null, asker: string, kept: boolean][] = [
    [member.sub, member.sub, true],
    [admin.sub, admin.sub, true],
    [null, admin.sub, true],
    [null, member.sub, false],
    [member.sub, colleague.sub, false],
    [member.sub, admin.sub, false],
    [null, rival.sub, false],
    [rival.sub, rival.sub, false],
  ]
  for (const [user_id, asker, kept] of tries) {
    assert.equal(await keepAccount(ground, place(user_id), { asker }), kept, `${user_id} ${asker}`)
  }
  await ground.run(`update public.team_members set role = 'member' where user_id = $1`, [admin.sub])
  assert.equal(await keepAccount(ground, place(null), { asker: admin.sub }), false)
  await ground.run('delete from public.team_members where user_id = $1', [member.sub])
  assert.equal(await keepAccount(ground, place(member.sub), { asker: member.sub }), false)
})

onBoth('a token for a server that has moved meanwhile is not kept', async (ground) => {
  const { team_id, server_id, member } = await createOffice(ground)
  const place = { team_id, server_id, user_id: member.sub }
  const asker = member.sub
  assert.equal(await keepAccount(ground, place, { asker, url: 'https://old.test/mcp' }), false)
  assert.deepEqual(await secretsOf(ground, server_id), ['c2VhbGVk'])
})

onBoth('what people signed in with does not follow a server to another host', async (ground) => {
  const moves: [url: string, stays: boolean][] = [
    ['https://upstream.test/other?x=1', true],
    ['https://UPSTREAM.test/mcp', true],
    ['https://upstream.test:8443/mcp', false],
    ['http://upstream.test/mcp', false],
    ['https://upstream.test.evil.test/mcp', false],
    ['https://upstream.test@evil.test/mcp', false],
    ['https://evil.test/https://upstream.test/mcp', false],
  ]
  for (const [url, stays] of moves) {
    const { team_id, server_id, member } = await createOffice(ground)
    const at = { team_id, server_id, user_id: member.sub }
    await keepCredential(ground, at, { secret: 'bWluZQ' })
    await ground.as('service_role')(
      `select public.keep_client($1, $2, 'https://i.test', true, $3)`,
      [
        team_id,
        server_id,
        { encrypted_value: 'x', key_version: 1 },
      ],
    )
    const state = await beginSignIn(ground, at)
    await ground.as('service_role')('update public.mcp_servers set config = $2 where id = $1', [
      server_id,
      { url },
    ])
    const clients = await ground.run(
      'select 1 from public.mcp_oauth_clients where server_id = $1',
      [
        server_id,
      ],
    )
    const kept = [
      (await secretsOf(ground, server_id)).includes('bWluZQ'),
      clients.length === 1,
      await takeSignIn(ground, state) !== null,
    ]
    assert.deepEqual(kept, [stays, stays, stays], url)
  }
})

onBoth(
  'a client that an admin gave is not replaced by one that registered itself',
  async (ground) => {
    const { team_id, server_id } = await createOffice(ground)
    const keep = (is_given: boolean, encrypted_value: string) =>
      ground.as('service_role')(`select public.keep_client($1, $2, 'https://i.test', $3, $4)`, [
        team_id,
        server_id,
        is_given,
        { encrypted_value, key_version: 1 },
      ])
    const kept = async () => {
      const rows = await ground.run<{ encrypted_value: string }>(
        'select encrypted_value from public.mcp_oauth_clients where server_id = $1',
        [server_id],
      )
      return rows.map(({ encrypted_value }) => encrypted_value)
    }
    for (const value of ['first', 'second']) await keep(false, value)
    assert.deepEqual(await kept(), ['second'])
    await keep(true, 'given')
    await keep(false, 'third')
    assert.deepEqual(await kept(), ['given'])
  },
)

onBoth(
  'one worker at a time may renew a token; the next one sees the new token',
  async (ground) => {
    const { team_id, server_id, member } = await createOffice(ground)
    const run = ground.as('service_role')
    for (const user_id of [null, member.sub]) {
      const place = { team_id, server_id, user_id }
      const token = `old of ${user_id}`
      await keepCredential(ground, place, { secret: token, credential_type: 'oauth' })
      const mine = await claimOn(run, place, { token })
      assert.equal(mine.claim, 'yours')
      assert.equal((await claimOn(run, place, { token })).claim, 'taken')
      const renewed = `new of ${user_id}`
      const end = { token, until: mine.until!, outcome: 'renewed', renewed } as const
      assert.equal(await endRenewal(ground, place, end), true)
      assert.equal(await endRenewal(ground, place, end), false, 'once')
      const late = await claimOn(run, place, { token })
      assert.deepEqual([late.claim, late.encrypted_value], ['changed', renewed])
      assert.equal((await claimOn(run, place, { token: renewed })).claim, 'yours')
    }
  },
)

onBoth('a worker whose claim ran out ends nothing that another one works on', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const place = { team_id, server_id, user_id: null }
  const token = 'c2VhbGVk'
  const run = ground.as('service_role')
  const slow = await claimOn(run, place, { token, seconds: -1 })
  const next = await claimOn(run, place, { token })
  assert.equal(next.claim, 'yours')
  for (const outcome of ['kept', 'over'] as const) {
    assert.equal(await endRenewal(ground, place, { token, until: slow.until!, outcome }), false)
  }
  assert.equal((await claimOn(run, place, { token })).claim, 'taken')
  const stored = { token, until: next.until!, outcome: 'renewed', renewed: 'bmV3' } as const
  assert.equal(await endRenewal(ground, place, stored), true)
  assert.deepEqual(await secretsOf(ground, server_id), ['bmV3'])
})

onBoth(
  'a token that is over is deleted, one that was kept can be claimed again',
  async (ground) => {
    const { team_id, server_id } = await createOffice(ground)
    const place = { team_id, server_id, user_id: null }
    const token = 'c2VhbGVk'
    const run = ground.as('service_role')
    for (const outcome of ['kept', 'over'] as const) {
      const { claim, until } = await claimOn(run, place, { token })
      assert.equal(claim, 'yours')
      assert.equal(await endRenewal(ground, place, { token, until: until!, outcome }), true)
    }
    assert.equal((await claimOn(run, place, { token })).claim, 'gone')
  },
)

onBoth('a token that was replaced while it was renewed stays replaced', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const place = { team_id, server_id, user_id: null }
  const token = 'c2VhbGVk'
  const { until } = await claimOn(ground.as('service_role'), place, { token })
  await keepCredential(ground, place, { secret: 'YnkgaGFuZA' })
  for (const outcome of ['renewed', 'over', 'kept'] as const) {
    const end = { token, until: until!, outcome, renewed: 'bGF0ZQ' }
    assert.equal(await endRenewal(ground, place, end), false)
  }
  assert.deepEqual(await secretsOf(ground, server_id), ['YnkgaGFuZA'])
})
