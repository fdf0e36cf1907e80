// A server asks a person for something in the middle of a call: its words, its fields, three answers.
import { useMemo } from 'react'
import { ShieldAlert } from 'lucide-react'
import type { InputRequest } from '@shared/execution.ts'
import { CallError } from '@/lib/call.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { LazySchemaForm } from '@/ui/schema-form/lazy-schema-form.tsx'
import { AnswerNote, Refusals, ServerWords, useAnswering } from './answers.tsx'
import { asForm, asFormProblems } from './asked-schema.ts'

type Props = {
  asked: Extract<InputRequest, { mode: 'form' }>
  answer: Waiting['answer']
}

export function FormQuestion({ asked, answer }: Props) {
  const schema = useMemo(() => asForm(asked), [asked])
  const { error } = answer
  const { disabled, sends } = useAnswering(answer)
  const problems = useMemo(
    () => error instanceof CallError ? asFormProblems(error.problems) : [],
    [error],
  )
  return (
    <>
      <ServerWords text={asked.message} />
      <p className='mt-2 mb-4 flex items-start gap-1.5 text-sm text-muted'>
        <ShieldAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
        <span>
          What you send goes to{' '}
          <strong className='font-semibold'>{asked.server_name}</strong>. Never type a password, a
          key or a card number here.
        </span>
      </p>
      <LazySchemaForm
        fieldsOnly
        nothing='There is nothing to fill in: sending says yes.'
        schema={schema}
        submitLabel='Send'
        busy={sends('accept')}
        disabled={disabled}
        problems={problems}
        onSubmit={(content) => answer.mutate({ answer: 'accept', content })}
        footer={<Refusals answer={answer} />}
      />
      <AnswerNote error={problems.length === 0 ? error : null} />
    </>
  )
}
