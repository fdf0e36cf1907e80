// Small things kept on this device. Storage may be full or blocked: then nothing is kept, and nothing breaks.

const prefix = 'astra.'
/** Survives signing out: it belongs to the device, not to the person. */
const ofTheDevice = new Set(['astra.theme', 'astra.push-offer'])

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, typeof value === 'string' ? value : JSON.stringify(value))
  } catch {
    // Full or blocked.
  }
}

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name)
  } catch {
    return null
  }
}

/** Like `kept`, for what was kept as JSON. The caller names the shape and must not trust it further. */
export function keptJson<T>(name: string): T | null {
  const text = kept(name)
  if (text === null) return null
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(prefix + name)
  } catch {
    // Blocked.
  }
}

/** Everything of the person: drafts, remembered teams, the session itself. */
export function forgetPerson(): void {
  forgetAllBut(ofTheDevice)
}

/** Someone else has signed in without the one before signing out: only the new session stays. */
export function forgetOthers(): void {
  forgetAllBut(new Set([...ofTheDevice, 'astra.session']))
}

function forgetAllBut(staying: Set<string>): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && !staying.has(key)) localStorage.removeItem(key)
    }
  } catch {
    // Blocked.
  }
}
