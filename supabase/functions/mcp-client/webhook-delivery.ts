// Deliveries to webhooks: takes what is due, sends it, notes how it went. Several processes may do so at
// once: the database leases each delivery to one of them. What fails here is due again later.
import type { App } from './app.ts'
import { open, type SealedCredential, webhookPlace } from './credentials.ts'
import { read } from './db.ts'
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

/** Requests of this process at the same time. */
const AT_ONCE = 20
/** One run goes on while deliveries arrive, but not for ever: whoever comes next goes on. */
const RUN_MS = 30_000

let underway = 0
let turn: Promise<unknown> = Promise.resolve()

/** Starts delivering what is due, with nobody waiting for it. */
export function deliverSoon(app: App): void {
  app.background(
    deliverDue(app).catch((thrown) => log('warn', 'deliveries are left for later', { thrown })),
  )
}

/** Delivers what is due; gives how many were tried. Throws AppError when the database cannot be asked. */
export async function deliverDue(app: App): Promise<number> {
  const last = performance.now() + RUN_MS
  for (let tried = 0;;) {
    const arrived = await Promise.all(await nextInTurn(app))
    tried += arrived.length
    if (!arrived.includes(true) || performance.now() > last) return tried
  }
}

/** One claim at a time, so that there are never more under way than there is room for. */
function nextInTurn(app: App): Promise<Promise<boolean>[]> {
  const mine = turn.then(async () => {
    const room = AT_ONCE - underway
    if (room <= 0) return []
    const due = await read<Due[]>(app.db.service.rpc('claim_deliveries', { p_limit: room }))
    underway += due.length
    return due.map((one) => deliver(app, one).finally(() => underway--))
  })
  turn = mine.catch(() => {})
  return mine
}

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
