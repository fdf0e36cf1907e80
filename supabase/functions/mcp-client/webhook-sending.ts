// One request to a team’s webhook: signed (Standard Webhooks 1.0), judged like every request that leaves,
// and reduced to how it went. Keeps nothing, repeats nothing.
import { Buffer } from 'node:buffer'
import { Webhook } from 'standardwebhooks'
import { type EgressSettings, type GuardedFetch, guardedFetch } from './mcp/egress.ts'
import { EgressError } from './mcp/egress-error.ts'

const DEADLINE_MS = 10_000

/** What is in the seal of a webhook: `whsec_<base64 of 32 bytes>`. */
export type SigningSecret = { secret: string }

export function newSecret(): SigningSecret {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return { secret: `whsec_${Buffer.from(bytes).toString('base64')}` }
}

/** One per process. */
export function webhookFetch(settings: Pick<EgressSettings, 'allowed_private_hosts' | 'resolve'>) {
  const limits = { first_byte_ms: DEADLINE_MS, total_ms: DEADLINE_MS, status_only: true }
  return guardedFetch({ ...settings, ...limits })
}

export type Message = {
  /** Stays the same however often it is sent: receivers know repeats by it. */
  id: string
  url: string
  body: string
}

/** `status`: null when nobody answered. `error`: a sentence of ours; null when it arrived. */
export type Sent = { status: number | null; error: string | null }

/** Sends it once, within ten seconds. Never throws for what the receiver does. */
export async function send(
  guarded: GuardedFetch,
  { id, url, body }: Message,
  { secret }: SigningSecret,
): Promise<Sent> {
  const now = new Date()
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Astra-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
  try {
    const { status, ok } = await guarded(url, { method: 'POST', headers, body })
    return { status, error: ok ? null : sentence(status) }
  } catch (thrown) {
    if (!(thrown instanceof EgressError)) throw thrown
    return { status: null, error: `${thrown.message}.` }
  }
}

function sentence(status: number): string {
  if (status === 410) return 'The receiver wants no more of this (410), so the webhook is off.'
  if (status >= 300 && status < 400) {
    return `The receiver redirects (${status}). Redirects are not followed: set the address it is at.`
  }
  return `The receiver answered ${status}.`
}
