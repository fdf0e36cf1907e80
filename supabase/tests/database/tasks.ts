// The round trips of tasks, as the edge function makes them, and time that passes at once.
import assert from 'node:assert/strict'
import type { Run } from '../../../scripts/stack/database.ts'
import { begin, type Verdict } from './calls.ts'
import type { Ground } from './ground.ts'
import type { Office } from './people.ts'
import { SEALED_WAIT } from './waits.ts'

export type Claimed = {
  team_id: string
  execution_id: string
  cancelled: boolean
  ran_ms: number
  wait: unknown
  answer: unknown
}

export async function keepTask(ground: Ground, run: Verdict, seconds = 3_600): Promise<boolean> {
  const [row] = await ground.as('service_role')<{ kept: boolean }>(
    'select public.keep_task($1, $2, 1000, $3) as kept',
    [run.execution_id, {
      encrypted_value: SEALED_WAIT,
      key_version: 1,
      definition_hash: run.tool!.definition_hash,
      config: run.server!.config,
    }, seconds],
  )
  return row!.kept
}

export async function claimOn(run: Run, execution_id: string | null = null): Promise<Claimed[]> {
  const rows = await run<{ claimed: Claimed }>(
    'select public.claim_tasks(100, $1) as claimed',
    [execution_id],
  )
  return rows.map(({ claimed }) => claimed)
}

/** Whether whoever ticks would ask after it, or (`now`) whoever wants exactly this one. */
export async function claimed(ground: Ground, execution_id: string, { now = false } = {}) {
  const all = await claimOn(ground.as('service_role'), now ? execution_id : null)
  return all.find((each) => each.execution_id === execution_id)
}

/** A call of the office's member that has become a task. */
export async function beginTask(ground: Ground, office: Office, seconds?: number) {
  const run = await begin(ground, office)
  assert.equal(await keepTask(ground, run, seconds), true)
  return { run, execution_id: run.execution_id! }
}

/** Moves what is written of its times, as if so many seconds had passed. */
export async function pass(ground: Ground, execution_id: string, seconds: number): Promise<void> {
  await ground.run(
    `update public.mcp_tool_executions set poll_at = poll_at - make_interval(secs => $2),
       running_since = running_since - make_interval(secs => $2), started_at = started_at - make_interval(secs => $2),
       lease_expires_at = lease_expires_at - make_interval(secs => $2) where id = $1`,
    [execution_id, seconds],
  )
  await ground.run(
    'update public.mcp_execution_waits set since = since - make_interval(secs => $2) where execution_id = $1',
    [execution_id, seconds],
  )
}

export async function rowOf(ground: Ground, execution_id: string) {
  const [row] = await ground.run<
    { status: string; left: number; poll_in: number; duration_ms: number; error_code: string }
  >(
    `select status, extract(epoch from lease_expires_at - now())::integer as left, duration_ms, error_code,
       extract(epoch from poll_at - now())::integer as poll_in from public.mcp_tool_executions where id = $1`,
    [execution_id],
  )
  return row!
}

export async function look(
  ground: Ground,
  execution_id: string,
  poll_ms: number | null,
): Promise<void> {
  await ground.as('service_role')('select public.watch_execution($1, null, $2)', [
    execution_id,
    poll_ms,
  ])
}

export const near = (seen: number, seconds: number) =>
  assert.ok(Math.abs(seen - seconds * 1_000) < 20_000, `${seen} ms`)
