// Secrets at rest. Seals and opens credentials with AES-256-GCM and turns an opened one into headers.
// A sealed value opens only in the row it was made for: team, server and key version are authenticated.
import type { Credential } from '../../../shared/server.ts'
import type { CredentialKey } from './env.ts'

/** Where a credential belongs. Part of the seal. */
export type CredentialPlace = { team_id: string; server_id: string }
export type SealedCredential = { encrypted_value: string; key_version: number }

/** What is inside a seal: a request credential, or the environment of a stdio server. */
export type Secret = Credential | { credential_type: 'custom'; env: Record<string, string> }

const IV_BYTES = 12

/** Seals with the newest key. */
export async function seal(
  secret: Secret,
  { keys, place }: { keys: CredentialKey[]; place: CredentialPlace },
): Promise<SealedCredential> {
  const newest = keys[0]!
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: boundTo(place, newest.version) },
      await importKey(newest),
      new TextEncoder().encode(JSON.stringify(secret)),
    ),
  )
  const whole = new Uint8Array(IV_BYTES + sealed.length)
  whole.set(iv)
  whole.set(sealed, IV_BYTES)
  return { encrypted_value: toBase64(whole), key_version: newest.version }
}

/** Opens a sealed value; null when its key is gone, it was tampered with, or it belongs elsewhere. */
export async function open(
  sealed: SealedCredential,
  { keys, place }: { keys: CredentialKey[]; place: CredentialPlace },
): Promise<Secret | null> {
  const key = keys.find(({ version }) => version === sealed.key_version)
  if (!key) return null
  try {
    const whole = Uint8Array.from(atob(sealed.encrypted_value), (char) => char.charCodeAt(0))
    const plain = await crypto.subtle.decrypt(
      {
        name: 'AES-GCM',
        iv: whole.subarray(0, IV_BYTES),
        additionalData: boundTo(place, sealed.key_version),
      },
      await importKey(key),
      whole.subarray(IV_BYTES),
    )
    return JSON.parse(new TextDecoder().decode(plain))
  } catch {
    return null
  }
}

/** The headers a credential travels in, and the secret values to keep out of everything shown. */
export function asHeaders(secret: Secret): { headers: Record<string, string>; secrets: string[] } {
  if ('env' in secret) return { headers: {}, secrets: Object.values(secret.env) }
  switch (secret.credential_type) {
    case 'api_key':
      return { headers: { [secret.header]: secret.value }, secrets: [secret.value] }
    case 'oauth_token':
      return { headers: { Authorization: `Bearer ${secret.value}` }, secrets: [secret.value] }
    case 'basic_auth': {
      const pair = toBase64(new TextEncoder().encode(`${secret.username}:${secret.password}`))
      return { headers: { Authorization: `Basic ${pair}` }, secrets: [secret.password, pair] }
    }
    case 'custom':
      return { headers: secret.headers, secrets: Object.values(secret.headers) }
  }
}

function boundTo(place: CredentialPlace, version: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${place.team_id}|${place.server_id}|credential|${version}`)
}

const imported = new Map<number, { bytes: Uint8Array; key: Promise<CryptoKey> }>()

/** Importing costs more than opening, so each key is imported once. */
function importKey({ version, bytes }: CredentialKey): Promise<CryptoKey> {
  const known = imported.get(version)
  if (known?.bytes === bytes) return known.key
  const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  imported.set(version, { bytes, key })
  return key
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
