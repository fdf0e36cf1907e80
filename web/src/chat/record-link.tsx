// The way from a card to what is kept of its call.
import { Link } from '@tanstack/react-router'
import { ArrowUpRight } from 'lucide-react'

/** `short`: where there is little room. */
export function RecordLink({ executionId, short }: { executionId: string; short?: boolean }) {
  return (
    <Link
      to='/activity/$executionId'
      params={{ executionId }}
      className='inline-flex min-h-control items-center gap-1 text-sm text-accent hover:underline'
    >
      <span>
        Record
        <span className={short ? 'sr-only' : undefined}>{' of this call'}</span>
      </span>
      <ArrowUpRight aria-hidden className='size-4' />
    </Link>
  )
}
