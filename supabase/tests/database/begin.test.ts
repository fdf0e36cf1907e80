// begin_execution: who is admitted, and what is on record by the time they are.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, type Call, call, executionsOf, finish, type Verdict } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, createServer, createTeam, type Office } from './people.ts'
import { createPerson, join, setPolicy } from './people.ts'

/** Refused, and nothing on record. */
async function assertRefused(
  ground: Ground,
  office: Office,
  given: { call: Call; reason: string },
) {
  const before = (await executionsOf(ground, office.team_id)).length
  const { verdict, reason, execution_id } = await begin(ground, office, given.call)
  assert.deepEqual({ verdict, reason, execution_id }, {
    verdict: 'refused',
    reason: given.reason,
    execution_id: undefined,
  })
  assert.equal((await executionsOf(ground, office.team_id)).length, before)
}

async function createChat(ground: Ground, team_id: string, user_id: string) {
  const [made] = await ground.run<{ chat_id: string; message_id: string }>(
    `with chat as (insert into public.astra_chats (team_id, user_id) values ($1, $2) returning id)
    insert into public.astra_messages (team_id, chat_id, user_id, role)
    select $1, id, $2, 'user' from chat returning chat_id, id as message_id`,
    [team_id, user_id],
  )
  return made!
}

onBoth('whoever is told to run holds a committed row', async (ground) => {
  const office = await createOffice(ground)
  const verdict = await begin(ground, office)
  assert.equal(verdict.verdict, 'run')
  assert.equal(verdict.team_id, office.team_id)
  assert.equal(verdict.server!.id, office.server_id)
  assert.equal(verdict.tool!.timeout_seconds, 30)
  assert.equal(verdict.tool!.longest_seconds, 120)
  assert.deepEqual(verdict.tool!.definition, { name: 'echo' })
  assert.equal(verdict.credential!.encrypted_value, 'c2VhbGVk')
  const [row, ...others] = await executionsOf(ground, office.team_id)
  assert.equal(row!.id, verdict.execution_id)
  assert.equal(row!.status, 'running')
  assert.equal(row!.user_id, office.member.sub)
  assert.deepEqual(others, [])
})

onBoth('a server without a credential runs without one', async (ground) => {
  const office = await createOffice(ground)
  await ground.run('delete from public.mcp_server_credentials where server_id = $1', [
    office.server_id,
  ])
  assert.equal((await begin(ground, office)).credential, null)
})

onBoth('with one team the team is implied', async (ground) => {
  const office = await createOffice(ground)
  const verdict = await begin(ground, office, { team_id: null })
  assert.equal(verdict.team_id, office.team_id)
})

onBoth(promises.several_teams, async (ground) => {
  const office = await createOffice(ground)
  const other = await createTeam(ground, 'Beta')
  await join(ground, other, { sub: office.member.sub, role: 'admin' })
  const verdict = await begin(ground, office, { team_id: null })
  assert.deepEqual(verdict, {
    verdict: 'no_team',
    memberships: [
      { team_id: office.team_id, team_name: 'Acme', role: 'member' },
      { team_id: other, team_name: 'Beta', role: 'admin' },
    ],
  })
  assert.deepEqual(await executionsOf(ground, office.team_id), [])
})

onBoth('a foreign team, no team or nobody at all is no team', async (ground) => {
  const office = await createOffice(ground)
  const foreign = await createOffice(ground, { name: 'Globex' })
  const lonely = await createPerson(ground)
  const tries: Call[] = [
    { team_id: foreign.team_id, server_id: foreign.server_id },
    { team_id: crypto.randomUUID() },
    { user_id: lonely.sub },
    { user_id: lonely.sub, team_id: null },
    { user_id: null },
    { user_id: crypto.randomUUID(), team_id: null },
  ]
  for (const given of tries) {
    assert.equal((await begin(ground, office, given)).verdict, 'no_team', JSON.stringify(given))
  }
  assert.deepEqual(await executionsOf(ground, office.team_id), [])
  assert.deepEqual(await executionsOf(ground, foreign.team_id), [])
})

