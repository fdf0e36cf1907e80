// Tasks that no worker stays with: asked after by whoever ticks, and by whoever wants one cancelled.
import type { Admitted } from './admission.ts'
import type { App } from './app.ts'
import type { SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { carryOn } from './execute.ts'
import { log } from './log.ts'
import { standingOf } from './waiting.ts'

/** Whoever ticks stays this long with each task, and comes back. */
const TICK_MS = 10_000
const AT_ONCE = 8

type Claimed = Admitted & { wait: SealedCredential; cancelled: boolean }

/** Asks after every task that is due, or after this one at once. Gives how many were asked after. */
export async function pollDue(app: App, execution_id: string | null = null): Promise<number> {
  const claimed = await read<Claimed[]>(app.db.service.rpc('claim_tasks', {
    p_limit: execution_id === null ? AT_ONCE : 1,
    p_execution_id: execution_id,
  }))
  await Promise.all(claimed.map((task) => goOnWith(app, task)))
  return claimed.length
}

async function goOnWith(app: App, claimed: Claimed): Promise<void> {
  const { execution_id } = claimed
  const standing = await standingOf(app, claimed)
  if (!standing?.task) {
    log('error', 'a task was kept under a key that is gone', { execution_id })
    return
  }
  const started = performance.now()
  const leaving = new AbortController()
  if (claimed.cancelled) leaving.abort()
  const watch = { signal: leaving.signal }
  const going = { standing, watch, started, patience_ms: TICK_MS }
  await carryOn(app, claimed, going).catch((thrown) =>
    log('warn', 'a task could not be asked after', { execution_id, thrown })
  )
}
