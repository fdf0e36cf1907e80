// The environment, read once and checked. Nothing else reads Deno.env.
// Refuses a configuration that would be unsafe instead of running with it.
import { Buffer } from 'node:buffer'
import { createECDH } from 'node:crypto'

/** One sealing key: 32 bytes and the version written beside what it sealed. */
export type CredentialKey = { version: number; bytes: Uint8Array<ArrayBuffer> }

export type ModelSettings = {
  provider: string | null
  baseUrl: string | null
  name: string | null
  apiKey: string | null
  /** Left out: as the provider’s models usually do. */
  takesImages?: boolean
}

/** The key pair that push messages are signed with (RFC 8292), base64url, and whom a push service may write to. */
export type PushSettings = { publicKey: string; privateKey: string; subject: string }

export type Settings = {
  supabaseUrl: string
  publishableKey: string
  secretKey: string
  /** HS256 secret of an embedded stack; null means ES256/RS256 against the project's JWKS. */
  jwtSecret: string | null
  /** Newest first: the first one seals, all of them open. */
  credentialKeys: CredentialKey[]
  allowedPrivateHosts: string[]
  model: ModelSettings
  /** Where sign-ins come back to (OAuth `redirect_uri`). */
  callbackUrl: string
  /** Our Client ID Metadata Document, where authorization servers can read it; null on a laptop. */
  clientMetadataUrl: string | null
  /** Where the web app is, for the way back from a sign-in; null when that is not known. */
  webUrl: string | null
  /** Null: no device is told anything. */
  push: PushSettings | null
  /** Loopback port to listen on; null where the platform decides. */
  port: number | null
}

type Read = (name: string) => string | undefined

/** Reads and checks every setting. Throws an Error naming the variable, never its value. */
export function readSettings(read: Read = (name) => Deno.env.get(name)): Settings {
  const supabaseUrl = required(read, 'SUPABASE_URL').replace(/\/+$/, '')
  const port = optional(read, 'ASTRA_FUNCTION_PORT')
  const settings: Settings = {
    supabaseUrl,
    publishableKey: firstKey(read, 'PUBLISHABLE', 'SUPABASE_ANON_KEY'),
    secretKey: firstKey(read, 'SECRET', 'SUPABASE_SERVICE_ROLE_KEY'),
    jwtSecret: optional(read, 'ASTRA_JWT_SECRET'),
    credentialKeys: credentialKeys(required(read, 'ASTRA_CREDENTIAL_KEYS')),
    allowedPrivateHosts: list(optional(read, 'ASTRA_ALLOWED_PRIVATE_HOSTS')),
    model: {
      provider: optional(read, 'ASTRA_MODEL_PROVIDER'),
      baseUrl: optional(read, 'ASTRA_MODEL_BASE_URL'),
      name: optional(read, 'ASTRA_MODEL_NAME'),
      apiKey: optional(read, 'ASTRA_MODEL_API_KEY'),
      ...takesImages(read),
    },
    callbackUrl: `${supabaseUrl}/functions/v1/mcp-client/oauth/callback`,
    clientMetadataUrl: clientMetadataUrl(read, supabaseUrl),
    webUrl: webUrl(read) ?? (port === null ? null : supabaseUrl),
    push: pushSettings(read),
    port: port === null ? null : Number(port),
  }
  refuseUnsafe(settings)
  return settings
}

/**
 * A hosted project is reached over https. There, a private upstream would be the platform's own
 * network, and a shared JWT secret would let whoever holds it be anyone.
 */
function refuseUnsafe(settings: Settings): void {
  if (!settings.supabaseUrl.startsWith('https://')) return
  if (settings.allowedPrivateHosts.length > 0) {
    throw new Error('ASTRA_ALLOWED_PRIVATE_HOSTS must not be set in a hosted project')
  }
  if (settings.jwtSecret !== null) {
    throw new Error('ASTRA_JWT_SECRET must not be set in a hosted project: its keys are asymmetric')
  }
}

