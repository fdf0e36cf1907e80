import { describe, expect, it } from 'vitest'
import { executionAt, freshIn, knownOf, unreadIn } from './fresh.ts'
import type { Notice, NoticedCall } from './notice-queries.ts'
import { noticeWords } from './notice-words.ts'

const notice: Notice = {
  id: 'n1',
  kind: 'execution_ended',
  execution_id: 'e1',
  created_at: '2026-11-21T10:00:00Z',
  read_at: null,
}
const call: NoticedCall = {
  id: 'e1',
  status: 'success',
  error_code: null,
  user_id: 'me',
  mcp_tools: { tool_name: 'create_issue', title: null },
  mcp_servers: { name: 'Tracker' },
  profiles: { email: 'mia@acme.test', full_name: 'Mia' },
}

describe('what is new to an open app', () => {
  it('is nothing at the first look, however much is unread', () => {
    expect(freshIn([notice], null)).toEqual([])
  })

  it('is what was not there before and is not read', () => {
    const other = { ...notice, id: 'n2' }
    expect(freshIn([notice, other], knownOf([notice]))).toEqual([other])
    expect(freshIn([{ ...other, read_at: notice.created_at }], knownOf([notice]))).toEqual([])
  })

  it('is a further question of a call that was known already', () => {
    const again = { ...notice, created_at: '2026-11-21T10:05:00Z' }
    expect(freshIn([again], knownOf([notice]))).toEqual([again])
  })

  it('is counted by what is unread', () => {
    expect(unreadIn([notice, { ...notice, read_at: notice.created_at }])).toEqual([notice])
  })

  it('is read where its call is on the screen', () => {
    const id = '0a000000-0000-4000-8000-00000000ac3e'
    expect(executionAt(`/activity/${id}`)).toBe(id)
    expect(executionAt('/activity')).toBeNull()
  })
})

describe('a notice', () => {
  const said = (kind: Notice['kind'], changes: Partial<NoticedCall> = {}, me = 'me') =>
    noticeWords({ kind }, { call: { ...call, ...changes }, me })

  it('says how a call ended, with a tone that fits', () => {
    expect(said('execution_ended')).toEqual({
      tone: 'ok',
      text: 'Create issue in Tracker is done.',
    })
    expect(said('execution_ended', { status: 'error' })).toEqual({
      tone: 'bad',
      text: 'Create issue in Tracker failed.',
    })
  })

  it('tells an admin who asks, and a person what their own call waits for', () => {
    const waiting = { status: 'awaiting_approval' as const }
    expect(said('approval_needed', waiting, 'admin').text)
      .toBe('Mia asks an admin to approve Create issue in Tracker.')
    expect(said('approval_needed', waiting).text)
      .toBe('Create issue in Tracker waits for your approval.')
    expect(said('sign_in_needed', { status: 'awaiting_auth' }, 'admin').text)
      .toBe('Mia’s call of Create issue in Tracker waits until an admin signs in for the team.')
  })

  it('asks for nothing any more once its question is over', () => {
    for (const kind of ['approval_needed', 'sign_in_needed', 'input_needed'] as const) {
      expect(said(kind), kind).toMatchObject({ tone: 'muted' })
      expect(said(kind).text).toMatch(/That is settled\.$/)
    }
  })

  it('says what was decided', () => {
    expect(said('approval_decided').text).toBe('Create issue in Tracker was approved.')
    expect(said('approval_decided', { status: 'denied', error_code: 'rejected' }).text)
      .toBe('Create issue in Tracker was not approved.')
  })

  it('says less of a call that the person may no longer see', () => {
    expect(noticeWords(notice, { call: undefined, me: 'me' }).text).toBe('A tool has ended.')
  })
})
