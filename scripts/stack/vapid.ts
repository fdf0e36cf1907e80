// The key pair that push messages are signed with (RFC 8292 §3.2), as ASTRA_VAPID_KEYS takes it.

/** `<public key>:<private key>`, both base64url: a P-256 point and its scalar. */
export async function makeVapidKeys(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const { d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return `${point.toBase64({ alphabet: 'base64url', omitPadding: true })}:${d}`
}
