// Something is under way and nothing better can be said about how far it is.
import { LoaderCircle } from 'lucide-react'
import { cx } from '@/lib/classes.ts'

/** Decoration unless `label` is given. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <LoaderCircle
      className={cx('size-4 animate-spin motion-reduce:animate-none', className)}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    />
  )
}
