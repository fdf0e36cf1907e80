import { describe, expect, it } from 'vitest'
import { accountsUsed, expiryOf, noticesOf } from './account-state.ts'
import { connectErrorWords, remedyOf } from './connect-words.ts'
import { claims, claimWords, progressWords } from './tool-rules.ts'
import { fellBack } from './server-state.ts'

const now = new Date(2026, 10, 21, 9, 30)
const inDays = (days: number, hour = 12) => new Date(2026, 10, 21 + days, hour).toISOString()

describe('the end of a credential', () => {
  it('is announced from two weeks on, in days as people count them', () => {
    const words = (days: number, hour?: number) => expiryOf(inDays(days, hour), now)?.word
    expect(words(15)).toBeUndefined()
    expect(words(14, 23)).toBe('Expires in 14 days')
    expect(words(3, 1)).toBe('Expires in 3 days')
    expect(words(1, 1)).toBe('Expires tomorrow')
    expect(words(0, 23)).toBe('Expires today')
    expect(expiryOf(inDays(0, 9), now)).toEqual({ tone: 'bad', word: 'Expired', expired: true })
  })

  it('is nothing where none is known', () => {
    for (const end of [null, undefined, '', 'never']) expect(expiryOf(end, now)).toBeNull()
  })
})

const server = {
  is_active: true,
  server_type: 'http' as const,
  account: 'team' as const,
  credential_type: 'api_key' as const,
  credential_expires_at: null as string | null,
}
const none = { team: 0, person: 0 }

describe('whose accounts a server needs', () => {
  it('follows the server, and single tools against it', () => {
    expect(accountsUsed(server, null)).toEqual(['team'])
    expect(accountsUsed(server, { team: 0, person: 1 })).toEqual(['team', 'person'])
    expect(accountsUsed({ ...server, account: 'person' }, none)).toEqual(['person'])
    expect(accountsUsed({ ...server, server_type: 'stdio' }, none)).toEqual([])
  })
})

describe('a notice about an account', () => {
  const seen = { tools: none, mine: null, admin: true, now }

  it('is there while one is missing, ends soon or has ended', () => {
    expect(noticesOf(server, seen)).toEqual([])
    const ends = { ...server, credential_expires_at: inDays(3) }
    expect(noticesOf(ends, seen)).toMatchObject([{
      account: 'team',
      tone: 'warn',
      text: 'The team’s account expires in 3 days. Renew it before its tools begin to fail.',
    }])
    const over = { ...server, credential_expires_at: inDays(-1) }
    expect(noticesOf(over, { ...seen, admin: false })[0]?.text).toMatch(/has expired.*Ask an admin/)
    const own = { ...server, account: 'person' as const }
    expect(noticesOf(own, seen)).toMatchObject([{ account: 'person', held: null }])
    const mine = { credential_type: 'oauth' as const, expires_at: null }
    expect(noticesOf(own, { ...seen, mine })).toEqual([])
  })

  it('is not there for a server nobody can use', () => {
    expect(noticesOf({ ...server, account: 'person', is_active: false }, seen)).toEqual([])
  })
})

describe('coming back from a sign-in', () => {
  it('never shows what stands in the address', () => {
    for (const code of ['declined', 'wrong_issuer', 'made_up', 'constructor', '<b>x</b>']) {
      expect(connectErrorWords(code), code).toMatch(/^The [a-z].+\.$/)
      expect(connectErrorWords(code)).not.toContain('<b>')
    }
  })
})

describe('a sign-in that cannot begin', () => {
  it('is helped by a key where none is offered, and by a client where one is wanted', () => {
    const reasons = ['not_offered', 'client_needed', 'client_refused', 'unreachable']
    expect(reasons.map((reason) => remedyOf({ reason }))).toEqual(['key', 'client', 'client', null])
    expect([remedyOf(null), remedyOf('x'), remedyOf([])]).toEqual([null, null, null])
  })
})

describe('what a server says of itself', () => {
  it('is put as its claim, one sentence for several', () => {
    const said = claims({ readOnlyHint: true, idempotentHint: true, openWorldHint: true })
    expect(claimWords(said)).toBe('only reads and reaches the outside world')
    expect(claims({ destructiveHint: false, idempotentHint: true }))
      .toEqual(['only adds', 'may be repeated without harm'])
  })

  it('is older SSE by itself only where something newer was asked for', () => {
    expect([fellBack('http', 'sse'), fellBack('sse', 'sse'), fellBack('http', null)])
      .toEqual([true, false, false])
  })
})

describe('the progress of a tool', () => {
  it('is its words, its share, or nothing that can be said', () => {
    expect(progressWords({ progress: 3, total: 10, message: 'Page 3' })).toBe('Page 3 · 30%')
    expect(progressWords({ progress: 30, total: 10, message: null })).toBe('100%')
    expect(progressWords({ progress: 3, total: null, message: ' ' })).toBeNull()
    expect(progressWords({ progress: 3, total: 0, message: null })).toBeNull()
  })
})