/** Authorization servers fetch it, so it must be https (OAuth Client ID Metadata Document §3). */
function clientMetadataUrl(read: Read, supabaseUrl: string): string | null {
  const given = optional(read, 'ASTRA_CLIENT_METADATA_URL')
  if (given === null) {
    return supabaseUrl.startsWith('https://')
      ? `${supabaseUrl}/functions/v1/mcp-client/oauth/client.json`
      : null
  }
  const url = URL.canParse(given) ? new URL(given) : null
  if (url?.protocol !== 'https:' || url.pathname === '/') {
    throw new Error('ASTRA_CLIENT_METADATA_URL must be an https address with a path')
  }
  return given
}

function webUrl(read: Read): string | null {
  const given = optional(read, 'ASTRA_WEB_URL')
  if (given === null) return null
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw new Error('ASTRA_WEB_URL must be the web address of the app')
  }
  return given
}

function takesImages(read: Read): Pick<ModelSettings, 'takesImages'> {
  const given = optional(read, 'ASTRA_MODEL_TAKES_IMAGES')
  if (given === null) return {}
  if (!/^(?:true|false)$/.test(given)) {
    throw new Error('ASTRA_MODEL_TAKES_IMAGES must be true or false')
  }
  return { takesImages: given === 'true' }
}

/** A pair that does not belong together would be refused by every push service, one message at a time. */
function pushSettings(read: Read): PushSettings | null {
  const given = optional(read, 'ASTRA_VAPID_KEYS')
  if (given === null) return null
  const [, publicKey, privateKey] = /^([\w-]{87}):([\w-]{43})$/.exec(given) ?? []
  if (!publicKey || !privateKey || publicKeyOf(privateKey) !== publicKey) {
    throw new Error('ASTRA_VAPID_KEYS must be <public key>:<private key>, as made by vapid-keys')
  }
  return { publicKey, privateKey, subject: pushSubject(read) }
}

function publicKeyOf(privateKey: string): string | null {
  try {
    const pair = createECDH('prime256v1')
    // As bytes: older Denos know fewer encodings.
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'))
    return Buffer.from(pair.getPublicKey()).toString('base64url')
  } catch {
    return null
  }
}

/** RFC 8292 §2.1: some push services refuse every message without one. */
function pushSubject(read: Read): string {
  const given = optional(read, 'ASTRA_VAPID_SUBJECT') ?? httpsOnly(webUrl(read)) ?? NOBODY
  if (/^mailto:[^\s<>@]+@[^\s<>@]+$/.test(given)) return given
  if (httpsOnly(given)) return given
  throw new Error('ASTRA_VAPID_SUBJECT must be mailto:<address> or an https address')
}

const NOBODY = 'mailto:astra@example.com'

function httpsOnly(url: string | null): string | null {
  return url !== null && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : null
}

function optional(read: Read, name: string): string | null {
  return read(name)?.trim() || null
}

function required(read: Read, name: string): string {
  const value = optional(read, name)
  if (value === null) throw new Error(`${name} is not set`)
  return value
}

/** Newer projects pass `SUPABASE_…_KEYS` as JSON by name, older ones a single legacy key. */
function firstKey(read: Read, kind: 'PUBLISHABLE' | 'SECRET', legacyName: string): string {
  const single = optional(read, `SUPABASE_${kind}_KEY`)
  if (single !== null) return single
  const many = optional(read, `SUPABASE_${kind}_KEYS`)
  if (many === null) return required(read, legacyName)
  const named = JSON.parse(many) as Record<string, string>
  const key = named.default ?? Object.values(named)[0]
  if (!key) throw new Error(`SUPABASE_${kind}_KEYS holds no key`)
  return key
}

function list(value: string | null): string[] {
  return (value ?? '').split(',').map((entry) => entry.trim().toLowerCase()).filter(Boolean)
}

function credentialKeys(value: string): CredentialKey[] {
  const keys = value.split(',').map((entry) => {
    const parts = /^\s*(\d+):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry)
    if (!parts) throw new Error('ASTRA_CREDENTIAL_KEYS must be <version>:<base64 of 32 bytes>, …')
    const bytes = Uint8Array.from(atob(parts[2]!), (char) => char.charCodeAt(0))
    return { version: Number(parts[1]), bytes }
  })
  return keys.sort((a, b) => b.version - a.version)
}
