// Two connections at one moment, without luck: the second begins while the first is open, and waits for it.
import assert from 'node:assert/strict'
import type { Ground } from './ground.ts'

type Work = Parameters<Ground['transaction']>[0]

/**
 * Does `first` in a transaction and keeps it open until `second`, begun meanwhile, waits for it.
 * Gives what became of the second once the first was committed, or undone.
 */
export async function collide<T>(
  ground: Ground,
  { first, second, undo = false }: { first: Work; second: () => Promise<T>; undo?: boolean },
): Promise<PromiseSettledResult<T>> {
  const undone = new Error('undone')
  let outcome: Promise<PromiseSettledResult<T>[]> | undefined
  await ground.transaction(async (run) => {
    await first(run)
    outcome = Promise.allSettled([second()])
    await untilSomeoneWaits(ground)
    if (undo) throw undone
  }).catch((thrown) => assert.equal(thrown, undone))
  return (await outcome!)[0]!
}

/** Until so many wait for what others have locked. */
export async function untilSomeoneWaits(ground: Ground, many = 1): Promise<void> {
  const deadline = Date.now() + 5_000
  while (Date.now() < deadline) {
    const [waiting] = await ground.run<{ many: number }>(
      'select count(*)::integer as many from pg_locks where not granted',
      [],
    )
    if (waiting!.many >= many) return
  }
  throw new Error('nobody waited for whoever was first')
}

export function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}
