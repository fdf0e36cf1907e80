// Tasks that no worker stays with: asked after by whoever ticks, and by whoever wants one cancelled.
import type { Admitted } from './admission.ts'
import type { App } from './app.ts'
import type { SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { continueAfter } from './continuations.ts'
import { carryOn } from './execute.ts'
import { failure } from './ending.ts'
import { finishLater } from './finish.ts'
import { log } from './log.ts'
import { answeredWith, openAnswer, standingOf } from './waiting.ts'

/** Whoever ticks stays this long with each task, and comes back. */
const TICK_MS = 10_000
const AT_ONCE = 8

type Claimed = Admitted & {
  wait: SealedCredential
  /** Given by a person, and not known to have reached the server. */
  answer: SealedCredential | null
  cancelled: boolean
  /** How long it has run so far, waiting for people left out. */
  ran_ms: number
}

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
  const { execution_id, chat_id, mode, answer, ran_ms } = claimed
  const kept = await standingOf(app, claimed)
  if (!kept?.task) {
    const message = 'What it takes to ask after this task cannot be opened with today’s keys. ' +
      'The tool may have run.'
    const unreadable = failure('credential_unreadable', message)
    finishLater(app, execution_id, { ...unreadable, mode, duration_ms: ran_ms })
    if (chat_id !== null) continueAfter(app, execution_id)
    return
  }
  const standing = { ...kept, spent_ms: ran_ms }
  const going_on = answer
    ? answeredWith(standing, await openAnswer(app, { admitted: claimed, sealed: answer }))
    : standing
  const started = performance.now()
  const leaving = new AbortController()
  if (claimed.cancelled) leaving.abort()
  const watch = { signal: leaving.signal }
  const going = { standing: going_on, watch, started, patience_ms: TICK_MS }
  await carryOn(app, claimed, going).catch((thrown) =>
    log('warn', 'a task could not be asked after', { execution_id, thrown })
  )
}
