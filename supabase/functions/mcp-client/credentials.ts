// Secrets at rest. Seals and opens values with AES-256-GCM and says how an opened credential travels.
// A sealed value opens only where it was made for: team, server, field and key version are authenticated.
import { Buffer } from 'node:buffer'
import type { Credential } from '../../../shared/server.ts'
import type { CredentialKey } from './env.ts'

/** What a sealed value is: a server’s credential of the team or a person, a client, a sign-in, a wait; the team’s webhook, or the key of its model; or an answer that a device may give. */
export type SealField =
  | 'credential'
  | `credential:${string}`
  | `client:${string}`
  | `flow:${string}`
  | `wait:${string}`
  | 'webhook'
  | `model:${string}`
  | 'push-answer'
/** Where a sealed value belongs. Part of the seal. */
export type CredentialPlace = { team_id: string; server_id: string; field: SealField }
export type SealedCredential = { encrypted_value: string; key_version: number }

/** An OAuth client at one authorization server (RFC 7591 §3.2.1, the part that is used). */
export type SignInClient = {
  client_id: string
  client_secret?: string
  client_secret_expires_at?: number
  token_endpoint_auth_method?: string
  redirect_uris?: string[]
}

/** A token as an authorization server gave it, with all that renewing and revoking it takes. */
export type HeldToken = {
  access_token: string
  refresh_token?: string
  /** ISO time; absent when the server did not say. */
  ends_at?: string
  scope?: string
  issuer: string
  resource?: string
  token_endpoint: string
  revocation_endpoint?: string
  auth_methods?: string[]
  client: SignInClient
}

type MachineCredential = Extract<Credential, { credential_type: 'client_credentials' }>

/** What is inside a credential’s seal: what was entered, what a sign-in left, or a stdio server’s environment. */
export type Secret =
  | Exclude<Credential, MachineCredential>
  | MachineCredential & { token?: HeldToken }
  | { credential_type: 'oauth'; token: HeldToken }
  | { credential_type: 'custom'; env: Record<string, string> }

/** One account at a server: a member’s own, or the team’s when `user_id` is null. */
export type AccountPlace = { team_id: string; server_id: string; user_id: string | null }

/** Where an account’s credential is sealed. */
export function credentialPlace({ team_id, server_id, user_id }: AccountPlace): CredentialPlace {
  return { team_id, server_id, field: credentialField(user_id) }
}

/** The field of an account’s credential: the team’s when there is no user. */
export function credentialField(user_id: string | null): SealField {
  return user_id === null ? 'credential' : `credential:${user_id}`
}

/** Where the signing secret of a team’s webhook is sealed: it is of no server. */
export function webhookPlace(team_id: string): CredentialPlace {
  return { team_id, server_id: '', field: 'webhook' }
}

/** Where the key of a team’s model is sealed: for this provider at this address, and for no other. */
export function modelPlace(
  { team_id, provider, base_url }: { team_id: string; provider: string; base_url: string | null },
): CredentialPlace {
  return { team_id, server_id: '', field: `model:${provider}:${base_url ?? ''}` }
}

/** Answers that devices may give are nowhere but in what they were sent: what one is for is inside. */
export const pushAnswerPlace: CredentialPlace = { team_id: '', server_id: '', field: 'push-answer' }

const IV_BYTES = 12

/** Seals with the newest key. */
export async function seal(
  value: object,
  { keys, place }: { keys: CredentialKey[]; place: CredentialPlace },
): Promise<SealedCredential> {
  const newest = keys[0]!
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: boundTo(place, newest.version) },
      await importKey(newest),
      new TextEncoder().encode(JSON.stringify(value)),
    ),
  )
  const whole = Buffer.concat([iv, sealed])
  return { encrypted_value: whole.toString('base64'), key_version: newest.version }
}

/** Opens a sealed value; null when its key is gone, it was tampered with, or it belongs elsewhere. */
export async function open<Value extends object = Secret>(
  sealed: SealedCredential,
  { keys, place }: { keys: CredentialKey[]; place: CredentialPlace },
): Promise<Value | null> {
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

/** How a credential travels, and the values to keep out of everything shown. */
export type Carried = {
  headers: Record<string, string>
  query: Record<string, string>
  secrets: string[]
}

/** A credential as it is added to every request to its server, and to no other. */
export function asHeaders(secret: Secret): Carried {
  if ('env' in secret) return carried({}, Object.values(secret.env))
  switch (secret.credential_type) {
    case 'api_key':
      return carried({ [secret.header]: secret.value }, [secret.value])
    case 'query_key':
      return { headers: {}, query: { [secret.parameter]: secret.value }, secrets: [secret.value] }
    case 'oauth_token':
      return carried({ Authorization: `Bearer ${secret.value}` }, [secret.value])
    case 'oauth':
      return bearer(secret.token, [])
    case 'client_credentials':
      return bearer(secret.token, [secret.client_secret])
    case 'basic_auth': {
      const pair = Buffer.from(`${secret.username}:${secret.password}`).toString('base64')
      return carried({ Authorization: `Basic ${pair}` }, [secret.password, pair])
    }
    case 'custom':
      return carried(secret.headers, Object.values(secret.headers))
  }
}

function bearer(token: HeldToken | undefined, secrets: string[]): Carried {
  if (!token) return carried({}, secrets)
  const { access_token, refresh_token, client } = token
  const all = [access_token, refresh_token, client.client_secret, ...secrets]
  return carried(
    { Authorization: `Bearer ${access_token}` },
    all.filter((value) => value !== undefined),
  )
}

function carried(headers: Record<string, string>, secrets: string[]): Carried {
  return { headers, query: {}, secrets }
}

function boundTo(place: CredentialPlace, version: number): Uint8Array<ArrayBuffer> {
  const { team_id, server_id, field } = place
  return new TextEncoder().encode(`${team_id}|${server_id}|${field}|${version}`)
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
