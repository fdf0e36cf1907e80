// A labelled control with its hint and its error, wired for screen readers. The control takes the props it is handed.
import { type ReactNode, useId } from 'react'
import { CircleAlert } from 'lucide-react'
import { cx } from '@/lib/classes.ts'

export type ControlProps = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
  'aria-required': boolean | undefined
}

type Props = {
  label: ReactNode
  hint?: ReactNode
  error?: string | null
  required?: boolean
  hideLabel?: boolean
  className?: string
  children: (control: ControlProps) => ReactNode
}

export function Field({ label, hint, error, required, hideLabel, className, children }: Props) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm font-medium'}>
        {label}
        {required === false && <span className='font-normal text-muted'>{' '}(optional)</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': required || undefined,
      })}
      {hint && <p id={`${id}-hint`} className='text-xs text-muted'>{hint}</p>}
      {error && (
        <p id={`${id}-error`} className='flex items-start gap-1.5 text-sm text-bad'>
          <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
          {error}
        </p>
      )}
    </div>
  )
}

/** What went wrong with a whole form; read out when it appears. */
export function FormError({ children }: { children: ReactNode }) {
  if (!children) return null
  return (
    <div
      role='alert'
      className='flex items-start gap-2 rounded-control bg-bad-soft px-3 py-2 text-sm text-bad'
    >
      <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0' />
      <div className='min-w-0'>{children}</div>
    </div>
  )
}
