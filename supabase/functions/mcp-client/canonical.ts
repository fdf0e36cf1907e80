// One text for one value: JSON with sorted keys, and its hash. For comparing what was sent before with
// what is sent now; never for display.
import { isRecord } from '../../../shared/json.ts'

/** JSON with object keys sorted at every level (RFC 8785 order of keys; numbers as JSON.stringify writes them). */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item) =>
      isRecord(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
  )
}

/** SHA-256 as lower-case hex. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
