// The limits of begin_execution: who is refused, why, and until when; and that a limit is exact.
import assert from 'node:assert/strict'
import { promises } from '../promises.ts'
import { begin, executionsOf, type Verdict } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createMember, createOffice, createServer, type Office, sync, toolOf } from './people.ts'

async function limit(ground: Ground, office: Office, columns: string): Promise<void> {
  await ground.run(`update public.teams set ${columns} where id = $1`, [office.team_id])
}

function told(verdicts: Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { verdict, limit } of verdicts) {
    const word = limit ?? verdict
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}

onBoth(promises.limits_hold, async (ground) => {
  for (const most of [1, 7, 20]) {
    const office = await createOffice(ground)
    await limit(ground, office, `rate_per_person = ${most}, rate_window_seconds = 300`)
    const verdicts = await Promise.all(Array.from({ length: 40 }, () => begin(ground, office)))
    assert.deepEqual(told(verdicts), { run: most, person: 40 - most })
    assert.equal((await executionsOf(ground, office.team_id)).length, most)
  }
})

onBoth('a refusal says which limit it was and when its window ends', async (ground) => {
  const office = await createOffice(ground)
  await limit(ground, office, 'rate_per_person = 1, rate_window_seconds = 100')
  await begin(ground, office)
  const refused = await begin(ground, office)
  assert.deepEqual([refused.verdict, refused.reason, refused.limit], [
    'refused',
    'rate_limited',
    'person',
  ])
  assert.ok(refused.retry_after_seconds! > 90 && refused.retry_after_seconds! <= 100)
})

onBoth('one person at their limit takes nothing from the others', async (ground) => {
  const office = await createOffice(ground)
  await limit(ground, office, 'rate_per_person = 2, rate_per_team = 4')
  const mate = await createMember(ground, office.team_id)
  const third = await createMember(ground, office.team_id)
  const by = async (who: { sub: string }, times: number) => {
    const verdicts: Verdict[] = []
    for (let at = 0; at < times; at++) {
      verdicts.push(await begin(ground, office, { user_id: who.sub }))
    }
    return told(verdicts)
  }
  assert.deepEqual(await by(office.member, 10), { run: 2, person: 8 })
  assert.deepEqual(await by(mate, 3), { run: 2, person: 1 })
  assert.deepEqual(await by(third, 1), { team: 1 })
})

onBoth('a tool may have a limit of its own, and other tools are none the worse', async (ground) => {
  const office = await createOffice(ground)
  const tools = [{ name: 'echo' }, { name: 'other' }]
  await sync(ground, office.team_id, { server_id: office.server_id, tools })
  const other = await toolOf(ground, office.server_id, 'other')
  await ground.run('update public.mcp_tools set rate_limit = 1 where id = $1', [office.tool_id])
  await ground.run(`update public.mcp_tools set policy = 'allow' where id = $1`, [other.id])
  assert.equal((await begin(ground, office)).verdict, 'run')
  assert.equal((await begin(ground, office)).limit, 'tool')
  assert.equal((await begin(ground, office, { tool_name: 'other' })).verdict, 'run')
})

onBoth('a new window begins with the first call after the last one ended', async (ground) => {
  const office = await createOffice(ground)
  await limit(ground, office, 'rate_per_person = 1')
  await begin(ground, office)
  await ground.run(
    `update public.rate_windows set started_at = started_at - interval '61 seconds' where team_id = $1`,
    [office.team_id],
  )
  assert.equal((await begin(ground, office)).verdict, 'run')
  assert.equal((await begin(ground, office)).limit, 'person')
})

onBoth('without a limit nothing is counted, and a repeated key counts once', async (ground) => {
  const office = await createOffice(ground)
  await limit(ground, office, 'rate_per_person = null, rate_per_team = null')
  await begin(ground, office)
  const windows = () =>
    ground.run('select 1 from public.rate_windows where team_id = $1', [office.team_id])
  assert.equal((await windows()).length, 0)
  await limit(ground, office, 'rate_per_person = 1')
  const keyed = { key: 'k1', hash: 'h1' }
  assert.equal((await begin(ground, office, keyed)).verdict, 'run')
  assert.equal((await begin(ground, office, keyed)).reason, 'in_progress')
})

onBoth('teams do not count each other’s calls', async (ground) => {
  const [one, two] = [await createOffice(ground), await createOffice(ground)]
  for (const office of [one, two]) await limit(ground, office, 'rate_per_team = 1')
  assert.equal((await begin(ground, one)).verdict, 'run')
  assert.equal((await begin(ground, two)).verdict, 'run')
  const server_id = await createServer(ground, one.team_id, { name: 'Second' })
  assert.equal((await begin(ground, one, { server_id, tool_name: 'x' })).reason, 'not_found')
  assert.equal((await begin(ground, one)).limit, 'team')
})

onBoth('one person at their limit takes nothing from a tool’s', async (ground) => {
  const office = await createOffice(ground)
  await limit(ground, office, 'rate_per_person = 1, rate_per_team = 10')
  await ground.run('update public.mcp_tools set rate_limit = 2 where id = $1', [office.tool_id])
  await begin(ground, office)
  for (let calls = 0; calls < 5; calls++) {
    assert.equal((await begin(ground, office)).limit, 'person')
  }
  const mate = (await createMember(ground, office.team_id)).sub
  assert.equal((await begin(ground, office, { user_id: mate })).verdict, 'run')
  const third = (await createMember(ground, office.team_id)).sub
  assert.equal((await begin(ground, office, { user_id: third })).limit, 'tool')
  const windows = await ground.run<{ scope: string; calls: number }>(
    `select scope, calls from public.rate_windows where team_id = $1 and scope <> 'person' order by scope`,
    [office.team_id],
  )
  assert.deepEqual(windows.map(({ scope, calls }) => [scope, calls]), [['team', 2], ['tool', 2]])
})
