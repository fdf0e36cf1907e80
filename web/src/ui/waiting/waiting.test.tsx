import { afterEach, describe, expect, it, vi } from 'vitest'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { ComponentProps } from 'react'
import type { Followed } from '@/lib/followed.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { TooltipProvider } from '@/ui/tooltip.tsx'
import { asForm, asFormProblems } from './asked-schema.ts'
import { foreignPage } from './foreign-page.ts'
import { WaitingQuestion } from './waiting-question.tsx'

afterEach(cleanup)

const idle = () => ({ mutate: vi.fn(), isPending: false, isSuccess: false, error: null })

function show(
  asked: Followed['asked'],
  more: Partial<ComponentProps<typeof WaitingQuestion>> = {},
) {
  const waiting = { answer: idle(), decide: idle(), cancel: idle(), signIn: idle() }
  const followed = {
    status: statusOf(asked),
    asked,
    result: null,
    error: null,
    duration_ms: 0,
    started_at: null,
    parameters: null,
    progress: null,
    cached_at: null,
    tries: 1,
    approval: null,
  } as const
  const question = (now: Followed) => (
    <TooltipProvider>
      <WaitingQuestion
        followed={now}
        waiting={waiting as unknown as Waiting}
        call={call}
        serverUrl='https://docs.example/mcp'
        admin={false}
        heading='h3'
        {...more}
      />
    </TooltipProvider>
  )
  const { rerender } = render(question(followed))
  return {
    ...waiting,
    again: (asked: Followed['asked']) => rerender(question({ ...followed, asked })),
  }
}
function statusOf(asked: Followed['asked']) {
  if (asked && 'approval_id' in asked) return 'awaiting_approval'
  return asked && 'mode' in asked ? 'awaiting_input' : 'awaiting_auth'
}
const call = {
  tool: 'Send mail',
  server: 'Docs',
  parameters: { to: 'olga@a.test', token: '[redacted]' },
  schema: {
    type: 'object',
    properties: { to: { type: 'string' }, token: { type: 'string' } },
    required: ['to'],
  },
  of: null,
  proposed: true,
}
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))

const form = {
  mode: 'form' as const,
  server_name: 'Docs',
  message: 'Who are <b>you</b>?',
  requested_schema: {
    type: 'object',
    properties: { name: { type: 'string' }, days: { type: 'integer', default: 3 } },
    required: ['name'],
  },
}

describe('a form that a server asks for', () => {
  it('says who asks, in its own words as they are, and is sent with its defaults', async () => {
    const { answer } = show(form)
    expect(screen.getByRole('region', { name: 'Docs asks you something' })).toBeTruthy()
    expect(screen.getByText('Who are <b>you</b>?')).toBeTruthy()
    fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'Olga' } })
    press('Send')
    expect(answer.mutate)
      .toHaveBeenCalledExactlyOnceWith({ answer: 'accept', content: { name: 'Olga', days: 3 } })
  })

  it('is declined or closed without being filled in, and the call cancelled', async () => {
    const { answer, cancel } = show(form)
    await screen.findByLabelText('Name')
    press('Decline')
    press('Cancel')
    expect(answer.mutate.mock.calls).toEqual([[{ answer: 'decline' }], [{ answer: 'cancel' }]])
    press('Cancel this call')
    expect(cancel.mutate).toHaveBeenCalledOnce()
  })

  it('keeps what is typed when the same question is told again, and not for another one', async () => {
    const { again } = show(form)
    fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'Olga' } })
    const { name, days } = form.requested_schema.properties
    again({ ...form, requested_schema: { ...form.requested_schema, properties: { days, name } } })
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Olga')
    again({ ...form, message: 'And now?' })
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe(''))
  })

  it('is drawn in the server’s order, its lists of choices as boxes to tick', () => {
    const choices = { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }
    const requested_schema = { type: 'object', properties: { b: {}, a: choices, c: {} } }
    const drawn = asForm({ requested_schema, field_order: ['c', 'gone', 'a', 'constructor'] })
    expect(Object.keys(drawn.properties as object)).toEqual(['c', 'a', 'b'])
    expect(drawn.properties).toMatchObject({ a: { uniqueItems: true } })
    expect(
      asFormProblems([{ path: 'content.a.0', message: 'x' }, { path: 'content', message: 'y' }]),
    )
      .toEqual([{ path: 'a.0', message: 'x' }, { path: '', message: 'y' }])
  })
})

