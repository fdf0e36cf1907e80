// A browser that is told things, as far as secrets go: it reads messages with its own reading of RFC 8188,
// RFC 8291 and RFC 8292, on Node's crypto. The function writes them with another one's code.
import { Buffer } from 'node:buffer'
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto'
import type { PushMessage, Subscription } from '../../../shared/push.ts'

export type Browser = {
  subscription: Subscription
  /** What no one but the browser has. */
  secrets: { privateKey: Buffer; publicKey: Buffer; auth: Buffer }
}

/** A browser that subscribed at an address. */
export function startSubscription(endpoint: string): Browser {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const secrets = {
    privateKey: pair.getPrivateKey(),
    publicKey: pair.getPublicKey(),
    auth: randomBytes(16),
  }
  const keys = {
    p256dh: secrets.publicKey.toString('base64url'),
    auth: secrets.auth.toString('base64url'),
  }
  return { subscription: { endpoint, keys }, secrets }
}

/** Opens a message as the browser would; throws when it is not for this browser, or was changed. */
export function openPush({ secrets }: Browser, body: Uint8Array): PushMessage {
  const bytes = Buffer.from(body)
  // RFC 8188 §2.1: salt, record size, length of the key id, key id.
  const [salt, recordSize, idLength] = [bytes.subarray(0, 16), bytes.readUInt32BE(16), bytes[20]!]
  const sender = bytes.subarray(21, 21 + idLength)
  const record = bytes.subarray(21 + idLength)
  if (record.length > recordSize) throw new Error('more than one record')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(secrets.privateKey)
  const shared = pair.computeSecret(sender)
  // RFC 8291 §3.4.
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), secrets.publicKey, sender])
  const ikm = Buffer.from(hkdfSync('sha256', shared, secrets.auth, about, 32))
  const derive = (what: string, length: number) =>
    Buffer.from(hkdfSync('sha256', ikm, salt, `Content-Encoding: ${what}\0`, length))
  const open = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
  open.setAuthTag(record.subarray(-16))
  const plain = Buffer.concat([open.update(record.subarray(0, -16)), open.final()])
  const end = plain.lastIndexOf(2)
  if (end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('bad padding')
  return JSON.parse(plain.subarray(0, end).toString())
}

export type Vapid = { aud: string; exp: number; sub: string; key: string }

/** Who says to have sent it (RFC 8292 §2, §3.1); throws when the signature is not theirs. */
export function senderOf(authorization: string | null): Vapid {
  const [, token, key] = /^vapid t=([^,]+), k=([\w-]+)$/.exec(authorization ?? '') ?? []
  const [head, claims, signature] = token?.split('.') ?? []
  if (!head || !claims || !signature || !key) throw new Error('no VAPID')
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString('base64url')
  )
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString())
  if (!signed || alg !== 'ES256') throw new Error('not signed')
  return { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), key }
}
