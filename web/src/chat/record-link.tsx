// The way from a card to what is kept of its call.
import { Link } from '@tanstack/react-router'
import { ArrowUpRight } from 'lucide-react'

export function RecordLink({ executionId }: { executionId: string }) {
  return (
    <Link
      to='/activity/$executionId'
      params={{ executionId }}
      className='inline-flex min-h-control items-center gap-1 text-sm text-accent hover:underline'
    >
      Record of this call
      <ArrowUpRight aria-hidden className='size-4' />
    </Link>
  )
}
