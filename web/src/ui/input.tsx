// Text controls. 16 px everywhere, so that no phone zooms into them.
import type { ComponentProps } from 'react'
import { ChevronDown } from 'lucide-react'
import { cx } from '@/lib/classes.ts'

const box =
  'w-full min-w-0 rounded-control border border-edge bg-raised text-base text-text outline-offset-0 aria-invalid:border-bad disabled:opacity-60'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(box, 'h-control px-3', className)} />
}

/** Grows with what is typed, up to `max-h` of its class. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={3}
      {...rest}
      className={cx(box, 'field-sizing-content max-h-80 min-h-20 px-3 py-2', className)}
    />
  )
}

/** The platform’s own select: the best one on a phone. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative block', className)}>
      <select {...rest} className={cx(box, 'h-control appearance-none truncate pr-9 pl-3')}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className='pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted'
      />
    </span>
  )
}