onBoth('a person who has left is refused from then on', async (ground) => {
  const office = await createOffice(ground)
  assert.equal((await begin(ground, office)).verdict, 'run')
  await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
  assert.equal((await begin(ground, office)).verdict, 'no_team')
})

onBoth('a server or tool of another team does not exist, by any id', async (ground) => {
  const office = await createOffice(ground)
  const foreign = await createOffice(ground, { name: 'Globex' })
  for (
    const given of [
      { server_id: foreign.server_id },
      { server_id: crypto.randomUUID() },
      { server_id: foreign.tool_id },
      { tool_name: 'no_such_tool' },
      { tool_name: 'ECHO' },
    ]
  ) {
    await assertRefused(ground, office, { call: given, reason: 'not_found' })
  }
  assert.deepEqual(await executionsOf(ground, foreign.team_id), [])
})

onBoth('a server of one’s other team needs that team to be named', async (ground) => {
  const office = await createOffice(ground)
  const second = await createOffice(ground, { name: 'Second' })
  await join(ground, second.team_id, { sub: office.member.sub, role: 'member' })
  await assertRefused(ground, office, {
    call: { server_id: second.server_id },
    reason: 'not_found',
  })
  const verdict = await begin(ground, office, {
    team_id: second.team_id,
    server_id: second.server_id,
  })
  assert.equal(verdict.team_id, second.team_id)
})

onBoth('a chat or message that is not the caller’s is refused', async (ground) => {
  const office = await createOffice(ground)
  const colleague = await createMember(ground, office.team_id)
  const foreign = await createOffice(ground, { name: 'Globex' })
  await join(ground, foreign.team_id, { sub: office.member.sub, role: 'member' })
  const own = await createChat(ground, office.team_id, office.member.sub)
  const own_second = await createChat(ground, office.team_id, office.member.sub)
  const other = await createChat(ground, office.team_id, colleague.sub)
  const elsewhere = await createChat(ground, foreign.team_id, office.member.sub)
  for (
    const given of [
      other,
      elsewhere,
      { chat_id: crypto.randomUUID() },
      { chat_id: own.chat_id, message_id: other.message_id },
      { chat_id: own.chat_id, message_id: own_second.message_id },
      { chat_id: null, message_id: own.message_id },
    ]
  ) {
    await assertRefused(ground, office, { call: given, reason: 'chat_not_found' })
  }
  assert.equal((await begin(ground, office, own)).verdict, 'run')
})

onBoth('a server or tool that is switched off is refused without a row', async (ground) => {
  const office = await createOffice(ground)
  await ground.run('update public.mcp_tools set is_enabled = false where id = $1', [office.tool_id])
  await assertRefused(ground, office, { call: { approved: true }, reason: 'tool_disabled' })
  await ground.run('update public.mcp_servers set is_active = false where id = $1', [
    office.server_id,
  ])
  await assertRefused(ground, office, { call: { approved: true }, reason: 'server_inactive' })
})

onBoth('a stdio server says that it needs its host', async (ground) => {
  const office = await createOffice(ground)
  const server_id = await createServer(ground, office.team_id, {
    server_type: 'stdio',
    name: 'Local',
  })
  await assertRefused(ground, office, { call: { server_id }, reason: 'stdio_host_needed' })
})

onBoth(promises.ask_needs_a_person, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  for (const approved of [false, null]) {
    const { verdict, needs, execution_id } = await begin(ground, office, { approved })
    assert.deepEqual([verdict, needs], ['ask', 'self'])
    const [row] = await ground.run<{ status: string }>(
      'select status from public.mcp_tool_executions where id = $1',
      [execution_id],
    )
    assert.equal(row!.status, 'pending')
  }
  assert.equal((await begin(ground, office, { approved: true })).verdict, 'run')
})

