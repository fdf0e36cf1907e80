// A moment: relative at first sight, exact on hover and on focus.
import { exactTime, relativeTime } from '@/lib/format.ts'
import { Tooltip } from './tooltip.tsx'

export function Time({ at, className }: { at: string | Date; className?: string }) {
  return (
    <Tooltip text={exactTime(at)}>
      <time dateTime={new Date(at).toISOString()} tabIndex={0} className={className}>
        {relativeTime(at)}
      </time>
    </Tooltip>
  )
}
