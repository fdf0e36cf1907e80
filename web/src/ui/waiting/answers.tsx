// What every question of a server has, whatever it asks: the server's words, the two ways to say no, and what
// becomes of them.
import type { InputAction } from '@shared/execution.ts'
import { useOnline } from '@/lib/reach.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { Fold } from '@/ui/content/fold.tsx'
import { FormError } from '@/ui/field.tsx'

type Props = { answer: Waiting['answer'] }

/** The server’s own words: as they are, never as markup. */
export function ServerWords({ text }: { text: string }) {
  return (
    <Fold>
      <p className='whitespace-pre-wrap'>{text}</p>
    </Fold>
  )
}

/** How its buttons stand: none while there is no connection, or while one of them is being sent. */
export function useAnswering({ isPending, variables }: Props['answer']) {
  const online = useOnline()
  return {
    disabled: !online || isPending,
    sends: (action: InputAction) => isPending && variables?.answer === action,
  }
}

export function Refusals({ answer }: Props) {
  const { disabled, sends } = useAnswering(answer)
  return (
    <>
      <Button
        busy={sends('decline')}
        disabled={disabled}
        onClick={() => answer.mutate({ answer: 'decline' })}
      >
        Decline
      </Button>
      <Button
        look='quiet'
        busy={sends('cancel')}
        disabled={disabled}
        onClick={() => answer.mutate({ answer: 'cancel' })}
      >
        Cancel
      </Button>
    </>
  )
}

/** What becomes of the buttons, and why they may not work just now. */
export function AnswerNote({ error }: { error: Error | null }) {
  const online = useOnline()
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
