// Pushes to devices: takes what is due, sends it, notes how it went. The words are made when they are sent,
// from the call as it is then. What fails here is due again later.
import type { PushMessage } from '../../../shared/push.ts'
import type { Role } from '../../../shared/team.ts'
import type { App } from './app.ts'
import { read } from './db.ts'
import { roundsOf } from './delivery-rounds.ts'
import type { PushSettings } from './env.ts'
import { log } from './log.ts'
import { answersFor } from './push-token.ts'
import { push, type Pushed } from './push-sending.ts'
import { type PushedCall, wordsFor } from './push-words.ts'

export type DuePush = {
  id: string
  edition: number
  /** Which try of this edition it is, the first one being 1. */
  attempt: number
  kind: string
  team_id: string
  user_id: string
  device_id: string
  endpoint: string
  p256dh: string
  auth: string
  execution_id: string
  expires_at: string
  call: PushedCall & {
    /** What the reader is in the team, now. */
    role: Role
    /** Of the exact arguments that wait for a yes; null where nothing does. */
    arguments_hash: string | null
  }
}

/** Starts telling devices what is due, with nobody waiting for it. */
export function pushSoon(app: App): void {
  if (!app.settings.push) return
  app.background(
    pushDue(app).catch((thrown) => log('warn', 'pushes are left for later', { thrown })),
  )
}

const rounds = roundsOf<App, DuePush>({
  claim: (app, room) => read<DuePush[]>(app.db.service.rpc('claim_pushes', { p_limit: room })),
  deliver,
})

/** Tells devices what is due; gives how many messages were tried. Throws AppError when the database cannot be asked. */
export async function pushDue(app: App): Promise<number> {
  return app.settings.push ? await rounds(app) : 0
}

const followed = new Set<string>()

/** A device waits to hear how this call ends: whoever ends it here says so at once. */
export function follow(execution_id: string): void {
  followed.add(execution_id)
}

/** True once: whoever asks takes it over. */
export function isFollowed(execution_id: string): boolean {
  return followed.delete(execution_id)
}

/** True when its push service took it. Never throws: what could not be noted is due again when its lease is over. */
async function deliver(app: App, due: DuePush): Promise<boolean> {
  const { id, edition, attempt } = due
  try {
    const { outcome, status, retry_after_seconds } = await send(app, app.settings.push!, due)
    // NOTE: never the endpoint: whoever reads it in a log could send there.
    if (outcome !== 'taken') log('warn', 'a push was not taken', { push_id: id, outcome, status })
    await read(app.db.service.rpc('note_push', {
      p_id: id,
      p_edition: edition,
      p_attempt: attempt,
      p_outcome: outcome,
      p_retry_seconds: Math.min(Math.ceil(retry_after_seconds), 3_600),
    }))
    return outcome === 'taken'
  } catch (thrown) {
    log('error', 'a push is left for later', { push_id: id, attempt, thrown })
    return false
  }
}

async function send(app: App, settings: PushSettings, due: DuePush): Promise<Pushed> {
  const { endpoint, p256dh, auth } = due
  const message = await messageFor(app, due)
  return await push({ fetch: app.webhookFetch, settings }, { endpoint, keys: { p256dh, auth } }, {
    message,
    ttl_seconds: (Date.parse(due.expires_at) - Date.now()) / 1_000,
    urgency: message.asks ? 'high' : 'normal',
  })
}

async function messageFor(app: App, due: DuePush): Promise<PushMessage> {
  const answers = await answersFor(app, due)
  return {
    tag: due.execution_id,
    ...wordsFor(due.kind, due.call),
    url: pageOf(due),
    sent_at: new Date().toISOString(),
    ...(answers && { answers }),
  }
}

/** The page where its reader finds the call: its own chat, or its record. */
export function pageOf(
  { team_id, execution_id, call }: {
    team_id: string
    execution_id: string
    call: Pick<PushedCall, 'theirs' | 'chat_id'>
  },
): string {
  const page = call.theirs && call.chat_id ? `/chat/${call.chat_id}` : `/activity/${execution_id}`
  return `${page}?team=${team_id}`
}
