// A call that lacks required arguments: its form, with what is known already, and a way to leave it.
import { useEffect, useId, useRef } from 'react'
import { TextCursorInput } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { LazySchemaForm } from '@/ui/schema-form/lazy-schema-form.tsx'
import { CallName } from './call-name.tsx'
import type { CallState, ToolCall } from './tool-call.ts'

type Props = {
  call: ToolCall
  question: Extract<CallState, { kind: 'incomplete' }>
  onRun: (parameters: Record<string, unknown>) => void
  onDecline: () => void
}

export function CallQuestion({ call, question, onRun, onDecline }: Props) {
  const heading = useId()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    // Braces: newer browsers give a promise here, which is no clean-up.
    card.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section
      ref={card}
      aria-labelledby={heading}
      className='rounded-[inherit] border-l-[3px] border-accent bg-raised p-4'
    >
      <h3 id={heading} className='flex items-start gap-2 text-base font-medium'>
        <TextCursorInput aria-hidden className='mt-1 size-4 shrink-0 text-accent' />
        <span>
          To run <CallName call={call} />, Astra needs a little more
        </span>
      </h3>
      <p className='mt-1 mb-4 text-sm text-muted'>
        Fill in what is missing. It runs as soon as you send it.
      </p>
      <LazySchemaForm
        schema={question.schema}
        value={question.parameters}
        submitLabel='Run'
        onSubmit={onRun}
        footer={<Button look='quiet' onClick={onDecline}>Not now</Button>}
      />
    </section>
  )
}