describe('a page that a server wants opened', () => {
  const page = { mode: 'url' as const, server_name: 'Docs', message: 'Sign in there.' }

  it('is no link, and opens only by its button, without a way back to this page', () => {
    const open = vi.spyOn(globalThis, 'open').mockReturnValue(null)
    const { answer } = show({ ...page, url: 'https://login.example/a?b=1' })
    expect(screen.queryByRole('link')).toBeNull()
    expect(open).not.toHaveBeenCalled()
    press('Open login.example')
    expect(open).toHaveBeenCalledExactlyOnceWith(
      'https://login.example/a?b=1',
      '_blank',
      'noopener,noreferrer',
    )
    press('I’m done')
    expect(answer.mutate).toHaveBeenCalledExactlyOnceWith({ answer: 'accept' })
    open.mockRestore()
  })

  it('that is no web page cannot be opened', () => {
    show({ ...page, url: 'javascript:alert(1)' })
    expect(screen.queryByRole('button', { name: /^Open/ })).toBeNull()
    expect(screen.queryByRole('button', { name: 'I’m done' })).toBeNull()
    expect(screen.getByText(/not the address of a web page/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Decline' })).toBeTruthy()
  })

  it('is told apart from the server’s own pages by its host, whatever else it looks like', () => {
    const own = 'https://docs.example/mcp'
    const elsewhere = (url: string) => foreignPage(url, own).elsewhere
    expect(elsewhere('https://docs.example/login')).toBe(false)
    expect(elsewhere('https://auth.docs.example/login')).toBe(false)
    for (
      const url of [
        'https://docs.example.evil.test/',
        'https://evil-docs.example/',
        'https://evil.test/docs.example',
        'https://docs.example@evil.test/',
        'https://dосs.example/',
      ]
    ) expect(elsewhere(url), url).toBe(true)
    expect(foreignPage('https://docs.example/', null).elsewhere).toBe(true)
    expect(foreignPage('https://dосs.example/a', own).host).toMatch(/^xn--/)
    expect(foreignPage('https://a.test:8443/x?y#z', own))
      .toMatchObject({ before: 'https://', host: 'a.test:8443', after: '/x?y#z' })
    expect(foreignPage('http://a.test/', own).unprotected).toBe(true)
    expect(foreignPage('http://127.0.0.1:9/', own).unprotected).toBe(false)
  })
})

describe('a sign-in that is missing', () => {
  it('of one’s own leads there', () => {
    const { signIn } = show({ account: 'person' })
    press('Sign in to Docs')
    expect(signIn.mutate).toHaveBeenCalledExactlyOnceWith('person')
  })

  it('of the team is for admins: others are told so, and are given no button', () => {
    const { signIn } = show({ account: 'team' })
    expect(screen.getByRole('heading').textContent).toBe(
      'An admin has to sign in to Docs for the team',
    )
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull()
    cleanup()
    show({ account: 'team' }, { admin: true })
    press('Sign in to Docs')
    expect(signIn.mutate).not.toHaveBeenCalled()
  })

  it('is not guessed while it is not known', () => {
    show(null, { admin: true })
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull()
  })
})

describe('a call that needs a yes', () => {
  const asked = {
    approval_id: 'p',
    needs: 'self' as const,
    expires_at: new Date(Date.now() + 3_000_000).toISOString(),
    allows_always: false,
  }
  const region = () => screen.getByRole('region', { name: 'Astra wants to run Send mail in Docs' })

  it('shows exactly what it would send, and is approved as it is', () => {
    const { decide } = show(asked)
    expect(region().textContent).toContain('olga@a.test')
    expect(screen.getByText(/sent as it was given/)).toBeTruthy()
    expect(screen.getByText(/in 50 minutes/)).toBeTruthy()
    expect(screen.queryByRole('checkbox')).toBeNull()
    press('Approve')
    expect(decide.mutate)
      .toHaveBeenCalledExactlyOnceWith({ decision: 'approve', always: false })
  })

  it('is approved with what was changed, secrets that were not shown left as they were', async () => {
    const { decide } = show(asked)
    press('Edit')
    fireEvent.change(await screen.findByLabelText('To'), { target: { value: 'mia@a.test' } })
    press('Approve and run')
    expect(decide.mutate).toHaveBeenCalledExactlyOnceWith({
      decision: 'approve',
      always: false,
      parameters: { to: 'mia@a.test', token: '[redacted]' },
    })
  })

  it('that was opened to be changed and was not is approved as it is', async () => {
    const { decide } = show(asked)
    press('Edit')
    await screen.findByLabelText('To')
    press('Approve and run')
    expect(decide.mutate).toHaveBeenCalledExactlyOnceWith({ decision: 'approve', always: false })
  })

  it('may be approved for always where the tool allows it', () => {
    const { decide } = show({ ...asked, allows_always: true })
    fireEvent.click(screen.getByRole('checkbox', { name: /Always for me/ }))
    press('Approve')
    expect(decide.mutate).toHaveBeenCalledExactlyOnceWith({ decision: 'approve', always: true })
  })

  it('says when it is asked because the chat has read content from outside', () => {
    show({ ...asked, reason: 'outside' as const })
    expect(
      screen.getByText(/has read content from outside. Astra asks before anything can be sent/),
    )
      .toBeTruthy()
    expect(screen.queryByText(/Your team wants you/)).toBeNull()
    expect(screen.queryByRole('checkbox')).toBeNull()
    cleanup()
    show({ ...asked, reason: 'policy' as const })
    expect(screen.queryByText(/content from outside/)).toBeNull()
  })

  it('has a key for each answer, but not with another key, held down, or while writing', async () => {
    const { decide } = show(asked)
    fireEvent.keyDown(region(), { key: 'a', ctrlKey: true })
    fireEvent.keyDown(region(), { key: 'a', repeat: true })
    expect(decide.mutate).not.toHaveBeenCalled()
    fireEvent.keyDown(region(), { key: 'r' })
    expect(decide.mutate).toHaveBeenLastCalledWith({ decision: 'reject' })
    fireEvent.keyDown(screen.getByRole('button', { name: 'Reject' }), { key: 'A' })
    expect(decide.mutate).toHaveBeenLastCalledWith({ decision: 'approve', always: false })
    fireEvent.keyDown(region(), { key: 'e' })
    fireEvent.keyDown(await screen.findByLabelText('To'), { key: 'r' })
    fireEvent.keyDown(region(), { key: 'r' })
    expect(decide.mutate).toHaveBeenCalledTimes(2)
  })

  it('by an admin only: others are told so, and may only cancel it', () => {
    const { cancel } = show({ ...asked, needs: 'admin' })
    expect(screen.getByRole('region', { name: 'An admin has to approve Send mail in Docs' }))
      .toBeTruthy()
    expect(screen.queryByRole('button', { name: /Approve|Edit|Reject/ })).toBeNull()
    press('Cancel this call')
    expect(cancel.mutate).toHaveBeenCalledOnce()
    cleanup()
    show({ ...asked, needs: 'admin' }, { admin: true, call: { ...call, of: 'Mia' } })
    expect(screen.getByText(/It runs as Mia/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Approve' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Cancel this call' })).toBeNull()
  })

  it('is not offered to be changed where there is nothing to change', () => {
    show(asked, { call: { ...call, parameters: {}, schema: { type: 'object' } } })
    expect(screen.getByText('It is run without arguments.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
  })
})
