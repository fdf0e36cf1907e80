// When the assistant goes on by itself: at once where a call of an answer ends, and at every tick for those
// whose process died in between. Who goes on is up to the database, once. The chat itself loads only then.
import type { ChatVisibility } from '../../../shared/chat.ts'
import type { Role } from '../../../shared/team.ts'
import type { App } from './app.ts'
import { read } from './db.ts'
import { settled } from './finish.ts'
import { log } from './log.ts'

export type Claimed = {
  /** The new answer’s. */
  message_id: string
  team_id: string
  chat_id: string
  visibility: ChatVisibility
  user_id: string
  role: Role
  name: string | null
  user_message_id: string
  /** What the person had written. */
  parts: { type: string; text: string }[]
}

/** Of one tick. Each goes on for as long as an answer may. */
const AT_ONCE = 8

/** A call has ended that an answer may wait for. Never throws: the tick comes by as well. */
export function continueAfter(app: App, execution_id: string): void {
  app.background(
    settled(execution_id).then(() => goOnWithDue(app, { execution_id, limit: 1 }))
      .catch(unclaimed({ execution_id })),
  )
}

/** This answer waits for calls: should they have ended already, it is gone on from at once. */
export function continueFrom(app: App, message_id: string): void {
  app.background(claim(app, message_id).catch(unclaimed({ message_id })))
}

/** Goes on from every answer that is due. Gives from how many. */
export function continueDue(app: App): Promise<number> {
  return goOnWithDue(app, { execution_id: null, limit: AT_ONCE })
}

async function goOnWithDue(
  app: App,
  { execution_id, limit }: { execution_id: string | null; limit: number },
): Promise<number> {
  const due = await read<string[]>(
    app.db.service.rpc('due_continuations', { p_limit: limit, p_execution_id: execution_id }),
  )
  const claimed = await Promise.all(due.map((message_id) => claim(app, message_id)))
  return claimed.filter(Boolean).length
}

async function claim(app: App, message_id: string): Promise<boolean> {
  const next_id = crypto.randomUUID()
  const claimed = await read<Omit<Claimed, 'message_id'> | null>(
    app.db.service.rpc('claim_continuation', { p_message_id: message_id, p_answer_id: next_id }),
  )
  if (claimed === null) return false
  const { continueTurn } = await import('./chat/continue.ts')
  app.background(continueTurn(app, { ...claimed, message_id: next_id }))
  return true
}

function unclaimed(of: Record<string, string>) {
  return (thrown: unknown) =>
    log('warn', 'an answer could not be gone on from yet', { ...of, thrown })
}
