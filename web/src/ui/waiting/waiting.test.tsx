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
  const waiting = { answer: idle(), cancel: idle(), signIn: idle() }
  const followed = {
    status: asked && 'mode' in asked ? 'awaiting_input' : 'awaiting_auth',
    asked,
    result: null,
    error: null,
    duration_ms: 0,
    started_at: null,
  } as const
  const question = (now: Followed) => (
    <TooltipProvider>
      <WaitingQuestion
        followed={now}
        waiting={waiting as unknown as Waiting}
        serverName='Docs'
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
