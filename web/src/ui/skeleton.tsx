// The size of what is about to appear, so that nothing jumps when it does.
import { cx } from '@/lib/classes.ts'

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('animate-pulse rounded-control bg-press', className)} />
}

/** Several lines of a list; says “Loading” once to a screen reader. */
export function SkeletonList(
  { rows = 4, className = 'h-14' }: { rows?: number; className?: string },
) {
  return (
    <div role='status' className='flex flex-col gap-2'>
      <span className='sr-only'>Loading</span>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} className={className} />)}
    </div>
  )
}
