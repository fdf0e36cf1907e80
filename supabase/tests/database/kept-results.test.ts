// Results of deterministic tools: answered from the last one, for as long as an admin said, and only where
// nothing that decides a result is different.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide } from './approvals.ts'
import { begin, type Call, call, executionsOf, finish, type Verdict } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import {
  createMember,
  createOffice,
  keepCredential,
  type Office,
  setPolicy,
  sync,
} from './people.ts'
import { resume, suspend, suspendForAccount } from './waits.ts'

const equal: Call = { arguments_hash: 'a1' }
const output = { content: [{ type: 'text', text: 'kept' }] }

async function deterministic(ground: Ground, seconds = 300): Promise<Office> {
  const office = await createOffice(ground)
  await ground.run('update public.mcp_tools set cache_seconds = $2 where id = $1', [
    office.tool_id,
    seconds,
  ])
  return office
}

onBoth(
  'an equal call is answered from the last result, on record and without a call',
  async (ground) => {
    const office = await deterministic(ground)
    await call(ground, office, { ...equal, output })
    const mate = await createMember(ground, office.team_id)
    const again = await begin(ground, office, { ...equal, user_id: mate.sub })
    assert.deepEqual([again.verdict, again.status, again.result], ['ended', 'success', output])
    assert.ok(again.cached_at)
    const rows = await executionsOf(ground, office.team_id)
    assert.equal(rows.length, 2)
    const [kept] = await ground.run<{ cached: boolean; executions: number }>(
      `select (select cached_at is not null from public.mcp_tool_executions where id = $1) as cached,
      (select sum(execution_count)::integer from public.usage_hourly where team_id = $2) as executions`,
      [again.execution_id, office.team_id],
    )
    assert.deepEqual([kept!.cached, kept!.executions], [true, 2])
  },
)

onBoth(promises.kept_result_is_the_same, async (ground) => {
  const changes: [string, (office: Office) => Promise<unknown>, Call?][] = [
    ['other arguments', () => Promise.resolve(), { arguments_hash: 'a2' }],
    ['another definition', (office) =>
      sync(ground, office.team_id, {
        server_id: office.server_id,
        tools: [{ name: 'echo', description: 'Another' }],
      }).then(() => setPolicy(ground, office.tool_id, 'allow'))],
    ['another place', (office) =>
      ground.run(
        `update public.mcp_servers set config = '{"url":"https://moved.test/mcp"}' where id = $1`,
        [office.server_id],
      )],
    [
      'another credential',
      ({ team_id, server_id }) =>
        keepCredential(ground, { team_id, server_id, user_id: null }, { secret: 'b3RoZXI=' }),
    ],
    [
      'too old',
      (office) =>
        ground.run('update public.mcp_tools set cache_seconds = 1 where id = $1', [office.tool_id])
          .then(() =>
            ground.run('alter table public.mcp_tool_executions disable trigger only_forward')
          ).then(() =>
            ground.run(
              `update public.mcp_tool_executions set completed_at = now() - interval '2 seconds' where team_id = $1`,
              [office.team_id],
            )
          ).then(() =>
            ground.run('alter table public.mcp_tool_executions enable trigger only_forward')
          ),
    ],
    [
      'no longer deterministic',
      (office) =>
        ground.run('update public.mcp_tools set cache_seconds = null where id = $1', [
          office.tool_id,
        ]),
    ],
  ]
  for (const [what, change, asked = equal] of changes) {
    const office = await deterministic(ground)
    await call(ground, office, { ...equal, output })
    assert.equal((await begin(ground, office, equal)).verdict, 'ended', `${what}: before`)
    await change(office)
    assert.equal((await begin(ground, office, asked)).verdict, 'run', what)
  }
})

onBoth('a failure is not kept, and a kept result does not keep itself alive', async (ground) => {
  const office = await deterministic(ground)
  const failed = await begin(ground, office, equal)
  await finish(ground, failed.execution_id!, { status: 'error', error_code: 'tool_failed' })
  const called = await begin(ground, office, equal)
  assert.equal(called.verdict, 'run')
  await finish(ground, called.execution_id!, { output })
  const first = await begin(ground, office, equal)
  const second = await begin(ground, office, equal)
  assert.equal(first.cached_at, second.cached_at)
})

