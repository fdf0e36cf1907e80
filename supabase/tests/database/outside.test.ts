// A tool that can send data out, and a model that was shown words from outside: the verdict, and its rule.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide } from './approvals.ts'
import { begin, type Call, finish } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, type Office, setPolicy, sync } from './people.ts'

type Rule = { sends_out?: boolean; allows_always?: boolean; cache_seconds?: number }

async function rule(ground: Ground, office: Office, given: Rule): Promise<void> {
  for (const [column, value] of Object.entries(given)) {
    await ground.run(`update public.mcp_tools set ${column} = $2 where id = $1`, [
      office.tool_id,
      value,
    ])
  }
}

async function createChat(ground: Ground, office: Office, over: Record<string, unknown> = {}) {
  const chat = { read_outside_at: null, visibility: 'private', ...over }
  const [row] = await ground.run<{ id: string }>(
    `insert into public.astra_chats (team_id, user_id, read_outside_at, visibility)
     values ($1, $2, $3, $4) returning id`,
    [office.team_id, office.member.sub, chat.read_outside_at, chat.visibility],
  )
  return row!.id
}

const byModel = (after_outside: boolean | null, more: Call = {}): Call => ({
  origin: 'chat',
  after_outside,
  ...more,
})

onBoth(promises.outside_asks, async (ground) => {
  const office = await createOffice(ground)
  assert.equal((await begin(ground, office, byModel(false))).verdict, 'run', 'nothing was read')
  const asked = await begin(ground, office, byModel(true))
  assert.deepEqual([asked.verdict, asked.reason, asked.needs], ['ask', 'outside', 'self'])
  const [row] = await ground.run<{ status: string }>(
    'select status from public.mcp_tool_executions where id = $1',
    [asked.execution_id],
  )
  assert.equal(row!.status, 'pending')
  for (const visibility of ['private', 'team']) {
    const chat_id = await createChat(ground, office, { visibility, read_outside_at: new Date() })
    const later = await begin(ground, office, byModel(false, { chat_id }))
    assert.deepEqual([later.verdict, later.reason], ['ask', 'outside'], visibility)
  }
  await rule(ground, office, { sends_out: false })
  assert.equal((await begin(ground, office, byModel(true))).verdict, 'run', 'it sends nothing out')
})

onBoth(promises.outside_unproven, async (ground) => {
  const office = await createOffice(ground)
  assert.equal((await begin(ground, office, byModel(null))).verdict, 'ask')
  const chat_id = await createChat(ground, office)
  assert.equal((await begin(ground, office, byModel(null, { chat_id }))).verdict, 'ask')
})

onBoth('a call that a person wrote, in a chat or elsewhere, asks nobody again', async (ground) => {
  const office = await createOffice(ground)
  const chat_id = await createChat(ground, office, { read_outside_at: new Date() })
  const own = byModel(null, { approved: true, chat_id })
  assert.equal((await begin(ground, office, own)).verdict, 'run')
  assert.equal((await begin(ground, office, { after_outside: true })).verdict, 'run', 'direct')
})

onBoth(promises.standing_yes_not_for_strangers, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  await rule(ground, office, { allows_always: true, cache_seconds: 600 })
  const approval_id = await askApproval(ground, await begin(ground, office))
  await decide(ground, office, { approval_id, user_id: office.member.sub, always: true })
  assert.equal((await begin(ground, office, byModel(false))).verdict, 'run', 'the yes stands')
  const asked = await begin(ground, office, byModel(true))
  assert.deepEqual([asked.verdict, asked.reason, asked.allows_always], ['ask', 'outside', false])
  const [row] = await ground.run<{ approval: string | null }>(
    'select approval from public.mcp_tool_executions where id = $1',
    [asked.execution_id],
  )
  assert.equal(row!.approval, null, 'it runs on nobody’s yes')

  await setPolicy(ground, office.tool_id, 'allow')
  const arguments_hash = 'a'.repeat(64)
  const first = await begin(ground, office, { arguments_hash })
  await finish(ground, first.execution_id!, { output: { content: [] } })
  const kept = await begin(ground, office, byModel(false, { arguments_hash }))
  assert.equal(kept.verdict, 'ended', 'the result is kept')
  const after = await begin(ground, office, byModel(true, { arguments_hash }))
  assert.equal(after.verdict, 'ask', 'and not given to a model that was led to ask')
})

onBoth(
  'an answer to a question that offered no “always” leaves no standing yes',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'ask' })
    await rule(ground, office, { allows_always: true })
    const approval_id = await askApproval(ground, await begin(ground, office, byModel(true)))
    const { verdict } = await decide(ground, office, {
      approval_id,
      user_id: office.member.sub,
      always: true,
    })
    assert.equal(verdict, 'run')
    assert.equal((await begin(ground, office, byModel(false))).verdict, 'ask')
  },
)

onBoth(
  'a stricter policy stays stricter: an admin is still needed, and never is never',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'ask_admin' })
    const asked = await begin(ground, office, byModel(true))
    assert.deepEqual([asked.verdict, asked.needs, asked.reason], ['ask', 'admin', 'outside'])
    await setPolicy(ground, office.tool_id, 'deny')
    assert.equal((await begin(ground, office, byModel(true))).status, 'denied')
  },
)

onBoth(promises.sends_out_is_ruled, async (ground) => {
  const office = await createOffice(ground)
  const admin = await createMember(ground, office.team_id, 'admin')
  const ruleAs = (who: typeof admin, sends_out: boolean) =>
    ground.as(who)('select public.set_tool_policy($1, $2, $3, $4, null, $5) as ruled', [
      office.team_id,
      office.server_id,
      ['echo'],
      'allow',
      sends_out,
    ])
  await assert.rejects(ruleAs(office.member, false), { code: '42501' })
  assert.equal((await begin(ground, office, byModel(true))).verdict, 'ask')
  await ruleAs(admin, false)
  assert.equal((await begin(ground, office, byModel(true))).verdict, 'run')
  const directly = (sends_out: boolean) =>
    ground.as(admin)('update public.mcp_tools set sends_out = $2 where id = $1', [
      office.tool_id,
      sends_out,
    ])
  await directly(true)
  await directly(false)
  const tools = [{ name: 'echo', description: 'changed' }]
  await sync(ground, office.team_id, { server_id: office.server_id, tools })
  const [now] = await ground.run<{ sends_out: boolean }>(
    'select sends_out from public.mcp_tools where id = $1',
    [office.tool_id],
  )
  assert.equal(now!.sends_out, true)
  const entries = await ground.run<{ changed_by: string | null; was: boolean; is: boolean }>(
    `select changed_by, sends_out_before as was, sends_out as is from public.mcp_policy_changes
     where tool_id = $1 and sends_out_before <> sends_out order by changed_at, id`,
    [office.tool_id],
  )
  assert.deepEqual(entries.map(({ changed_by, was, is }) => [changed_by, was, is]), [
    [admin.sub, true, false],
    [admin.sub, false, true],
    [admin.sub, true, false],
    [null, false, true],
  ])
})
