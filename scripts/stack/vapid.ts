// The key pair that push messages are signed with (RFC 8292 §3.2), as ASTRA_VAPID_KEYS takes it.
import { Buffer } from 'node:buffer'

/** `<public key>:<private key>`, both base64url: a P-256 point and its scalar. */
export async function makeVapidKeys(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const point = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey))
  const { d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return `${point.toString('base64url')}:${d}`
}
