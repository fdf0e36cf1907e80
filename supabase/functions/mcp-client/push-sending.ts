// One message to a device: encrypted for it alone (RFC 8291), signed as ours (RFC 8292), sent by the guarded
// fetch, and reduced to how it went. Keeps nothing, repeats nothing.
import { Buffer } from 'node:buffer'
import { encryptNotification } from '@block65/webcrypto-web-push'
import { importJWK, SignJWT } from 'jose'
import type { PushMessage, Subscription } from '../../../shared/push.ts'
import type { PushSettings } from './env.ts'
import type { GuardedFetch } from './mcp/egress.ts'
import { EgressError } from './mcp/egress-error.ts'

/** Less than what every push service takes (RFC 8291 §4: 3993 bytes). */
export const MOST_BYTES = 3_000

/** RFC 8030 §5.2, §5.3. */
export type Manner = { ttl_seconds: number; urgency: 'high' | 'normal' | 'low' }

/**
 * `taken`: its push service has it. `gone`: there is no such device any more. `refused`: another try would
 * be refused as well. `later`: it may be taken another time.
 */
export type Pushed = {
  outcome: 'taken' | 'gone' | 'refused' | 'later'
  status: number | null
  retry_after_seconds: number
}

/** Sends it once, within ten seconds. Never throws for what the push service does. */
export async function push(
  { fetch: guarded, settings }: { fetch: GuardedFetch; settings: PushSettings },
  device: Subscription,
  { message, ttl_seconds, urgency }: Manner & { message: PushMessage },
): Promise<Pushed> {
  const body = await encrypted(device, message)
  const headers = {
    authorization: await signed(settings, device.endpoint),
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    ttl: String(Math.max(0, Math.floor(ttl_seconds))),
    urgency,
    // A newer word on the same call takes the place of one that has not reached the device (RFC 8030 §5.4).
    topic: topicOf(message.tag),
  }
  try {
    const answer = await guarded(device.endpoint, { method: 'POST', headers, body })
    const retry = Number(answer.headers.get('retry-after'))
    return {
      outcome: outcomeOf(answer.status),
      status: answer.status,
      retry_after_seconds: retry > 0 ? retry : 0,
    }
  } catch (thrown) {
    if (!(thrown instanceof EgressError)) throw thrown
    const outcome = thrown.reason === 'address_refused' ? 'refused' : 'later'
    return { outcome, status: null, retry_after_seconds: 0 }
  }
}

export function outcomeOf(status: number): Pushed['outcome'] {
  if (status >= 200 && status < 300) return 'taken'
  if (status === 404 || status === 410) return 'gone'
  if (status === 408 || status === 429 || status >= 500) return 'later'
  return 'refused'
}

/** Throws an Error for keys that are none, or a message that is too long. */
export async function encrypted(
  { endpoint, keys }: Subscription,
  message: PushMessage | null,
): Promise<Blob> {
  const plain = new TextEncoder().encode(JSON.stringify(message))
  if (plain.byteLength > MOST_BYTES) throw new Error('a push message is too long')
  const bytes = await encryptNotification({ endpoint, keys, expirationTime: null }, plain)
  // A Blob: the runtime must not send it twice by itself.
  return new Blob([bytes])
}

const HOURS = 12

/** RFC 8292 §2, §3: who sends, to which push service, until when. */
async function signed({ publicKey, privateKey, subject }: PushSettings, endpoint: string) {
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString('base64url')
  )
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y, d: privateKey }, 'ES256')
  const token = await new SignJWT().setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .setAudience(new URL(endpoint).origin).setSubject(subject).setExpirationTime(`${HOURS}h`)
    .sign(key)
  return `vapid t=${token}, k=${publicKey}`
}

function topicOf(tag: string): string {
  return Buffer.from(tag.replaceAll('-', ''), 'hex').toString('base64url')
}
