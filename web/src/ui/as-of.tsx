// Says of what is shown that it is what was seen before, and when: only while Astra cannot be reached.
import { History } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { clockTime } from '@/lib/format.ts'
import { useReach } from '@/lib/reach.ts'

/** `at`: when it was read, in milliseconds; 0 for what never was. */
export function AsOf({ at, className }: { at: number; className?: string }) {
  const reach = useReach()
  if (reach === 'online' || at === 0) return null
  return (
    <p className={cx('flex items-center gap-1.5 text-xs text-muted', className)}>
      <History aria-hidden className='size-3.5 shrink-0' />
      Offline: what you saw at {clockTime(new Date(at))}
    </p>
  )
}
