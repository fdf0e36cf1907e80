// Policy: set for several tools at once by admins, every change on record, and the standing yes of people.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { askApproval, decide } from './approvals.ts'
import { begin } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, type Office, type Person, setPolicy, sync } from './people.ts'

function setPolicyAs(
  ground: Ground,
  who: Person,
  { office, names, policy = 'deny' }: { office: Office; names: string[]; policy?: string },
) {
  return ground.as(who)<{ ruled: { missing: string[] } }>(
    'select public.set_tool_policy($1, $2, $3, $4) as ruled',
    [office.team_id, office.server_id, names, policy],
  )
}

onBoth(promises.policy_on_record, async (ground) => {
  const office = await createOffice(ground)
  const admin = await createMember(ground, office.team_id, 'admin')
  await setPolicyAs(ground, admin, { office, names: ['echo'], policy: 'ask_admin' })
  await ground.as(admin)(`update public.mcp_tools set policy = 'allow' where id = $1`, [
    office.tool_id,
  ])
  await sync(ground, office.team_id, {
    server_id: office.server_id,
    tools: [{ name: 'echo', description: 'changed' }],
  })
  const entries = await ground.run<{ changed_by: string | null; was: string; is: string }>(
    `select changed_by, policy_before as was, policy as is from public.mcp_policy_changes
     where tool_id = $1 order by changed_at, id offset 1`,
    [office.tool_id],
  )
  assert.deepEqual(entries.map(({ changed_by, was, is }) => [changed_by, was, is]), [
    [admin.sub, 'allow', 'ask_admin'],
    [admin.sub, 'ask_admin', 'allow'],
    [null, 'allow', 'ask'],
  ])
})

onBoth(
  'several tools are ruled on together or, when one is missing, not at all',
  async (ground) => {
    const office = await createOffice(ground)
    const admin = await createMember(ground, office.team_id, 'admin')
    const tools = [{ name: 'echo' }, { name: 'second' }]
    await sync(ground, office.team_id, { server_id: office.server_id, tools })
    const ask = (names: string[]) => setPolicyAs(ground, admin, { office, names })
    const [missed] = await ask(['echo', 'gone', 'second'])
    assert.deepEqual(missed!.ruled.missing, ['gone'])
    assert.equal((await begin(ground, office)).verdict, 'run')
    const [ruled] = await ask(['echo', 'second'])
    assert.deepEqual(ruled!.ruled.missing, [])
    assert.equal((await begin(ground, office)).status, 'denied')
  },
)

onBoth('only admins of the team rule on its tools', async (ground) => {
  const office = await createOffice(ground)
  const other = await createOffice(ground)
  const rival = await createMember(ground, other.team_id, 'owner')
  await assert.rejects(setPolicyAs(ground, office.member, { office, names: ['echo'] }), {
    code: '42501',
  })
  const [strange] = await setPolicyAs(ground, rival, { office, names: ['echo'] })
  assert.deepEqual(strange!.ruled.missing, ['echo'])
  assert.equal((await begin(ground, office)).verdict, 'run')
})

async function allowAlways(ground: Ground, office: Office, allows = true): Promise<void> {
  await ground.run('update public.mcp_tools set allows_always = $2 where id = $1', [
    office.tool_id,
    allows,
  ])
}

async function sayAlways(ground: Ground, office: Office): Promise<void> {
  const approval_id = await askApproval(ground, await begin(ground, office))
  await decide(ground, office, { approval_id, user_id: office.member.sub, always: true })
}

onBoth(promises.standing_yes, async (ground) => {
  const office = await createOffice(ground, { policy: 'ask' })
  await sayAlways(ground, office)
  assert.equal((await begin(ground, office)).verdict, 'ask', 'the admin had not allowed it')
  await allowAlways(ground, office)
  await sayAlways(ground, office)
  const { verdict, execution_id } = await begin(ground, office)
  assert.equal(verdict, 'run')
  const [row] = await ground.run<{ approval: string }>(
    'select approval from public.mcp_tool_executions where id = $1',
    [execution_id],
  )
  assert.equal(row!.approval, 'always')
  const mate = await createMember(ground, office.team_id)
  assert.equal((await begin(ground, office, { user_id: mate.sub })).verdict, 'ask', 'a mate')
  await setPolicy(ground, office.tool_id, 'ask_admin')
  assert.equal((await begin(ground, office)).verdict, 'ask', 'an admin is asked now')
  await setPolicy(ground, office.tool_id, 'ask')
  await allowAlways(ground, office, false)
  assert.equal((await begin(ground, office)).verdict, 'ask', 'the admin took it back')
  await allowAlways(ground, office)
  await sync(ground, office.team_id, {
    server_id: office.server_id,
    tools: [{ name: 'echo', description: 'changed' }],
  })
  assert.equal((await begin(ground, office)).verdict, 'ask', 'another definition')
})

onBoth(
  'a standing yes is taken back by its person, and ends with their membership',
  async (ground) => {
    const office = await createOffice(ground, { policy: 'ask' })
    await allowAlways(ground, office)
    await sayAlways(ground, office)
    await ground.as(office.member)('delete from public.mcp_standing_approvals where tool_id = $1', [
      office.tool_id,
    ])
    assert.equal((await begin(ground, office)).verdict, 'ask')
    await sayAlways(ground, office)
    await ground.run('delete from public.team_members where user_id = $1', [office.member.sub])
    const left = await ground.run(
      'select 1 from public.mcp_standing_approvals where tool_id = $1',
      [
        office.tool_id,
      ],
    )
    assert.equal(left.length, 0)
  },
)

onBoth('a standing yes that was ended does not come back', async (ground) => {
  const ends: [
    string,
    (office: Office) => Promise<unknown>,
    back: (office: Office) => Promise<unknown>,
  ][] = [
    [
      'another policy',
      ({ tool_id }) => setPolicy(ground, tool_id, 'deny'),
      ({ tool_id }) => setPolicy(ground, tool_id, 'ask'),
    ],
    [
      'an admin takes the rule back',
      (office) => allowAlways(ground, office, false),
      (office) => allowAlways(ground, office),
    ],
    [
      'the tool is gone for a while',
      ({ team_id, server_id }) => sync(ground, team_id, { server_id, tools: [] }),
      ({ team_id, server_id }) => sync(ground, team_id, { server_id, tools: [{ name: 'echo' }] }),
    ],
    ['its server moves', (office) => moveTo(ground, office, 'moved'), () => Promise.resolve()],
    [
      'its server moves there and back',
      (office) => moveTo(ground, office, 'moved'),
      (office) => moveTo(ground, office, 'upstream'),
    ],
  ]
  for (const [what, end, back] of ends) {
    const office = await createOffice(ground, { policy: 'ask' })
    await allowAlways(ground, office)
    await sayAlways(ground, office)
    assert.equal((await begin(ground, office)).verdict, 'run', `${what}: before`)
    await end(office)
    await back(office)
    assert.equal((await begin(ground, office)).verdict, 'ask', what)
  }
})

function moveTo(ground: Ground, { server_id }: Office, host: string) {
  return ground.run('update public.mcp_servers set config = $2 where id = $1', [
    server_id,
    { url: `https://${host}.test/mcp` },
  ])
}
