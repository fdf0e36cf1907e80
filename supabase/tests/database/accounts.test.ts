// Whose credential a call travels with: the team's or a person's own, and what anyone gets to see of it.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, call } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, join, keepCredential } from './people.ts'
import { type Office, sync } from './people.ts'
import { resume, suspendForAccount } from './waits.ts'

const TEAMS = 'c2VhbGVk'

type Chosen = { server?: string; tool?: string | null }

async function setAccount(ground: Ground, office: Office, { server, tool }: Chosen) {
  if (server !== undefined) {
    await ground.run('update public.mcp_servers set account = $2 where id = $1', [
      office.server_id,
      server,
    ])
  }
  if (tool !== undefined) {
    await ground.run('update public.mcp_tools set account = $2 where id = $1', [
      office.tool_id,
      tool,
    ])
  }
}

/** The sealed value a call of this person would travel with. */
async function usedBy(ground: Ground, office: Office, user_id: string) {
  const { account, credential } = await begin(ground, office, { user_id })
  return [account, credential?.encrypted_value ?? null]
}

async function credentialsOf(ground: Ground, { server_id }: Office): Promise<string[]> {
  const rows = await ground.run<{ encrypted_value: string }>(
    'select encrypted_value from public.mcp_server_credentials where server_id = $1 order by 1',
    [server_id],
  )
  return rows.map(({ encrypted_value }) => encrypted_value)
}

onBoth(promises.accounts_apart, async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id, member } = office
  const [colleague, without] = [
    await createMember(ground, team_id),
    await createMember(ground, team_id, 'owner'),
  ]
  await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'bWluZQ' })
  await keepCredential(ground, { team_id, server_id, user_id: colleague.sub }, { secret: 'aGlz' })
  const told = [[member.sub, 'bWluZQ'], [colleague.sub, 'aGlz'], [without.sub, null]] as const

  const own: Chosen[] = [{ server: 'person' }, { server: 'team', tool: 'person' }]
  for (const chosen of own) {
    await setAccount(ground, office, chosen)
    for (const [user_id, secret] of told) {
      assert.deepEqual(await usedBy(ground, office, user_id), ['person', secret])
    }
  }
  const shared: Chosen[] = [{ server: 'team', tool: null }, { server: 'person', tool: 'team' }]
  for (const chosen of shared) {
    await setAccount(ground, office, chosen)
    for (const [user_id] of told) {
      assert.deepEqual(await usedBy(ground, office, user_id), ['team', TEAMS])
    }
  }
})

onBoth(
  'a call that goes on after a sign-in travels with its own person’s credential',
  async (ground) => {
    const office = await createOffice(ground)
    const { team_id, server_id, member } = office
    await setAccount(ground, office, { server: 'person' })
    const colleague = await createMember(ground, team_id)
    await keepCredential(ground, { team_id, server_id, user_id: colleague.sub }, { secret: 'aGlz' })
    const run = await begin(ground, office)
    assert.equal(run.credential, null)
    await suspendForAccount(ground, run, 'person')
    await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'bWluZQ' })
    const signed_in = { execution_id: run.execution_id!, user_id: null, status: 'awaiting_auth' }
    const going = await resume(ground, signed_in)
    assert.deepEqual([going.user_id, going.account], [member.sub, 'person'])
    assert.equal(going.credential!.encrypted_value, 'bWluZQ')
  },
)

onBoth('leaving the team deletes a person’s credential there and nothing else', async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id, member } = office
  const colleague = await createMember(ground, team_id)
  const second = await createOffice(ground, { name: 'Second' })
  await join(ground, second.team_id, { sub: member.sub, role: 'member' })
  const places = [
    [{ team_id, server_id, user_id: member.sub }, 'bWluZQ'],
    [{ team_id, server_id, user_id: colleague.sub }, 'aGlz'],
    [{ team_id: second.team_id, server_id: second.server_id, user_id: member.sub }, 'dGhlcmU'],
  ] as const
  for (const [place, secret] of places) await keepCredential(ground, place, { secret })
  await ground.as(member)(
    'delete from public.team_members where team_id = $1 and user_id = $2',
    [team_id, member.sub],
  )
  assert.deepEqual(await credentialsOf(ground, office), ['aGlz', TEAMS].sort())
  assert.deepEqual(await credentialsOf(ground, second), ['dGhlcmU', TEAMS].sort())
})

onBoth('nobody outside the team has an account at its servers', async (ground) => {
  const { team_id, server_id } = await createOffice(ground)
  const foreign = await createOffice(ground, { name: 'Globex' })
  const place = { team_id, server_id, user_id: foreign.member.sub }
  await assert.rejects(keepCredential(ground, place, { secret: 'eA' }), { code: '23503' })
  const elsewhere = { team_id: foreign.team_id, server_id, user_id: null }
  await assert.rejects(keepCredential(ground, elsewhere, { secret: 'eA' }), { code: '23503' })
})

