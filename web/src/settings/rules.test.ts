import { describe, expect, it } from 'vitest'
import { lengthWords, readAmount, windowWords } from './amounts.ts'
import { draftOf, limitsSentence, readLimits } from './limits.ts'
import { readReplicas, replicaProblem } from './server-replicas.ts'
import { agoWords, endpointState, restWords, stateOf } from './server-state.ts'
import { CallError } from '@/lib/call.ts'
import {
  changedBy,
  changeWords,
  exceptions,
  refusalWords,
  ruledWords,
  standingWords,
} from './tool-rules.ts'
import { deliveryState, lastTry, openWords, testWords } from './webhook-words.ts'

describe('an amount', () => {
  it('may be left out, and is otherwise a whole number within its bounds', () => {
    expect(readAmount(' ', { most: 10 })).toEqual({ value: null })
    expect(readAmount(' 10 ', { most: 10 })).toEqual({ value: 10 })
    for (const typed of ['0', '-1', '1.5', '1e3', 'ten', '11']) {
      expect(readAmount(typed, { most: 10 }), typed).toHaveProperty('problem')
    }
  })

  it('of time is said as short as it can be said exactly', () => {
    expect([60, 90, 3_600, 5_400, 86_400].map(lengthWords))
      .toEqual(['1 min', '90 s', '1 h', '90 min', '1 d'])
    expect([1, 60, 90, 7_200].map(windowWords))
      .toEqual(['second', 'minute', '90 seconds', '2 hours'])
  })
})

describe('the limits of a team', () => {
  const limits = { rate_window_seconds: 60, rate_per_person: 600, rate_per_team: 6_000 }

  it('come back as they were typed, where an empty box is no limit', () => {
    expect(readLimits(draftOf(limits)).limits).toEqual(limits)
    const none = { rate_window_seconds: 10, rate_per_person: null, rate_per_team: null }
    expect(draftOf(none)).toEqual({ window: '10', person: '', team: '' })
    expect(readLimits(draftOf(none)).limits).toEqual(none)
  })

  it('are not saved outside of what the database keeps, and say where', () => {
    const { limits, problems } = readLimits({ window: '', person: '0', team: '1000001' })
    expect(limits).toBeNull()
    expect(Object.keys(problems).sort()).toEqual(['person', 'team', 'window'])
    expect(readLimits({ window: '86401', person: '', team: '' }).limits).toBeNull()
  })

  it('are a sentence', () => {
    expect(limitsSentence(limits))
      .toBe('In every minute: 600 calls by one person, 6,000 calls by the whole team.')
    expect(limitsSentence({ ...limits, rate_per_person: null, rate_per_team: null }))
      .toMatch(/^There is no limit/)
  })
})

describe('the rules of a tool', () => {
  const plain = {
    policy: 'ask' as const,
    timeout_seconds: 30,
    allows_always: false,
    is_idempotent: false,
    cache_seconds: null,
    rate_limit: null,
    sends_out: true,
  }

  it('are said where they differ from those of a new one', () => {
    expect(exceptions(plain, 60)).toEqual([])
    const other = { ...plain, timeout_seconds: 60, is_idempotent: true, cache_seconds: 300 }
    const harmless = { ...other, allows_always: true, rate_limit: 1, sends_out: false }
    expect(exceptions(harmless, 60)).toEqual([
      'people may always allow it',
      'sends nothing out',
      'waits up to 1 min',
      'may be tried again',
      'same answer for 5 min',
      'at most 1 call in every minute',
    ])
  })

  it('do not speak of “always” where nobody is asked', () => {
    expect(exceptions({ ...plain, policy: 'ask_admin', allows_always: true }, 60)).toEqual([])
  })

  it('were changed by someone, or by Astra when a definition changed', () => {
    const change = {
      policy_before: 'allow' as const,
      policy: 'ask' as const,
      allows_always_before: false,
      allows_always: true,
      sends_out_before: true,
      sends_out: true,
    }
    expect(changeWords(change)).toBe('From “Allow” to “Ask”. “Always for me” may be chosen')
    expect(changedBy({ ...change, changed_by: null, profiles: null })).toMatch(/^Astra/)
    const gone = { ...change, policy: 'deny' as const, changed_by: null, profiles: null }
    expect(changedBy(gone)).toBe('Someone who left')
    const doubted = { ...gone, policy_before: 'deny' as const, sends_out_before: false }
    expect(changedBy(doubted)).toMatch(/^Astra/)
    expect(changeWords({ ...doubted, allows_always: false })).toBe('It can send data out')
    const profiles = { email: 'o@acme.test', full_name: null }
    expect(changedBy({ ...change, changed_by: 'o', profiles })).toBe('o@acme.test')
  })

  it('refuse in words that say how long to wait, where that is known', () => {
    const over = new CallError('rate_limited', 'Enough for now.', {
      details: { retry_after_seconds: 42 },
    })
    expect(refusalWords(over)).toBe('Enough for now. Try again in 42 s.')
    expect(refusalWords(new Error('No.'))).toBe('No.')
  })

  it('for several are confirmed in one sentence', () => {
    expect(ruledWords(1, 'ask_admin')).toBe('1 tool now asks an admin first.')
    expect(ruledWords(4, 'deny')).toBe('4 tools now never run.')
  })

  it('say when a standing yes does not count', () => {
    const tool = { changed: false, policy: 'ask' as const, allows_always: true }
    expect(standingWords(tool)).toBeNull()
    for (
      const other of [null, { ...tool, changed: true }, { ...tool, allows_always: false }, {
        ...tool,
        policy: 'deny' as const,
      }]
    ) expect(standingWords(other)).toMatch(/\.$/)
  })
})

