// decide_approval: one answer, by whoever it is for, about the call that was shown, or nothing runs. And
// what stays on record of it.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide, decideOn } from './approvals.ts'
import { begin, type Call, expireLease, finish, reap } from './calls.ts'
import { collide, valueOf } from './collide.ts'
import { assume, type Ground, onBoth, onPostgres } from './ground.ts'
import { createMember, createOffice, type Office, setPolicy, sync } from './people.ts'
import { cancel, countWaits, SEALED_WAIT } from './waits.ts'

type Asked = { approval_id: string; execution_id: string }

async function ask(ground: Ground, office: Office, call: Call = {}): Promise<Asked> {
  const asked = await begin(ground, office, call)
  assert.equal(asked.verdict, 'ask')
  return {
    approval_id: await askApproval(ground, asked),
    execution_id: asked.execution_id!,
  }
}

async function rowOf(ground: Ground, execution_id: string) {
  const [row] = await ground.run<
    {
      status: string
      approval: string | null
      input_parameters: unknown
      error_code: string | null
      decision: string | null
      decided_by: string | null
      edited: boolean
      arguments_hash: string
    }
  >(
    `select e.status, e.approval, e.input_parameters, e.error_code, a.decision, a.decided_by, a.edited,
      a.arguments_hash
     from public.mcp_tool_executions e join public.mcp_approvals a on a.execution_id = e.id where e.id = $1`,
    [execution_id],
  )
  return row!
}

onBoth(
  'an approved call goes on with exactly what was shown, and says whose yes it was',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'ask' })
    const { approval_id, execution_id } = await ask(ground, office)
    const mine = { approval_id, user_id: office.member.sub }
    const decided = await decide(ground, office, mine)
    assert.equal(decided.verdict, 'run')
    assert.equal(decided.execution_id, execution_id)
    assert.deepEqual(decided.wait, { encrypted_value: SEALED_WAIT, key_version: 1 })
    assert.deepEqual(decided.endpoints, ['https://upstream.test/mcp'])
    const row = await rowOf(ground, execution_id)
    assert.deepEqual([row.status, row.approval, row.edited], ['running', 'self', false])
    assert.deepEqual([row.decision, row.decided_by], ['approved', office.member.sub])
    assert.equal(await countWaits(ground, execution_id), 0)
  },
)

onBoth(promises.approval_once, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  for (const decision of ['approved', 'rejected'] as const) {
    const { approval_id, execution_id } = await ask(ground, office)
    const mine = { approval_id, user_id: office.member.sub }
    await decide(ground, office, { ...mine, decision })
    const before = await rowOf(ground, execution_id)
    for (const again of ['approved', 'rejected'] as const) {
      const { verdict, reason } = await decide(ground, office, { ...mine, decision: again })
      assert.deepEqual([verdict, reason], ['refused', 'already_decided'])
    }
    assert.deepEqual(await rowOf(ground, execution_id), before)
    await assert.rejects(
      ground.run(`update public.mcp_approvals set decision = 'expired' where id = $1`, [
        approval_id,
      ]),
      { code: '23514' },
    )
  }
})

onBoth(promises.approval_of_its_person, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  const other = await createOffice(ground, { policy: 'ask' })
  const [mate, owner] = [
    await createMember(ground, office.team_id),
    await createMember(ground, office.team_id, 'owner'),
  ]
  for (const stranger of [mate, owner, other.member]) {
    const { reason } = await decide(ground, office, { approval_id, user_id: stranger.sub })
    assert.equal(reason, 'not_found')
  }
  const elsewhere = await decide(ground, other, { approval_id, user_id: office.member.sub })
  assert.equal(elsewhere.reason, 'not_found')
  assert.equal((await rowOf(ground, execution_id)).status, 'awaiting_approval')
})

onBoth(promises.admin_approves, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask_admin' })
  const asked = await begin(ground, office, { approved: true })
  assert.deepEqual([asked.verdict, asked.needs], ['ask', 'admin'])
  const approval_id = await askApproval(ground, asked)
  const own = await decide(ground, office, { approval_id, user_id: office.member.sub })
  assert.equal(own.reason, 'needs_admin')
  const analyst = await createMember(ground, office.team_id, 'analyst')
  const theirs = await decide(ground, office, { approval_id, user_id: analyst.sub })
  assert.equal(theirs.reason, 'not_found')
  const admin = await createMember(ground, office.team_id, 'admin')
  const decided = await decide(ground, office, { approval_id, user_id: admin.sub })
  assert.deepEqual([decided.verdict, decided.user_id], ['run', office.member.sub])
  const row = await rowOf(ground, asked.execution_id!)
  assert.deepEqual([row.approval, row.decided_by], ['admin', admin.sub])
  const direct = await begin(ground, office, { user_id: admin.sub, approved: true })
  assert.equal(direct.verdict, 'run')
})

onBoth('a call that its person rejects ends denied, and never runs', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  const mine = { approval_id, user_id: office.member.sub, decision: 'rejected' } as const
  const decided = await decide(ground, office, mine)
  assert.deepEqual([decided.verdict, decided.status, decided.error_code], [
    'ended',
    'denied',
    'rejected',
  ])
  assert.equal(await countWaits(ground, execution_id), 0)
  assert.equal(await finish(ground, execution_id), false)
})

