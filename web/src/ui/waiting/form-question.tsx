// A server asks a person for something in the middle of a call: its words, its fields, three answers.
import { lazy, Suspense, useMemo } from 'react'
import { ShieldAlert } from 'lucide-react'
import type { InputRequest } from '@shared/execution.ts'
import { CallError } from '@/lib/call.ts'
import { useOnline } from '@/lib/reach.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { Fold } from '@/ui/content/fold.tsx'
import { FormError } from '@/ui/field.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { asForm, asFormProblems } from './asked-schema.ts'

const SchemaForm = lazy(() =>
  import('@/ui/schema-form/schema-form.tsx').then(({ SchemaForm }) => ({ default: SchemaForm }))
)

type Props = {
  asked: Extract<InputRequest, { mode: 'form' }>
  answer: Waiting['answer']
}

export function FormQuestion({ asked, answer }: Props) {
  const online = useOnline()
  const schema = useMemo(() => asForm(asked), [asked])
  const { error, variables, isPending } = answer
  const problems = useMemo(
    () => error instanceof CallError ? asFormProblems(error.problems) : [],
    [error],
  )
  const sends = (action: 'accept' | 'decline' | 'cancel') =>
    isPending && variables?.answer === action
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
      <Suspense fallback={<Skeleton className='h-32 w-full' />}>
        <SchemaForm
          fieldsOnly
          nothing='There is nothing to fill in: sending says yes.'
          schema={schema}
          submitLabel='Send'
          busy={sends('accept')}
          disabled={!online || isPending}
          problems={problems}
          onSubmit={(content) => answer.mutate({ answer: 'accept', content })}
          footer={
            <>
              <Button
                busy={sends('decline')}
                disabled={!online || isPending}
                onClick={() => answer.mutate({ answer: 'decline' })}
              >
                Decline
              </Button>
              <Button
                look='quiet'
                busy={sends('cancel')}
                disabled={!online || isPending}
                onClick={() => answer.mutate({ answer: 'cancel' })}
              >
                Cancel
              </Button>
            </>
          }
        />
      </Suspense>
      <AnswerNote online={online} error={problems.length === 0 ? error : null} />
    </>
  )
}

/** The server’s own words: as they are, never as markup. */
export function ServerWords({ text }: { text: string }) {
  return (
    <Fold>
      <p className='whitespace-pre-wrap'>{text}</p>
    </Fold>
  )
}

/** What becomes of the buttons, and why they may not work just now. */
export function AnswerNote({ online, error }: { online: boolean; error: Error | null }) {
  return (
    <div className='mt-3 text-xs text-muted'>
      {error && (
        <div className='mb-2'>
          <FormError>{error.message}</FormError>
        </div>
      )}
      {online
        ? 'Decline tells the server no. Cancel closes the question without an answer.'
        : 'Offline. It can be answered as soon as Astra is reached again.'}
    </div>
  )
}
