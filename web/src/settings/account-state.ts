// Whose account a server uses, whether it is there, and how long it lasts. Pure; the clock is an argument.
import type { Account } from '@shared/execution.ts'
import type { Server } from '@shared/server.ts'
import { formatDate } from '@/lib/format.ts'
import type { Tone } from '@/ui/status.tsx'

export const accountWords: Record<Account, string> = {
  team: 'One for the team',
  person: 'Each person their own',
}

export const accountSentences: Record<Account, string> = {
  team: 'An admin connects it once. Everything the team does there happens in its name.',
  person: 'Everyone connects their own. What they do there happens in their name.',
}

const day = 24 * 60 * 60 * 1_000
/** From so many days on an end is announced. */
const warnedDays = 14

export type Expiry = { tone: Tone; word: string; expired: boolean }

/** Null where nothing ends, or not soon. Days are counted as people do: tomorrow is one day away. */
export function expiryOf(expires_at: string | null | undefined, now = new Date()): Expiry | null {
  if (!expires_at) return null
  const end = new Date(expires_at)
  if (Number.isNaN(end.getTime())) return null
  if (end <= now) return { tone: 'bad', word: 'Expired', expired: true }
  const days = Math.round((midnight(end) - midnight(now)) / day)
  if (days > warnedDays) return null
  const when = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
  return { tone: 'warn', word: `Expires ${when}`, expired: false }
}

/** In the reader's own time zone; summer time makes some days an hour longer. */
function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** An end far away, as a date; null where there is none. */
export function lastsWords(expires_at: string | null, now = new Date()): string | null {
  return expires_at ? `until ${formatDate(expires_at, now)}` : null
}

type Uses = { account: Account; server_type: 'http' | 'sse' | 'stdio' }
export type ToolAccounts = { team: number; person: number }

/** Whose accounts are needed: the server's own choice, and what single tools say otherwise. */
export function accountsUsed(server: Uses, tools: ToolAccounts | null): Account[] {
  if (server.server_type === 'stdio') return []
  return (['team', 'person'] as const)
    .filter((account) => server.account === account || (tools?.[account] ?? 0) > 0)
}

export type Held = { credential_type: CredentialType; expires_at: string | null }
type CredentialType = NonNullable<Server['credential_type']>
type Known = Uses & Pick<Server, 'is_active' | 'credential_type' | 'credential_expires_at'>

/** The team's account, as far as a client may know it. */
export function teamAccount(server: Known): Held | null {
  const { credential_type, credential_expires_at: expires_at } = server
  return credential_type && { credential_type, expires_at }
}

export type Notice = { account: Account; tone: Tone; text: string; held: Held | null }
type Seen = { tools: ToolAccounts | null; mine: Held | null; admin: boolean; now?: Date }

/** What must be done about accounts, before calls begin to fail or because they do. */
export function noticesOf(server: Known, { tools, mine, admin, now }: Seen): Notice[] {
  if (!server.is_active) return []
  return accountsUsed(server, tools).flatMap((account): Notice[] => {
    const held = account === 'team' ? teamAccount(server) : mine
    if (!held) return account === 'team' ? [] : [missing(server)]
    const expiry = expiryOf(held.expires_at, now)
    if (!expiry) return []
    const whose = account === 'team' ? 'The team’s account' : 'Your account'
    const ends = expiry.expired
      ? 'has expired: its tools fail until it is renewed.'
      : `${expiry.word.toLowerCase()}. Renew it before its tools begin to fail.`
    const ask = account === 'team' && !admin ? ' Ask an admin.' : ''
    return [{ account, tone: expiry.tone, text: `${whose} ${ends}${ask}`, held }]
  })
}

function missing(server: Uses): Notice {
  const what = server.account === 'person' ? 'It needs' : 'Some of its tools need'
  return { account: 'person', tone: 'warn', text: `${what} an account of your own.`, held: null }
}