onBoth(
  'a denied tool is refused even when approved, and the attempt is on record',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'deny' })
    const verdict = await begin(ground, office, { approved: true })
    const denied = { status: 'denied', error_code: 'denied', duration_ms: 0 }
    const message = 'An admin has ruled that this tool never runs.'
    const { execution_id } = verdict
    assert.deepEqual(verdict, {
      verdict: 'ended',
      execution_id,
      ...denied,
      result: null,
      asked: null,
      cached_at: null,
      error_message: message,
    })
    const [row] = await executionsOf(ground, office.team_id)
    assert.equal(row!.id, verdict.execution_id)
    assert.deepEqual([row!.status, row!.error_code, row!.ended], ['denied', 'denied', true])
    assert.equal(await finish(ground, row!.id), false)
  },
)

onBoth('a tool that nobody judged asks', async (ground) => {
  const office = await createOffice(ground)
  const [fresh] = await ground.run<{ policy: string }>(
    `insert into public.mcp_tools (team_id, server_id, tool_name, input_schema, definition, definition_hash)
    values ($1, $2, 'fresh', '{}', '{}', '') returning policy`,
    [office.team_id, office.server_id],
  )
  assert.equal(fresh!.policy, 'ask')
})

onBoth(
  'the same key and body gets the first answer, whatever has changed since',
  async (ground) => {
    const office = await createOffice(ground)
    const keyed = { key: 'k1', hash: 'h1' }
    const output = { content: [{ type: 'text', text: 'hello' }] }
    const execution_id = await call(ground, office, { ...keyed, output, duration_ms: 42 })
    await setPolicy(ground, office.tool_id, 'deny')
    const again: Verdict = await begin(ground, office, keyed)
    assert.deepEqual(again, {
      verdict: 'ended',
      execution_id,
      status: 'success',
      result: output,
      asked: null,
      cached_at: null,
      error_code: null,
      error_message: null,
      duration_ms: 42,
    })
    assert.equal((await executionsOf(ground, office.team_id)).length, 1)
  },
)

onBoth('the same key with another body, or none, is refused', async (ground) => {
  const office = await createOffice(ground)
  const execution_id = await call(ground, office, { key: 'k1', hash: 'h1' })
  for (const hash of ['h2', null]) {
    const again = await begin(ground, office, { key: 'k1', hash })
    assert.deepEqual(again, { verdict: 'refused', reason: 'idempotency_mismatch', execution_id })
  }
})

onBoth('the same key while the first call runs is refused as in progress', async (ground) => {
  const office = await createOffice(ground)
  const keyed = { key: 'k1', hash: 'h1' }
  const { execution_id } = await begin(ground, office, keyed)
  assert.deepEqual(await begin(ground, office, keyed), {
    verdict: 'refused',
    reason: 'in_progress',
    execution_id,
  })
})

onBoth('a key belongs to its team', async (ground) => {
  const [one, two] = [await createOffice(ground), await createOffice(ground)]
  const keyed = { key: 'k1', hash: 'h1' }
  assert.equal((await begin(ground, one, keyed)).verdict, 'run')
  assert.equal((await begin(ground, two, keyed)).verdict, 'run')
})

onBoth('fifty requests with one key at the same moment make one row', async (ground) => {
  const office = await createOffice(ground)
  const verdicts = await Promise.all(
    Array.from({ length: 50 }, () => begin(ground, office, { key: 'k1', hash: 'h1' })),
  )
  const told = Map.groupBy(
    verdicts,
    ({ verdict, reason }) => verdict === 'refused' ? reason : verdict,
  )
  assert.equal(told.get('run')?.length, 1)
  assert.equal(told.get('in_progress')?.length, 49)
  const rows = await executionsOf(ground, office.team_id)
  assert.equal(rows.length, 1)
  assert.deepEqual(
    new Set(verdicts.map(({ execution_id }) => execution_id)),
    new Set([rows[0]!.id]),
  )
})
