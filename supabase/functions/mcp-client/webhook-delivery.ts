// Deliveries to webhooks: takes what is due, sends it, notes how it went. What fails here is due again later.
import type { App } from './app.ts'
import { open, type SealedCredential, webhookPlace } from './credentials.ts'
import { read } from './db.ts'
import { roundsOf } from './delivery-rounds.ts'
import { log } from './log.ts'
import { send, type Sent, type SigningSecret } from './webhook-sending.ts'

type Due = SealedCredential & {
  id: string
  team_id: string
  /** Which try this is, the first one being 1. */
  attempt: number
  payload: Record<string, unknown>
  url: string
}

/** Starts delivering what is due, with nobody waiting for it. */
export function deliverSoon(app: App): void {
  app.background(
    deliverDue(app).catch((thrown) => log('warn', 'deliveries are left for later', { thrown })),
  )
}

/** Delivers what is due; gives how many were tried. Throws AppError when the database cannot be asked. */
export const deliverDue = roundsOf<App, Due>({
  claim: (app, room) => read<Due[]>(app.db.service.rpc('claim_deliveries', { p_limit: room })),
  deliver,
})

/** True when it arrived. Never throws: what could not be noted is due again when its lease is over. */
async function deliver(app: App, due: Due): Promise<boolean> {
  const { id, team_id, attempt, url } = due
  try {
    const sent = await sendDue(app, due)
    await read(app.db.service.rpc('note_delivery', {
      p_delivery_id: id,
      p_team_id: team_id,
      p_attempt: attempt,
      p_url: url,
      p_status: sent.status,
      p_error: sent.error,
    }))
    return sent.error === null
  } catch (thrown) {
    log('error', 'a delivery is left for later', { delivery_id: id, attempt, thrown })
    return false
  }
}

async function sendDue(app: App, due: Due): Promise<Sent> {
  const { id, team_id, url, payload } = due
  const keys = app.settings.credentialKeys
  const signing = await open<SigningSecret>(due, { keys, place: webhookPlace(team_id) })
  if (!signing) return UNREADABLE
  return await send(app.webhookFetch, { id, url, body: JSON.stringify(payload) }, signing)
}

export const UNREADABLE: Sent = {
  status: null,
  error: 'The signing secret does not open with today’s keys. An admin can make a new one.',
}