describe('how a server is doing', () => {
  const server = {
    is_active: true,
    connection_status: 'connected' as const,
    last_error: null,
    server_type: 'http' as const,
    last_connected_at: '2026-11-21T04:00:00Z',
    health: 'online' as const,
    health_error: null,
  }
  const now = new Date('2026-11-21T10:00:00Z')

  it('is one word out of two sources: what cannot be reached comes first', () => {
    expect(stateOf(server)).toEqual({ tone: 'ok', word: 'Online', sentence: null })
    for (const connection_status of ['connected', 'error', 'pending'] as const) {
      const offline = { ...server, connection_status, health: 'offline' as const }
      expect(stateOf({ ...offline, health_error: 'Nothing answers' }))
        .toEqual({ tone: 'bad', word: 'Offline', sentence: 'Nothing answers.' })
    }
    expect(stateOf({ ...server, health: 'degraded' }).word).toBe('Degraded')
    expect(stateOf({ ...server, health: 'unknown' }).word).toBe('Connected')
  })

  it('is never called online while its last call failed', () => {
    const failed = { ...server, connection_status: 'error' as const, last_error: 'It said no.' }
    expect(stateOf(failed)).toMatchObject({ tone: 'warn', word: 'Last call failed' })
    expect(stateOf(failed).sentence).toMatch(/^It said no\. Since then it answers/)
    expect(stateOf({ ...failed, health: 'degraded' }).word).toBe('Not working')
  })

  it('was seen seconds ago, and is left alone for so long', () => {
    expect(agoWords('2026-11-21T09:59:20Z', now)).toBe('40 s ago')
    expect(agoWords('2026-11-21T09:58:00Z', now)).toBe('2 minutes ago')
    expect(restWords('2026-11-21T10:00:30Z', now)).toBe('left alone for 30 s more')
    expect(restWords('2026-11-21T09:59:30Z', now)).toBe('tried again with the next call')
    expect(restWords(null, now)).toBeNull()
    expect(endpointState({ status: 'offline', last_error: 'Gone' }).sentence).toBe('Gone.')
  })
})

describe('further addresses', () => {
  it('are read line by line, each once, without the server’s own', () => {
    const own = 'https://a.example/mcp'
    expect(readReplicas('b.example/mcp\n\n https://b.example/mcp \nhttps://a.example/mcp', own))
      .toEqual({ replicas: ['https://b.example/mcp'], problem: null })
    expect(readReplicas('two words', own).problem).toBe('Not an address: two words')
    const eight = Array.from({ length: 8 }, (_, at) => `https://r${at}.example/`).join('\n')
    expect(readReplicas(eight, own).problem).toMatch(/^At most 7/)
  })

  it('show what the function says of one of them', () => {
    expect(replicaProblem([{ path: 'config.replicas.1', message: 'No' }])).toBe('No')
    expect(replicaProblem([{ path: 'config.url', message: 'No' }])).toBeNull()
  })
})

describe('a webhook', () => {
  const now = new Date('2026-11-21T10:00:00Z')

  it('says how the last try and a test went', () => {
    expect(lastTry({ last_tried_at: null, last_error: null }).word).toBe('Not tried yet')
    const tried = { last_tried_at: now.toISOString(), last_error: 'The receiver answered 500.' }
    expect(lastTry(tried)).toMatchObject({ tone: 'bad', sentence: tried.last_error })
    expect(testWords({ delivered: true, status: 204, message: 'The receiver answered 204.' }).text)
      .toBe('The test arrived. The receiver answered 204.')
  })

  it('says what waits and what was given up, or nothing', () => {
    expect(openWords({ waiting: 0, given_up: 0 })).toBeNull()
    expect(openWords({ waiting: 1, given_up: 0 })).toBe('1 delivery waits.')
    expect(openWords({ waiting: 2, given_up: 1 }))
      .toBe('2 deliveries wait, 1 was given up in the last 30 days.')
  })

  it('says when a delivery is tried next', () => {
    const open = { gave_up_at: null, attempts: 1, next_at: '2026-11-21T10:05:00Z' }
    expect(deliveryState(open, { on: true, now }).word).toBe('Tried again in 5 minutes')
    expect(deliveryState(open, { on: false, now }).word).toBe('Waits until it is on')
    expect(deliveryState({ ...open, next_at: now.toISOString() }, { on: true, now }).word)
      .toBe('Tried again in a moment')
    const over = { ...open, attempts: 8, gave_up_at: now.toISOString() }
    expect(deliveryState(over, { on: true, now }).word).toBe('Given up after 8 tries')
  })
})
