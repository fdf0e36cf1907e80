// The answers to an approval: yes, yes and always, after a change, no. Each has its key, shown where there is a keyboard.
import type { ReactNode } from 'react'
import { Check, PencilLine, X } from 'lucide-react'
import { useOnline } from '@/lib/reach.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { Button } from '@/ui/button.tsx'
import { RefusalNote } from './refusal-note.tsx'

export type Deciding = {
  decide: Waiting['decide']
  onApprove: () => void
  onReject: () => void
  /** Null where there is nothing to change. */
  onEdit: (() => void) | null
}

type Props = Deciding & {
  /** Null where the tool has to be looked at each time. */
  always: { checked: boolean; onChange: (always: boolean) => void } | null
}

export function ApprovalAnswers({ decide, onApprove, onReject, onEdit, always }: Props) {
  const { disabled, sends } = useDeciding(decide)
  return (
    <>
      {always && (
        <label className='-mb-2 mt-1 flex min-h-control w-fit items-center gap-2 text-sm'>
          <input
            type='checkbox'
            checked={always.checked}
            onChange={(event) => always.onChange(event.target.checked)}
            className='size-4 shrink-0 text-base accent-accent'
          />
          <span>
            Always for me <span className='text-muted'>· do not ask again</span>
          </span>
        </label>
      )}
      {/* On the narrowest phones the words alone fit into one row. */}
      <div className='mt-3 flex flex-wrap items-center gap-2 max-[359px]:[&_svg]:hidden'>
        <Button
          look='primary'
          icon={<Check aria-hidden />}
          busy={sends('approve')}
          disabled={disabled}
          aria-keyshortcuts='A'
          onClick={onApprove}
        >
          Approve <Key>A</Key>
        </Button>
        {onEdit && (
          <Button
            icon={<PencilLine aria-hidden />}
            disabled={disabled}
            aria-keyshortcuts='E'
            onClick={onEdit}
          >
            Edit <Key>E</Key>
          </Button>
        )}
        <Button
          icon={<X aria-hidden />}
          busy={sends('reject')}
          disabled={disabled}
          aria-keyshortcuts='R'
          onClick={onReject}
        >
          Reject <Key>R</Key>
        </Button>
      </div>
      <RefusalNote error={decide.error} />
    </>
  )
}

/** How its buttons stand: none while there is no connection, or while one of them is being sent. */
export function useDeciding({ isPending, variables }: Waiting['decide']) {
  const online = useOnline()
  return {
    disabled: !online || isPending,
    sends: (decision: 'approve' | 'reject') => isPending && variables?.decision === decision,
  }
}

function Key({ children }: { children: ReactNode }) {
  return (
    <kbd
      aria-hidden
      className='hidden min-w-5 rounded-tag border border-current px-1 text-center font-sans text-xs opacity-60 pointer-fine:inline-block'
    >
      {children}
    </kbd>
  )
}
