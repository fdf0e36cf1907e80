// Keeps secrets out of everything stored, logged or answered. Pure.
import { Buffer } from 'node:buffer'

const MARK = '[redacted]'
/** Shorter values would redact ordinary words; a secret this short protects nothing. */
const SHORTEST = 6

const SECRET_NAMES = new Set([
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'apikey',
  'authorization',
  'cookie',
  'clientsecret',
  'privatekey',
  'credential',
  'credentials',
])

/** True for names whose value is a secret by convention: `api_key`, `accessToken`, `Client-Secret` … */
export function namesSecret(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[^a-z]/g, ''))
}

/** A copy in which every value under a secret's name is replaced. For parameters about to be stored. */
export function redactByName<T>(value: T): T {
  return walk(
    value,
    (name, item) => name !== null && namesSecret(name) && item !== null ? MARK : item,
  )
}

/**
 * A copy of what a person edited, in which every value that was shown to them redacted, and that they left
 * as it was shown, is again what it was.
 */
export function keepRedacted<T extends Record<string, unknown>>(
  edited: T,
  { shown, original }: { shown: unknown; original: unknown },
): T {
  const step = (value: unknown, seen: unknown, was: unknown): unknown => {
    if (typeof value === 'string') {
      return value === seen && value.includes(MARK) && was !== undefined ? was : value
    }
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      step(entry, entryOf(seen, key), entryOf(was, key)),
    ])
    return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries)
  }
  return step(edited, shown, original) as T
}

function entryOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}

/**
 * A copy in which each of `secrets` is replaced wherever it appears: as it is, base64, base64url,
 * URL-encoded or JSON-escaped. Gives back the same object when nothing is found.
 */
export function redactByValue<T>(value: T, secrets: string[]): T {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))]
  if (forms.length === 0) return value
  // Longest first, so that a form that contains another is replaced whole.
  forms.sort((a, b) => b.length - a.length)
  const conceal = (text: string) => forms.reduce((seen, form) => seen.replaceAll(form, MARK), text)
  return walk(value, (_name, item) => typeof item === 'string' ? conceal(item) : item, conceal)
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    // Padding depends on what follows.
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
  ]
}

type Visit = (name: string | null, item: unknown) => unknown

function walk<T>(value: T, visit: Visit, rename = (name: string) => name): T {
  const step = (name: string | null, item: unknown): unknown => {
    const seen = visit(name, item)
    if (typeof seen !== 'object' || seen === null) return seen
    if (Array.isArray(seen)) {
      const entries = seen.map((entry) => step(null, entry))
      return entries.every((entry, at) => entry === seen[at]) ? seen : entries
    }
    let same = true
    const entries = Object.entries(seen).map(([key, entry]) => {
      const kept = [rename(key), step(key, entry)] as const
      same &&= kept[0] === key && kept[1] === entry
      return kept
    })
    return same ? seen : Object.fromEntries(entries)
  }
  return step(null, value) as T
}
