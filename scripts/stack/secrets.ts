// The secrets a stack makes once and keeps: what signs sessions and pushes, opens the API, seals credentials.
// They are written before the database exists, so a database without its secrets is never ours to replace.
import { join } from 'node:path'
import { generateApiKey } from '@supabase/lite'
import { z } from 'zod'
import { exists, kept, readKept, writePrivate } from './folder.ts'
import { StartProblem } from './problem.ts'
import { makeVapidKeys } from './vapid.ts'

const secrets = z.strictObject({
  jwt_secret: z.string().min(32),
  publishable_key: z.string().startsWith('sb_publishable_'),
  secret_key: z.string().startsWith('sb_secret_'),
  /** `<version>:<base64 of 32 bytes>`, comma-separated. */
  credential_keys: z.string().regex(/^\d+:[A-Za-z0-9+/]{43}=/),
  pepper: z.string().min(32),
  /** `<public key>:<private key>`: what push messages are signed with. Folders of before have none yet. */
  vapid_keys: z.string().regex(/^[\w-]{87}:[\w-]{43}$/).optional(),
})
export type Secrets = Required<z.infer<typeof secrets>>

/** Reads the folder's secrets, or makes them on a first start. Throws StartProblem. */
export async function keepSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, kept.secrets)
  const found = await readKept(path)
  if (found === null) return await makeSecrets(folder, path)
  const parsed = secrets.safeParse(found)
  if (!parsed.success) throw new StartProblem(`${path} does not hold the secrets of a stack`)
  const { vapid_keys } = parsed.data
  if (vapid_keys) return { ...parsed.data, vapid_keys }
  return await write(path, { ...parsed.data, vapid_keys: await makeVapidKeys() })
}

/** Adds a sealing key, which is the newest from then on, and gives its version. Throws StartProblem. */
export async function addKey(folder: string): Promise<number> {
  const { credential_keys } = await keepSecrets(folder)
  const version = newestOf(credential_keys).version + 1
  await keepKeys(folder, `${version}:${randomBase64(32)},${credential_keys}`)
  return version
}

/** Forgets every sealing key but the newest. What older ones sealed is lost with them. Throws StartProblem. */
export async function dropOldKeys(folder: string): Promise<void> {
  const { credential_keys } = await keepSecrets(folder)
  await keepKeys(folder, newestOf(credential_keys).entry)
}

/** The key that seals: the one with the highest version. */
export function newestOf(credential_keys: string): { version: number; entry: string } {
  const keys = credential_keys.split(',').map((entry) => ({
    version: Number.parseInt(entry),
    entry,
  }))
  return keys.reduce((one, other) => other.version > one.version ? other : one)
}

async function keepKeys(folder: string, credential_keys: string): Promise<void> {
  const changed = { ...await keepSecrets(folder), credential_keys }
  await write(join(folder, kept.secrets), changed)
}

async function makeSecrets(folder: string, path: string): Promise<Secrets> {
  if (await exists(join(folder, kept.database))) {
    throw new StartProblem(`${folder} holds a database but not its secrets (${kept.secrets})`)
  }
  const made: Secrets = {
    jwt_secret: randomBase64(48),
    publishable_key: (await generateApiKey('publishable')).key,
    secret_key: (await generateApiKey('secret')).key,
    credential_keys: `1:${randomBase64(32)}`,
    pepper: randomBase64(32),
    vapid_keys: await makeVapidKeys(),
  }
  return await write(path, made)
}

async function write(path: string, secrets: Secrets): Promise<Secrets> {
  await writePrivate(path, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}

function randomBase64(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toBase64()
}
