// Approvals whose circumstances change while they are open, and what an admin may do with a call of somebody
// else's.
import assert from 'node:assert/strict'
import { askApproval, decide } from './approvals.ts'
import { begin } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import { broken, endRest, note } from './endpoints.ts'
import { type Ground, onBoth, onPostgres } from './ground.ts'
import {
  createMember,
  createOffice,
  keepCredential,
  type Office,
  type Policy,
  setPolicy,
} from './people.ts'

async function asked(ground: Ground, policy: Policy = 'ask') {
  const office = await createOffice(ground, { policy })
  const admin = await createMember(ground, office.team_id, 'admin')
  const call = await begin(ground, office)
  const approval_id = await askApproval(ground, call)
  const by = (user_id: string) => ({ approval_id, user_id })
  return { office, admin, by, execution_id: call.execution_id! }
}

async function questionOf(ground: Ground, execution_id: string) {
  const [row] = await ground.run<
    { status: string; asked: { needs: string; allows_always: boolean } | null; needs: string }
  >(
    `select e.status, e.asked, a.needs from public.mcp_tool_executions e
     join public.mcp_approvals a on a.execution_id = e.id where e.id = $1`,
    [execution_id],
  )
  return row!
}

async function toldOf(ground: Ground, execution_id: string): Promise<string[]> {
  const rows = await ground.run<{ user_id: string }>(
    `select user_id from public.notifications where execution_id = $1 and kind = 'approval_needed'`,
    [execution_id],
  )
  return rows.map(({ user_id }) => user_id)
}

onBoth(
  'what waits for a person’s own yes waits for an admin’s once policy says so, and admins are told',
  async (ground) => {
    const { office, admin, by, execution_id } = await asked(ground)
    await setPolicy(ground, office.tool_id, 'ask_admin')
    const question = await questionOf(ground, execution_id)
    assert.deepEqual([question.status, question.needs], ['awaiting_approval', 'admin'])
    assert.deepEqual([question.asked!.needs, question.asked!.allows_always], ['admin', false])
    assert.deepEqual(await toldOf(ground, execution_id), [admin.sub])
    assert.equal((await decide(ground, office, by(office.member.sub))).reason, 'needs_admin')
    const mate = await createMember(ground, office.team_id)
    assert.equal((await decide(ground, office, by(mate.sub))).reason, 'not_found')
    const decided = await decide(ground, office, by(admin.sub))
    assert.deepEqual([decided.verdict, decided.user_id], ['run', office.member.sub])
  },
)

onBoth('so does what was asked just before the policy changed', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const admin = await createMember(ground, office.team_id, 'admin')
  const call = await begin(ground, office)
  // Its row is there, its question is not yet.
  await setPolicy(ground, office.tool_id, 'ask_admin')
  const approval_id = await askApproval(ground, call)
  const own = await decide(ground, office, { approval_id, user_id: office.member.sub })
  assert.equal(own.reason, 'needs_admin')
  assert.deepEqual(await toldOf(ground, call.execution_id!), [admin.sub])
  const decided = await decide(ground, office, { approval_id, user_id: admin.sub })
  assert.equal(decided.verdict, 'run')
})

onBoth('another policy makes nobody answer for somebody else', async (ground) => {
  const { office, admin, by } = await asked(ground)
  await setPolicy(ground, office.tool_id, 'allow')
  assert.equal((await decide(ground, office, by(admin.sub))).reason, 'not_found')
  assert.equal((await decide(ground, office, by(office.member.sub))).verdict, 'run')
})

onPostgres('a yes and a change of policy at the same moment take their turns', async (ground) => {
  const { office, by, execution_id } = await asked(ground)
  const outcome = await collide(ground, {
    first: (run) =>
      run(`update public.mcp_tools set policy = 'ask_admin' where id = $1`, [office.tool_id]),
    second: () => decide(ground, office, by(office.member.sub)),
  })
  assert.equal(valueOf(outcome).reason, 'needs_admin')
  assert.equal((await questionOf(ground, execution_id)).status, 'awaiting_approval')
})

const edit = {
  wait: { encrypted_value: 'ZWRpdGVk', key_version: 1 },
  arguments_hash: 'edited',
  input_parameters: { message: 'edited' },
}

async function useOwnAccounts(ground: Ground, { tool_id, team_id, server_id, member }: Office) {
  await ground.run(`update public.mcp_tools set account = 'person' where id = $1`, [tool_id])
  await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'b3du' })
}

onBoth(
  'an admin changes no arguments of a call that runs with somebody else’s account',
  async (ground) => {
    const { office, admin, by, execution_id } = await asked(ground, 'ask_admin')
    await useOwnAccounts(ground, office)
    const edited = await decide(ground, office, { ...by(admin.sub), edit })
    assert.deepEqual([edited.verdict, edited.reason], ['refused', 'not_editable'])
    assert.equal((await questionOf(ground, execution_id)).status, 'awaiting_approval')
    assert.equal((await decide(ground, office, by(admin.sub))).verdict, 'run', 'as it was shown')
    const team = await asked(ground, 'ask_admin')
    const decided = await decide(ground, team.office, { ...team.by(team.admin.sub), edit })
    assert.deepEqual(decided.wait, edit.wait, 'with the team’s account they do')
  },
)

onBoth('whoever calls with their own account changes their own arguments', async (ground) => {
  const { office, by } = await asked(ground)
  await useOwnAccounts(ground, office)
  assert.equal((await decide(ground, office, { ...by(office.member.sub), edit })).verdict, 'run')
})

onBoth('a yes to a call whose server rests leaves the question open', async (ground) => {
  const { office, by, execution_id } = await asked(ground)
  await note(ground, office.server_id, { ...broken, times: 5 })
  const refused = await decide(ground, office, by(office.member.sub))
  assert.deepEqual([refused.verdict, refused.reason], ['refused', 'server_rests'])
  assert.ok(refused.retry_after_seconds! > 0)
  assert.equal((await questionOf(ground, execution_id)).status, 'awaiting_approval')
  await endRest(ground, office.server_id)
  assert.equal((await decide(ground, office, by(office.member.sub))).verdict, 'run')
})

onBoth(
  '“always” said by an admin to somebody else’s call is nobody’s standing yes',
  async (ground) => {
    const { office, admin, by } = await asked(ground)
    await ground.run('update public.mcp_tools set allows_always = true where id = $1', [
      office.tool_id,
    ])
    // The question has become the admins' and the rule has changed back: an admin answers it.
    await setPolicy(ground, office.tool_id, 'ask_admin')
    await setPolicy(ground, office.tool_id, 'ask')
    const decided = await decide(ground, office, { ...by(admin.sub), always: true })
    assert.equal(decided.verdict, 'run')
    for (const user_id of [office.member.sub, admin.sub]) {
      assert.equal((await begin(ground, office, { user_id })).verdict, 'ask')
    }
  },
)