onBoth('people with accounts of their own do not share results', async (ground) => {
  const office = await deterministic(ground)
  const { team_id, server_id } = office
  await ground.run(`update public.mcp_servers set account = 'person' where id = $1`, [server_id])
  const mate = await createMember(ground, team_id)
  for (const { sub: user_id } of [office.member, mate]) {
    await keepCredential(ground, { team_id, server_id, user_id }, { secret: 'c2VhbGVk' })
  }
  await call(ground, office, { ...equal, output })
  assert.equal((await begin(ground, office, { ...equal, user_id: mate.sub })).verdict, 'run')
  assert.equal((await begin(ground, office, equal)).verdict, 'ended')
})

onBoth('a result that is kept for a tool that asks still needs its yes', async (ground) => {
  const office = await deterministic(ground)
  await call(ground, office, { ...equal, output })
  await setPolicy(ground, office.tool_id, 'ask')
  assert.equal((await begin(ground, office, equal)).verdict, 'ask')
  assert.equal((await begin(ground, office, { ...equal, approved: true })).verdict, 'ended')
})

/** Its person connects their own account while it waits, and it ends well with that. */
async function signInLater(ground: Ground, { team_id, server_id, member }: Office, run: Verdict) {
  await suspendForAccount(ground, run, 'person')
  await keepCredential(ground, { team_id, server_id, user_id: member.sub }, { secret: 'b3du' })
  const execution_id = run.execution_id!
  const going = await resume(ground, { execution_id, user_id: null, status: 'awaiting_auth' })
  assert.equal(going.credential?.encrypted_value, 'b3du')
  await finish(ground, execution_id, { output })
}

async function withOwnAccounts(ground: Ground): Promise<Office & { mate: string }> {
  const office = await deterministic(ground)
  await ground.run(`update public.mcp_tools set account = 'person' where id = $1`, [office.tool_id])
  return { ...office, mate: (await createMember(ground, office.team_id)).sub }
}

onBoth('what came of an account that was connected meanwhile is nobody else’s', async (ground) => {
  const office = await withOwnAccounts(ground)
  await signInLater(ground, office, await begin(ground, office, equal))
  for (const user_id of [office.mate, office.member.sub]) {
    assert.equal((await begin(ground, office, { ...equal, user_id })).verdict, 'run')
  }
})

onBoth('nor is it where the call was approved before', async (ground) => {
  const office = await withOwnAccounts(ground)
  await setPolicy(ground, office.tool_id, 'ask')
  const approval_id = await askApproval(ground, await begin(ground, office, equal))
  const decided = await decide(ground, office, { approval_id, user_id: office.member.sub })
  await signInLater(ground, office, { ...decided, server: decided.server! })
  const arguments_hash = 'hash of what was shown'
  const asked = { user_id: office.mate, approved: true, arguments_hash }
  assert.equal((await begin(ground, office, asked)).verdict, 'run')
})

onBoth('two people without an account yet share nothing', async (ground) => {
  const office = await withOwnAccounts(ground)
  await call(ground, office, { ...equal, output })
  assert.equal((await begin(ground, office, { ...equal, user_id: office.mate })).verdict, 'run')
})

onBoth('what came of a person’s answers is not kept', async (ground) => {
  const office = await deterministic(ground)
  const asking = await begin(ground, office, equal)
  await suspend(ground, asking)
  const answer = { encrypted_value: 'c2VhbGVk', key_version: 1 }
  const mine = { execution_id: asking.execution_id!, user_id: office.member.sub, answer }
  assert.equal((await resume(ground, mine)).verdict, 'run')
  await finish(ground, mine.execution_id, { output })
  assert.equal((await begin(ground, office, equal)).verdict, 'run')
})

onBoth('an approved call is kept under the arguments that were approved', async (ground) => {
  const office = await deterministic(ground)
  await setPolicy(ground, office.tool_id, 'ask')
  const asked = await begin(ground, office, equal)
  const approval_id = await askApproval(ground, asked)
  await decide(ground, office, { approval_id, user_id: office.member.sub })
  await finish(ground, asked.execution_id!, { output })
  const shown = { approved: true, arguments_hash: 'hash of what was shown' }
  assert.equal((await begin(ground, office, shown)).verdict, 'ended')
  assert.equal((await begin(ground, office, { ...equal, approved: true })).verdict, 'run')
})
