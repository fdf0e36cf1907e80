// What a screen says when there is nothing on it, or when it could not be read: what, why, and the next step.
import type { ReactNode } from 'react'
import { CircleAlert } from 'lucide-react'
import { Button } from './button.tsx'

type Props = { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }

export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <div className='mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-12 text-center'>
      {icon && <span className='mb-1 text-muted [&_svg]:size-7 [&_svg]:stroke-[1.5]'>{icon}</span>}
      <h2 className='text-base font-semibold'>{title}</h2>
      {children && <div className='text-sm text-balance text-muted'>{children}</div>}
      {action && <div className='mt-3 flex flex-wrap justify-center gap-2'>{action}</div>}
    </div>
  )
}

/** A read that failed: never an empty list instead. */
export function FailedState(
  { title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void },
) {
  return (
    <div role='alert'>
      <EmptyState
        icon={<CircleAlert aria-hidden className='text-bad' />}
        title={title}
        action={onRetry && <Button onClick={onRetry}>Try again</Button>}
      >
        {error instanceof Error ? error.message : 'Something went wrong on our side.'}
      </EmptyState>
    </div>
  )
}
