// The tick: one bounded round of the work that nobody asks for. A door for a clock that holds the project’s
// secret key, and no operation: it serves every team and answers counts only. Who claims what is up to the
// database, so any number of clocks may ring at once.
import type { Context } from 'hono'
import type { App } from './app.ts'
import { requireSecretKey } from './auth.ts'
import { continueDue } from './continuations.ts'
import { read } from './db.ts'
import { checkDue } from './health.ts'
import type { Variables } from './http.ts'
import { log } from './log.ts'
import { pause } from './pause.ts'
import { pushDue } from './push-delivery.ts'
import { pollDue } from './task-polls.ts'
import { deliverDue } from './webhook-delivery.ts'

/** Gives how much it did. Bounds itself to a few at once, and to less than the tick’s time. */
export type Work = { name: string; run(app: App): Promise<number> }

const WORKS: Work[] = [
  { name: 'executions_reaped', run: (app) => read(app.db.service.rpc('reap_executions')) },
  { name: 'endpoints_checked', run: checkDue },
  { name: 'tasks_asked_after', run: (app) => pollDue(app) },
  { name: 'answers_continued', run: continueDue },
  { name: 'webhooks_delivered', run: deliverDue },
  { name: 'pushes_tried', run: pushDue },
]

/** A clock waits this long for the answer. */
const MOST_MS = 25_000

/**
 * POST /tick with the project’s secret key in `apikey`. Answers each work’s name and how much it did: null
 * when it failed or goes on after the answer. Throws AppError `unauthenticated`.
 */
export function tickDoor(app: App): (c: Context<Variables>) => Promise<Response> {
  return async (c) => {
    await requireSecretKey(app, c.req.raw)
    c.header('Cache-Control', 'no-store')
    return c.json(await workOnce(app, WORKS))
  }
}

/** Every work, side by side: one that fails or hangs keeps none of the others from running. */
export async function workOnce(
  app: App,
  works: Work[],
  most_ms = MOST_MS,
): Promise<Record<string, number | null>> {
  const answered = new AbortController()
  const late = pause(most_ms, answered.signal)
  const counts = works.map(async (work) => [work.name, await count(app, { work, late })] as const)
  const counted = await Promise.all(counts)
  answered.abort()
  return Object.fromEntries(counted)
}

async function count(
  app: App,
  { work, late }: { work: Work; late: Promise<boolean> },
): Promise<number | null> {
  const { name } = work
  const done = work.run(app).catch((thrown) => {
    log('error', 'periodic work failed', { work: name, thrown })
    return null
  })
  app.background(done)
  const tooLate = late.then((isLate) => {
    if (isLate) log('warn', 'periodic work takes long', { work: name })
    return null
  })
  return await Promise.race([done, tooLate])
}
