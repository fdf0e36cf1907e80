// Who is asking. A bearer token becomes a Caller here, and a Caller becomes a Member of one team;
// nothing else trusts a token, and nothing reads a team or a role from one. Machines of the project’s own
// show its secret key instead, at doors that answer counts only.
import { timingSafeEqual } from 'node:crypto'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Membership, Role } from '../../../shared/team.ts'
import type { App } from './app.ts'
import { sha256 } from './canonical.ts'
import { read } from './db.ts'
import type { Settings } from './env.ts'
import { AppError } from './http.ts'

/**
 * A signed-in person. `token` is their own access token, passed on only to our own Data API; null where an
 * answer to them goes on without them, once the database has said that they are still in the team.
 */
export type Caller = { kind: 'user'; user_id: string; token: string | null }
/** A caller in the team they act for. */
export type Member = Caller & { team_id: string; role: Role }

/** Checks a token: gives the user it belongs to, or null when it is not to be trusted. */
export type VerifyToken = (token: string) => Promise<string | null>

type Remembered = { user_id: string; expires_at: number }
const MEMORY_LIMIT = 10_000

/**
 * Verification by the project's keys: HS256 with the embedded stack's secret, else ES256/RS256 with its
 * JWKS. A token once verified is remembered by its hash until it expires; membership never is.
 */
export function tokenVerifier(settings: Settings, now: () => number = Date.now): VerifyToken {
  const verify = signatureCheck(settings, now)
  const remembered = new Map<string, Remembered>()
  return async (token) => {
    if (token.length > 8_192 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return null
    const hash = await fingerprint(token)
    const known = remembered.get(hash)
    if (known && known.expires_at > now()) return known.user_id
    const fresh = await verify(token)
    if (fresh === null) return null
    if (remembered.size >= MEMORY_LIMIT) remembered.delete(remembered.keys().next().value!)
    remembered.set(hash, fresh)
    return fresh.user_id
  }
}

function signatureCheck(
  settings: Settings,
  now: () => number,
): (token: string) => Promise<Remembered | null> {
  const verify = settings.jwtSecret === null
    ? byProjectKeys(settings.supabaseUrl)
    : bySecret(settings.jwtSecret)
  const issuer = `${settings.supabaseUrl}/auth/v1`
  // The embedded auth server writes no issuer; a token that names one must always name this project.
  const isOurs = (iss: unknown) =>
    iss === issuer || (settings.jwtSecret !== null && iss === undefined)
  const claims = {
    audience: 'authenticated',
    requiredClaims: ['sub', 'exp', 'role'],
  }
  return async (token) => {
    try {
      const { payload } = await verify(token, { ...claims, currentDate: new Date(now()) })
      if (!isOurs(payload.iss)) return null
      if (payload.role !== 'authenticated' || !isUuid(payload.sub)) return null
      return { user_id: payload.sub, expires_at: payload.exp! * 1_000 }
    } catch (thrown) {
      // Keys that cannot be fetched are our trouble, not the caller's: do not answer 401 for it.
      if (thrown instanceof errors.JWKSTimeout || !(thrown instanceof errors.JOSEError)) {
        throw thrown
      }
      return null
    }
  }
}

type Claims = { audience: string; requiredClaims: string[]; currentDate: Date }

function byProjectKeys(supabaseUrl: string) {
  const keys = createRemoteJWKSet(new URL(`${supabaseUrl}/auth/v1/.well-known/jwks.json`))
  return (token: string, claims: Claims) =>
    jwtVerify(token, keys, { ...claims, algorithms: ['ES256', 'RS256'] })
}

function bySecret(secret: string) {
  const key = new TextEncoder().encode(secret)
  return (token: string, claims: Claims) =>
    jwtVerify(token, key, { ...claims, algorithms: ['HS256'] })
}

async function fingerprint(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return String.fromCharCode(...new Uint8Array(digest))
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

/** The caller behind a request. Throws AppError `unauthenticated`; a bad token never becomes nobody. */
export async function authenticate(app: App, request: Request): Promise<Caller> {
  const header = request.headers.get('authorization') ?? ''
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  const user_id = token ? await app.verifyToken(token) : null
  if (!token || user_id === null) {
    throw new AppError('unauthenticated', 'Sign in, then try again.')
  }
  return { kind: 'user', user_id, token }
}

/** Lets pass whoever holds the project’s secret key, in `apikey`. Throws AppError `unauthenticated`. */
export async function requireSecretKey({ settings }: App, request: Request): Promise<void> {
  const given = request.headers.get('apikey') ?? ''
  const [one, other] = await Promise.all([sha256(given), sha256(settings.secretKey)])
  const bytes = new TextEncoder()
  if (timingSafeEqual(bytes.encode(one), bytes.encode(other))) return
  throw new AppError('unauthenticated', 'This door opens with the project’s secret key only.')
}

/**
 * The team a caller acts for: the one named if they are in it, else their only one. Read on every
 * request, so that a removed member is out at once.
 * Throws AppError `team_required` (several teams, none named), `not_found` (not theirs), `forbidden` (no team).
 */
export async function resolveMember(app: App, caller: Caller, team_id?: string): Promise<Member> {
  const held = chooseTeam(await membershipsOf(app, caller.user_id), team_id)
  return { ...caller, team_id: held.team_id, role: held.role }
}

/** The teams of a person, as they are now. */
export async function membershipsOf(app: App, user_id: string): Promise<Membership[]> {
  return await read(app.db.service.rpc('memberships_of', { p_user_id: user_id }))
}

/** Pure part of the above, shared with the corridor, which reads memberships in its own round trip. */
export function chooseTeam(memberships: Membership[], team_id?: string): Membership {
  const held = team_id === undefined
    ? (memberships.length === 1 ? memberships[0] : undefined)
    : memberships.find((membership) => membership.team_id === team_id.toLowerCase())
  if (held) return held
  if (team_id !== undefined) throw new AppError('not_found', 'No such team, or you are not in it.')
  if (memberships.length === 0) throw new AppError('forbidden', 'You are not in a team yet.')
  throw new AppError('team_required', 'You are in several teams: say which one with team_id.', {
    teams: memberships,
  })
}
