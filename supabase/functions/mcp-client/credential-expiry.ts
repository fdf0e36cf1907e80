// When a credential stops working unless someone acts: what its owner says, else what it says itself.
// No secret leaves this file; a token is read without being trusted.
import { decodeJwt } from 'jose'
import type { Secret } from './credentials.ts'
import { AppError } from './http.ts'

/**
 * ISO time, or null for one that is not known. Throws AppError `invalid_request` for text that is no time.
 * A bearer token that is a JWT names its own end (RFC 7519 §4.1.4).
 */
export function expiryOf(secret: Secret): string | null {
  const given = 'expires_at' in secret ? secret.expires_at : null
  if (given) {
    const at = isoTime(new Date(given))
    if (at !== null) return at
    const problem = { path: 'credential.expires_at', message: 'is not a time' }
    throw new AppError('invalid_request', `${problem.path}: ${problem.message}`, [problem])
  }
  if (secret.credential_type === 'oauth_token') return endOfJwt(secret.value)
  if (secret.credential_type !== 'oauth') return null
  // With a refresh token nobody has to do anything when the access token ends.
  const { refresh_token, ends_at } = secret.token
  return refresh_token === undefined ? ends_at ?? null : null
}

function endOfJwt(token: string): string | null {
  try {
    const { exp } = decodeJwt(token)
    return typeof exp === 'number' ? isoTime(new Date(exp * 1_000)) : null
  } catch {
    return null
  }
}

/** Null beyond the years that everyone writes with four digits. */
function isoTime(at: Date): string | null {
  const year = at.getUTCFullYear()
  return year >= 1970 && year <= 9_999 ? at.toISOString() : null
}
