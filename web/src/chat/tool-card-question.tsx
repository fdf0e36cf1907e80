// A call that waits for a person: what Astra wants to do, with the arguments open to change, and the two answers.
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { Hand, TextCursorInput } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { CallName } from './call-name.tsx'
import type { CallState, ToolCall } from './tool-call.ts'
import { ToolForm } from './tool-form.tsx'

type Props = {
  call: ToolCall
  question: Extract<CallState, { kind: 'needs_person' }>
  onRun: (parameters: Record<string, unknown>) => void
  onDecline: () => void
}

export function CallQuestion({ call, question, onRun, onDecline }: Props) {
  const heading = useId()
  const card = useRef<HTMLElement>(null)
  const approval = question.reason === 'approval'
  const Icon = approval ? Hand : TextCursorInput
  useEffect(() => {
    // Braces: newer browsers give a promise here, which is no clean-up.
    card.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  // Only while the focus is on the card, and never while something is being written in it.
  const onKeyDown = (event: KeyboardEvent) => {
    const writing = event.target instanceof Element &&
      event.target.matches('input, textarea, select')
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return
    const form = card.current?.querySelector('form')
    if (event.key === 'a') form?.requestSubmit()
    else if (event.key === 'e') form?.querySelector<HTMLElement>('input, textarea, select')?.focus()
    else if (event.key === 'r') onDecline()
    else return
    event.preventDefault()
  }
  return (
    <section
      ref={card}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      aria-labelledby={heading}
      className='rounded-[inherit] border-l-[3px] border-accent bg-raised p-4 -outline-offset-2'
    >
      <h3 id={heading} className='flex items-start gap-2 text-base font-medium'>
        <Icon aria-hidden className='mt-1 size-4 shrink-0 text-accent' />
        <span>
          {approval ? 'Run ' : 'To run '}
          <CallName call={call} />
          {approval ? '?' : ', Astra needs a little more'}
        </span>
      </h3>
      <p className='mt-1 mb-4 text-sm text-muted'>
        {approval
          ? 'Your team wants a person to look first. You may change what is sent. On the card, A approves, E edits and R rejects.'
          : 'Fill in what is missing. It runs as soon as you send it.'}
      </p>
      <ToolForm
        schema={question.schema}
        value={question.parameters}
        submitLabel={approval ? 'Approve and run' : 'Run'}
        onSubmit={onRun}
        footer={<Button look='quiet' onClick={onDecline}>{approval ? 'Reject' : 'Not now'}</Button>}
      />
    </section>
  )
}
