// The same guards through the door people really use: sign-up, a token, PostgREST. Proves the wiring;
// the matrix proves the breadth.
import assert from 'node:assert/strict'
import { decodeJwt } from 'jose'
import { promises } from '../promises.ts'
import { call } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, join, type Office } from './people.ts'

type SignedIn = { token: string; id: string; email: string }
type Row = Record<string, unknown>

async function signUp(ground: Ground, metadata: Row = {}): Promise<SignedIn> {
  const email = `${crypto.randomUUID()}@people.test`
  const answer = await ground.fetch('/auth/v1/signup', {
    method: 'POST',
    body: { email, password: 'correct horse battery', data: metadata },
  })
  assert.equal(answer.status, 200)
  const { access_token, user } = await answer.json()
  return { token: access_token, id: user.id, email }
}

type Request = { method?: string; token?: string; body?: unknown }

async function rest(ground: Ground, path: string, request: Request = {}) {
  const answer = await ground.fetch(`/rest/v1/${path}`, request)
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

/** The ids a reader gets of a table. */
async function idsOf(ground: Ground, table: string, token?: string): Promise<string[]> {
  const { status, body } = await rest(ground, `${table}?select=id`, { token })
  assert.equal(status, 200, JSON.stringify(body))
  return body.map(({ id }: { id: string }) => id)
}

const tables = [
  'teams',
  'team_members',
  'team_invitations',
  'profiles',
  'mcp_servers',
  'mcp_server_credentials',
  'mcp_execution_waits',
  'mcp_oauth_clients',
  'mcp_oauth_flows',
  'mcp_tools',
  'mcp_tool_executions',
  'mcp_tool_statistics',
  'astra_chats',
  'astra_messages',
  'usage_hourly',
]

async function createStaffedOffice(ground: Ground) {
  const office: Office = await createOffice(ground)
  const [member, admin] = [await signUp(ground), await signUp(ground)]
  await join(ground, office.team_id, { sub: member.id, role: 'member' })
  await join(ground, office.team_id, { sub: admin.id, role: 'admin' })
  return { ...office, member_token: member.token, admin_token: admin.token, person: member }
}

onBoth('without a token every table and function is closed', async (ground) => {
  const { team_id } = await createStaffedOffice(ground)
  for (const table of tables) {
    const { status, body } = await rest(ground, `${table}?select=*`)
    assert.equal(status, 401, table)
    assert.equal(body.code, '42501', table)
  }
  const made = await rest(ground, 'rpc/create_team', { method: 'POST', body: { p_name: 'x' } })
  assert.equal(made.status, 401)
  const usage = await rest(ground, 'rpc/usage_daily', {
    method: 'POST',
    body: { p_team_id: team_id, p_from: '2026-01-01', p_to: '2027-01-01' },
  })
  assert.equal(usage.status, 401)
})

onBoth('people read their own team’s rows and no others, filter or not', async (ground) => {
  const office = await createStaffedOffice(ground)
  const foreign = await createStaffedOffice(ground)
  await call(ground, foreign, { user_id: foreign.person.id })
  const own = await call(ground, office, { user_id: office.person.id })
  const token = office.member_token
  assert.deepEqual(await idsOf(ground, 'teams', token), [office.team_id])
  assert.deepEqual(await idsOf(ground, 'mcp_servers', token), [office.server_id])
  assert.deepEqual(await idsOf(ground, 'mcp_tools', token), [office.tool_id])
  assert.deepEqual(await idsOf(ground, 'mcp_tool_executions', token), [own])
  for (const table of ['mcp_servers', 'mcp_tools', 'mcp_tool_executions', 'astra_chats']) {
    const path = `${table}?select=id&team_id=eq.${foreign.team_id}`
    const { body } = await rest(ground, path, { token })
    assert.deepEqual(body, [], table)
  }
  const embedded = await rest(
    ground,
    'teams?select=id,mcp_servers(id,mcp_tools(id)),team_members(user_id)',
    { token },
  )
  assert.equal(embedded.body.length, 1)
  assert.equal(JSON.stringify(embedded.body).includes(foreign.server_id), false)
})

onBoth('however many ask at once, each gets the answer to their own question', async (ground) => {
  const offices = [await createStaffedOffice(ground), await createStaffedOffice(ground)]
  const answers = await Promise.all(Array.from({ length: 100 }, async (_, at) => {
    const { team_id, member_token } = offices[at % offices.length]!
    return { team_id, ids: await idsOf(ground, 'teams', member_token) }
  }))
  for (const { team_id, ids } of answers) assert.deepEqual(ids, [team_id])
})

onBoth(promises.metadata_is_no_claim, async (ground) => {
  const office = await createStaffedOffice(ground)
  const forged = { team_id: office.team_id, role: 'owner', teams: [office.team_id] }
  const forger = await signUp(ground, forged)
  const updated = await ground.fetch('/auth/v1/user', {
    method: 'PUT',
    token: forger.token,
    body: { data: forged },
  })
  assert.equal(updated.status, 200)
  // Hosted tokens carry the metadata, the embedded stack's do not: this one does.
  const token = await ground.sign({
    ...decodeJwt(forger.token),
    user_metadata: forged,
    app_metadata: forged,
  })
  for (const table of ['teams', 'mcp_servers', 'mcp_tools', 'mcp_tool_executions']) {
    assert.deepEqual(await idsOf(ground, table, token), [], table)
  }
  const renamed = await rest(ground, `teams?id=eq.${office.team_id}`, {
    method: 'PATCH',
    token,
    body: { name: 'Mine' },
  })
  assert.deepEqual(renamed.body, [])
  const secrets = await rest(ground, 'mcp_server_credentials', { token })
  assert.equal(secrets.status, 403)
})

onBoth('a token signed by someone else is refused', async (ground) => {
  const { member_token } = await createStaffedOffice(ground)
  const [header, payload] = member_token.split('.')
  for (
    const token of [
      `${header}.${payload}.AAAA`,
      `${header}.${payload}.`,
      'eyJhbGciOiJub25lIn0.e30.',
    ]
  ) {
    const { status } = await rest(ground, 'teams', { token })
    assert.equal(status, 401)
  }
})

onBoth('an admin judges a tool and cannot rewrite it', async (ground) => {
  const { tool_id, admin_token: token } = await createStaffedOffice(ground)
  const patch = (body: Row, as = token) =>
    rest(ground, `mcp_tools?id=eq.${tool_id}`, { method: 'PATCH', token: as, body })
  const judged = await patch({ policy: 'deny', is_enabled: false, timeout_seconds: 60 })
  assert.equal(judged.status, 200)
  assert.equal(judged.body[0].policy, 'deny')
  for (
    const body of [
      { definition: { name: 'echo', description: 'mine' } },
      { input_schema: {} },
      { definition_hash: 'x' },
      { server_id: crypto.randomUUID() },
      { team_id: crypto.randomUUID() },
      { policy: 'allow', tool_name: 'other' },
    ]
  ) {
    const { status } = await patch(body)
    assert.equal(status, 403, JSON.stringify(body))
  }
  const { status } = await patch({ policy: 'always' })
  assert.ok(status >= 400)
  const [kept] = await ground.run('select policy from public.mcp_tools where id = $1', [tool_id])
  assert.equal(kept!.policy, 'deny')
})

onBoth('a member changes no tool', async (ground) => {
  const { tool_id, member_token: token } = await createStaffedOffice(ground)
  const { body } = await rest(ground, `mcp_tools?id=eq.${tool_id}`, {
    method: 'PATCH',
    token,
    body: { policy: 'deny' },
  })
  assert.deepEqual(body, [])
  const [tool] = await ground.run('select policy from public.mcp_tools where id = $1', [tool_id])
  assert.equal(tool!.policy, 'allow')
})

onBoth('nobody with a person’s token reads or writes a secret', async (ground) => {
  const { server_id, admin_token: token } = await createStaffedOffice(ground)
  const asked: [path: string, request: Request][] = [
    ['mcp_server_credentials?select=id', {}],
    ['mcp_server_credentials?select=encrypted_value', {}],
    ['mcp_server_credentials', { method: 'DELETE' }],
    ['mcp_server_credentials', { method: 'PATCH', body: { encrypted_value: 'x' } }],
    ['mcp_server_credentials', { method: 'POST', body: { server_id } }],
    ['mcp_servers?select=id,mcp_server_credentials(encrypted_value)', {}],
  ]
  for (const [path, request] of asked) {
    const { status, body } = await rest(ground, path, { ...request, token })
    assert.equal(status, 403, path)
    assert.equal(JSON.stringify(body).includes('c2VhbGVk'), false)
  }
})

onBoth('the corridor’s functions cannot be called with a person’s token', async (ground) => {
  const { team_id, server_id, admin_token: token, person } = await createStaffedOffice(ground)
  const calls: Record<string, Row> = {
    begin_execution: {
      p_user_id: person.id,
      p_team_id: team_id,
      p_server_id: server_id,
      p_tool_name: 'echo',
      p_parameters: {},
      p_origin: 'direct',
      p_approved: true,
    },
    finish_execution: {
      p_execution_id: crypto.randomUUID(),
      p_status: 'success',
      p_duration_ms: 1,
    },
    reap_executions: {},
    remove_server: { p_team_id: team_id, p_server_id: server_id },
    memberships_of: { p_user_id: person.id },
    add_server: { p_team_id: team_id, p_user_id: person.id, p_server: {}, p_credential: null },
    record_sync: {
      p_team_id: team_id,
      p_server_id: server_id,
      p_tools: [],
      p_protocol: {},
      p_instructions: null,
    },
  }
  for (const [name, body] of Object.entries(calls)) {
    const { status } = await rest(ground, `rpc/${name}`, { method: 'POST', token, body })
    assert.equal(status, 403, name)
  }
  for (const name of ['found_team', 'invite', 'my_team_ids', 'count_usage']) {
    const { status } = await rest(ground, `rpc/${name}`, { method: 'POST', token, body: {} })
    assert.equal(status, 404, name)
  }
})

onBoth('a new person founds a team, and an invited one joins it', async (ground) => {
  const founder = await signUp(ground)
  const invited = await signUp(ground)
  const rpc = (token: string, name: string, body: Row = {}) =>
    rest(ground, `rpc/${name}`, { method: 'POST', token, body })
  const { body: team_id } = await rpc(founder.token, 'create_team', { p_name: 'Initech' })
  const { status } = await rpc(founder.token, 'invite_member', {
    p_team_id: team_id,
    p_email: invited.email,
    p_role: 'analyst',
  })
  assert.equal(status, 200)
  assert.deepEqual(await idsOf(ground, 'teams', invited.token), [])
  assert.equal((await rpc(invited.token, 'accept_invitations')).body, 1)
  const { body } = await rest(ground, 'team_members?select=role,teams(name)&order=role', {
    token: invited.token,
  })
  assert.deepEqual(body, [
    { role: 'analyst', teams: { name: 'Initech' } },
    { role: 'owner', teams: { name: 'Initech' } },
  ])
})

onBoth(promises.removed_member, async (ground) => {
  const { team_id, member_token: token, person } = await createStaffedOffice(ground)
  await createMember(ground, team_id, 'owner')
  assert.deepEqual(await idsOf(ground, 'teams', token), [team_id])
  const left = await rest(ground, `team_members?team_id=eq.${team_id}&user_id=eq.${person.id}`, {
    method: 'DELETE',
    token,
  })
  assert.equal(left.status, 200)
  for (const table of ['teams', 'mcp_servers', 'mcp_tools', 'mcp_tool_executions']) {
    assert.deepEqual(await idsOf(ground, table, token), [], table)
  }
})
