// Leases: a call belongs to its worker for a minute at a time, for as long as the worker says that it lives.
import assert from 'node:assert/strict'
import { begin, expireLease, reap } from './calls.ts'
import { type Ground, onBoth } from './ground.ts'
import { createOffice } from './people.ts'
import { question, suspend, watch } from './waits.ts'

async function rowOf(ground: Ground, execution_id: string) {
  const [row] = await ground.run<{ left: number; status: string; progress: unknown }>(
    `select extract(epoch from lease_expires_at - now())::integer as left, status, progress
     from public.mcp_tool_executions where id = $1`,
    [execution_id],
  )
  return row!
}

async function leaseOf(ground: Ground, execution_id: string, seconds: number): Promise<void> {
  await ground.run(
    'update public.mcp_tool_executions set lease_expires_at = now() + make_interval(secs => $2) where id = $1',
    [execution_id, seconds],
  )
}

onBoth('a call is admitted for a minute, however long its tool may take', async (ground) => {
  const office = await createOffice(ground)
  await ground.run('update public.mcp_tools set timeout_seconds = 300 where id = $1', [
    office.tool_id,
  ])
  const { execution_id } = await begin(ground, office)
  const { left } = await rowOf(ground, execution_id!)
  assert.ok(left > 55 && left <= 60)
})

onBoth('a worker that lives keeps its call, and one that does not loses it', async (ground) => {
  const office = await createOffice(ground)
  const [alive, dead] = [await begin(ground, office), await begin(ground, office)]
  for (const { execution_id } of [alive, dead]) await leaseOf(ground, execution_id!, 10)
  await watch(ground, alive.execution_id!)
  assert.ok((await rowOf(ground, alive.execution_id!)).left > 55)
  await expireLease(ground, dead.execution_id!)
  await reap(ground)
  assert.equal((await rowOf(ground, dead.execution_id!)).status, 'unknown')
  assert.equal((await rowOf(ground, alive.execution_id!)).status, 'running')
})

onBoth('a sign of life is written when it is worth it: half-way, or with news', async (ground) => {
  const office = await createOffice(ground)
  const { execution_id } = await begin(ground, office)
  const written = async () => {
    const [row] = await ground.run<{ version: string }>(
      'select xmin::text as version from public.mcp_tool_executions where id = $1',
      [execution_id],
    )
    return row!.version
  }
  const before = await written()
  await watch(ground, execution_id!)
  assert.equal(await written(), before)
  const progress = { progress: 1, total: 2, message: null }
  await watch(ground, execution_id!, progress)
  assert.deepEqual((await rowOf(ground, execution_id!)).progress, progress)
  const told = await written()
  await watch(ground, execution_id!, progress)
  assert.equal(await written(), told)
})

onBoth('whoever waits for a person is not kept alive by a worker that looks', async (ground) => {
  const office = await createOffice(ground)
  const asked = await begin(ground, office)
  await suspend(ground, asked, { asked: question, held: true, seconds: 20 })
  await watch(ground, asked.execution_id!)
  assert.ok((await rowOf(ground, asked.execution_id!)).left <= 20)
})
