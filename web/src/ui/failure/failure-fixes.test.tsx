import { afterEach, expect, it, vi } from 'vitest'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { FailureFixes } from './failure-fixes.tsx'
import { mailTo, requestText } from './request.ts'

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

type Props = Parameters<typeof FailureFixes>[0]

function show(props: Partial<Props>) {
  const all: Props = {
    code: 'lost',
    reason: 'It is gone',
    team_id: 't',
    tool: 'Pay',
    server: { id: 's', name: 'Bank' },
    executionId: 'e',
    admin: false,
    ...props,
  }
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <FailureFixes {...all} />
    </QueryClientProvider>,
  )
}
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)

it('what may have run already runs again only after a warning', () => {
  const onAgain = vi.fn()
  show({ onAgain })
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(onAgain).not.toHaveBeenCalled()
  screen.getByText(/not known whether the first time took effect/)
  fireEvent.click(screen.getByRole('button', { name: 'Run it again' }))
  expect(onAgain).toHaveBeenCalledOnce()
})

it('what is refused for a while can be tried again when the while is over', () => {
  vi.useFakeTimers({ now: new Date('2026-11-29T10:00:00Z') })
  show({ code: 'rate_limited', retryAt: '2026-11-29T10:00:02Z', onAgain: () => {} })
  expect(buttons()).toEqual(['Try again in 2 s', 'Ask an admin'])
  const again = () => screen.getAllByRole('button')[0] as HTMLButtonElement
  expect(again().disabled).toBe(true)
  act(() => void vi.advanceTimersByTime(1_000))
  expect(again().textContent).toBe('Try again in 1 s')
  act(() => void vi.advanceTimersByTime(1_000))
  expect([again().textContent, again().disabled]).toEqual(['Try again', false])
})

it('nothing is offered that cannot be done here', () => {
  expect(show({ code: 'invalid_parameters' }).container.innerHTML).toBe('')
  cleanup()
  show({ code: 'sign_in_needed', server: null })
  expect(buttons()).toEqual(['Ask an admin'])
})

it('what is written to an admin says what failed, where, and leads there', () => {
  const text = requestText({ tool: 'Pay', server: 'Bank', reason: 'No', link: 'https://a.test/x' })
  expect(text).toBe(
    'I could not run Pay in Bank in Astra.\nNo.\n\nCould you have a look? https://a.test/x',
  )
  expect(mailTo(['a+b@c.test', 'd@e.test'], { subject: 'Pay & more', body: 'x\ny' }))
    .toBe('mailto:a%2Bb%40c.test,d%40e.test?subject=Pay%20%26%20more&body=x%0Ay')
})