onBoth('an edit replaces what waits, and is on record', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  const wait = { encrypted_value: 'ZWRpdGVk', key_version: 1 }
  const edit = { wait, arguments_hash: 'edited', input_parameters: { message: 'edited' } }
  const decided = await decide(ground, office, { approval_id, user_id: office.member.sub, edit })
  assert.deepEqual(decided.wait, wait)
  const row = await rowOf(ground, execution_id)
  assert.deepEqual(
    [row.edited, row.arguments_hash, row.input_parameters],
    [true, 'edited', { message: 'edited' }],
  )
})

onBoth(
  'nothing runs on a yes to a tool that was changed, moved, denied or switched off',
  async (ground) => {
    const changes: ((office: Office) => Promise<unknown>)[] = [
      (office) => setPolicy(ground, office.tool_id, 'deny'),
      (office) =>
        ground.run('update public.mcp_tools set is_enabled = false where id = $1', [
          office.tool_id,
        ]),
      (office) =>
        ground.run('update public.mcp_servers set is_active = false where id = $1', [
          office.server_id,
        ]),
      (office) =>
        ground.run(
          `update public.mcp_servers set config = '{"url":"https://moved.test/mcp"}' where id = $1`,
          [office.server_id],
        ),
      (office) =>
        sync(ground, office.team_id, {
          server_id: office.server_id,
          tools: [{ name: 'echo', description: 'Now sends it elsewhere' }],
        }),
      (office) =>
        ground.run('delete from public.team_members where user_id = $1', [office.member.sub]),
    ]
    for (const change of changes) {
      const office = await createOffice(ground, { policy: 'ask' })
      const { approval_id, execution_id } = await ask(ground, office)
      await change(office)
      const { verdict, reason } = await decide(ground, office, {
        approval_id,
        user_id: office.member.sub,
      })
      assert.notEqual(verdict, 'run', `${change} ${reason}`)
      assert.notEqual((await rowOf(ground, execution_id)).status, 'running')
    }
  },
)

onBoth('a yes that is no longer enough leaves the question open for an admin', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  await setPolicy(ground, office.tool_id, 'ask_admin')
  const { reason } = await decide(ground, office, { approval_id, user_id: office.member.sub })
  assert.equal(reason, 'needs_admin')
  assert.equal((await rowOf(ground, execution_id)).status, 'awaiting_approval')
})

onBoth('an approval that nobody answers in time expires with its call', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  await expireLease(ground, execution_id)
  const late = await decide(ground, office, { approval_id, user_id: office.member.sub })
  assert.equal(late.reason, 'already_decided')
  await reap(ground)
  const row = await rowOf(ground, execution_id)
  assert.deepEqual([row.status, row.error_code, row.decision], ['timeout', 'timeout', 'expired'])
})

onBoth('a call that is cancelled takes its question back', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { execution_id } = await ask(ground, office)
  assert.equal(await cancel(ground, execution_id, office.member.sub), true)
  const row = await rowOf(ground, execution_id)
  assert.deepEqual([row.status, row.decision], ['cancelled', 'withdrawn'])
})

onBoth(
  'a call whose worker died before anyone was asked has not run, and says so',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'ask' })
    const { execution_id } = await begin(ground, office)
    await expireLease(ground, execution_id!)
    await reap(ground)
    const [row] = await ground.run<{ status: string; error_code: string; error_message: string }>(
      'select status, error_code, error_message from public.mcp_tool_executions where id = $1',
      [execution_id],
    )
    assert.deepEqual([row!.status, row!.error_code], ['error', 'lost'])
    assert.match(row!.error_message, /did not run/)
  },
)

onPostgres('of twenty answers at the same moment one counts', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  const mine = { approval_id, user_id: office.member.sub }
  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      (_, at) => decide(ground, office, { ...mine, decision: at % 2 ? 'approved' : 'rejected' }),
    ),
  )
  assert.equal(answers.filter(({ verdict }) => verdict !== 'refused').length, 1)
  const { decision, status } = await rowOf(ground, execution_id)
  assert.equal(decision === 'approved' ? 'running' : 'denied', status)
})

onPostgres('an answer and a cancellation at the same moment never both happen', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  const { approval_id, execution_id } = await ask(ground, office)
  const mine = { approval_id, user_id: office.member.sub }
  const cancelled = await collide(ground, {
    first: async (run) => {
      await assume(run, 'service_role')
      await decideOn(run, office, mine)
    },
    second: () => cancel(ground, execution_id, office.member.sub),
  })
  assert.equal(valueOf(cancelled), true)
  const row = await rowOf(ground, execution_id)
  assert.deepEqual([row.status, row.decision], ['running', 'approved'])
})

onBoth('nobody reads a hash of arguments, which would tell what was redacted', async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  await ask(ground, office, { arguments_hash: 'a1', key: 'k1', hash: 'h1' })
  const owner = await createMember(ground, office.team_id, 'owner')
  const hashes = [
    ['mcp_approvals', 'arguments_hash'],
    ['mcp_tool_executions', 'cache_key'],
    ['mcp_tool_executions', 'request_hash'],
  ]
  for (const who of [office.member, owner]) {
    for (const [table, column] of hashes) {
      await assert.rejects(ground.as(who)(`select ${column} from public.${table}`), {
        code: '42501',
      })
    }
    const rows = await ground.as(who)('select id from public.mcp_approvals where team_id = $1', [
      office.team_id,
    ])
    assert.equal(rows.length, 1)
  }
})