onBoth('a removed server takes no credential', async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id, member } = office
  await ground.as('service_role')('select public.remove_server($1, $2)', [team_id, server_id])
  for (const user_id of [null, member.sub]) {
    const place = { team_id, server_id, user_id }
    await assert.rejects(keepCredential(ground, place, { secret: 'eA' }), { code: '23503' })
  }
  assert.deepEqual(await credentialsOf(ground, office), [])
})

onBoth(
  'a server shows kind and expiry of the team’s credential and of no other',
  async (ground) => {
    const { team_id, server_id, member } = await createOffice(ground)
    const shown = async () => {
      const [row] = await ground.as(member)<Record<string, unknown>>(
        `select credential_type, credential_expires_at is not null as ends, transport
      from public.mcp_servers where id = $1`,
        [server_id],
      )
      return { ...row! }
    }
    const own = { team_id, server_id, user_id: member.sub }
    const before = { credential_type: 'api_key', ends: false, transport: 'http' }
    await keepCredential(ground, own, { secret: 'eA', expires_at: '2030-01-01T00:00:00Z' })
    assert.deepEqual(await shown(), before)
    await ground.as('service_role')(
      `update public.mcp_server_credentials set credential_type = 'basic_auth', expires_at = now()
    where server_id = $1 and user_id = $2`,
      [server_id, member.sub],
    )
    assert.deepEqual(await shown(), before)
    await keepCredential(ground, own, { secret: null })
    assert.deepEqual(await shown(), before)

    const ours = { team_id, server_id, user_id: null }
    const token = { secret: 'eQ', credential_type: 'oauth', expires_at: '2030-01-01T00:00:00Z' }
    await keepCredential(ground, ours, token)
    assert.deepEqual(await shown(), { credential_type: 'oauth', ends: true, transport: null })
    await sync(ground, team_id, { server_id, tools: [] })
    await ground.as('service_role')(
      'update public.mcp_server_credentials set expires_at = null where server_id = $1',
      [server_id],
    )
    assert.deepEqual(await shown(), { credential_type: 'oauth', ends: false, transport: 'http' })
    await keepCredential(ground, ours, { secret: null })
    assert.deepEqual(await shown(), { credential_type: null, ends: false, transport: null })
  },
)

onBoth(
  'people see where they have an account of their own, and never the secret',
  async (ground) => {
    const office = await createOffice(ground)
    const { team_id, server_id, member } = office
    const colleague = await createMember(ground, team_id, 'owner')
    const foreign = await createOffice(ground, { name: 'Globex' })
    await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'bWluZQ' })
    const mine = (who: { sub: string }, team = team_id) =>
      ground.as(who)<Record<string, unknown>>('select * from public.my_accounts($1)', [team])

    const [row, ...others] = await mine(member)
    assert.deepEqual(others, [])
    assert.deepEqual(Object.keys(row!).sort(), [
      'connected_at',
      'credential_type',
      'expires_at',
      'server_id',
    ])
    assert.deepEqual([row!.server_id, row!.credential_type], [server_id, 'oauth_token'])
    for (const [who, team] of [[colleague, team_id], [foreign.member, team_id]] as const) {
      assert.deepEqual([...await mine(who, team)], [])
    }
    assert.deepEqual([...await mine(member, foreign.team_id)], [])
    await assert.rejects(ground.as('anon')('select * from public.my_accounts($1)', [team_id]), {
      code: '42501',
    })
  },
)

onBoth('a success marks the credential that was used, and no other', async (ground) => {
  const office = await createOffice(ground)
  const { team_id, server_id, member } = office
  const colleague = await createMember(ground, team_id)
  for (const { sub } of [member, colleague]) {
    await keepCredential(ground, { team_id, server_id, user_id: sub }, { secret: sub })
  }
  const used = async () => {
    const rows = await ground.run<{ user_id: string | null }>(
      'select user_id from public.mcp_server_credentials where server_id = $1 and last_used_at is not null',
      [server_id],
    )
    return rows.map(({ user_id }) => user_id)
  }
  await call(ground, office, { status: 'error', error_code: 'tool_failed' })
  assert.deepEqual(await used(), [])
  await setAccount(ground, office, { tool: 'person' })
  await call(ground, office)
  assert.deepEqual(await used(), [member.sub])
  await setAccount(ground, office, { tool: 'team' })
  await call(ground, office)
  assert.deepEqual(new Set(await used()), new Set([member.sub, null]))
})
