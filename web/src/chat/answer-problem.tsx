// An answer that failed: why, and what whoever reads it can do about it.
import { Link } from '@tanstack/react-router'
import { CircleAlert, RotateCw } from 'lucide-react'
import { administers } from '@/lib/roles.ts'
import { useOnline } from '@/lib/reach.ts'
import { useTeam } from '@/session/team.tsx'
import { Button, ButtonLink } from '@/ui/button.tsx'

type Props = {
  problem: string
  /** Absent where it is somebody else’s question, or something has been said since. */
  onAgain?: () => void
}

export function AnswerProblem({ problem, onAgain }: Props) {
  const { role } = useTeam()
  const online = useOnline()
  const ofModel = /\bmodel\b/.test(problem)
  const admin = administers(role)
  return (
    <div className='flex flex-col gap-2 rounded-card border border-line bg-bad-soft px-3 py-2.5 text-sm'>
      <p className='flex items-start gap-2'>
        <CircleAlert aria-hidden className='mt-0.5 size-4 shrink-0 text-bad' />
        <span className='min-w-0'>
          <strong className='font-medium text-bad'>No answer.</strong> {problem}
          {ofModel && !admin && ' If it stays like this, ask an admin of your team.'}
        </span>
      </p>
      {(onAgain || (ofModel && admin)) && (
        <div className='flex flex-wrap gap-2'>
          {onAgain && (
            <Button
              icon={<RotateCw aria-hidden />}
              disabled={!online}
              onClick={onAgain}
              className='!px-3'
            >
              Try again
            </Button>
          )}
          {ofModel && admin && (
            <ButtonLink look='quiet' className='!px-3'>
              <Link to='/settings' search={{ tab: 'model' }}>Model settings</Link>
            </ButtonLink>
          )}
        </div>
      )}
    </div>
  )
}
