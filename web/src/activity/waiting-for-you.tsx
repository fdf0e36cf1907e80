// The top of the log: the calls that wait for this person, each opened where it stands. What is answered here
// stays until it is closed, so that one sees how it went on.
import { useId, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowUpRight, ChevronDown } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { nameOf } from '@/lib/person-name.ts'
import type { Wait } from '@/lib/waits.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { useWaitsForMe } from '@/session/use-waits.ts'
import { Button } from '@/ui/button.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { KeepFocus } from '@/ui/waiting/keep-focus.tsx'
import { UnderWay } from './execution-under-way.tsx'
import { isOpen, statusWords, wordsFor } from './execution-words.ts'
import { executionQuery, type ExecutionRow, toolNameOf } from './queries.ts'

const lookEveryMs = 5_000

export function WaitingForYou() {
  const id = useId()
  const waits = useWaitsForMe(lookEveryMs)
  /** Null until something has waited: what waits alone stands open. */
  const [opened, setOpened] = useState<Wait[] | null>(null)
  if (opened === null && waits.length > 0) setOpened(waits.length === 1 ? waits : [])
  const over = (opened ?? []).filter((one) => waits.every((wait) => wait.id !== one.id))
  const shown = [...waits, ...over].sort((a, b) => b.executed_at.localeCompare(a.executed_at))
  if (shown.length === 0) return null
  const toggle = (wait: Wait) =>
    setOpened((opened) => {
      const others = (opened ?? []).filter((one) => one.id !== wait.id)
      return others.length === opened?.length ? [...others, wait] : others
    })
  return (
    <section aria-labelledby={id} className='mb-6'>
      <h2 id={id} className='mb-3 flex items-baseline gap-2 text-base font-semibold'>
        Waiting for you
        {waits.length > 1 && <span className='text-sm font-normal text-muted'>{waits.length}</span>}
      </h2>
      <ul className='divide-y divide-line rounded-card border border-line bg-raised'>
        {shown.map((wait) => (
          <Item
            key={wait.id}
            wait={wait}
            over={over.includes(wait)}
            open={(opened ?? []).some((one) => one.id === wait.id)}
            onToggle={() => toggle(wait)}
          />
        ))}
      </ul>
    </section>
  )
}

type ItemProps = {
  wait: Wait
  /** It waits no longer. */
  over: boolean
  open: boolean
  onToggle: () => void
}

function Item({ wait, over, open, onToggle }: ItemProps) {
  const panel = useId()
  const mine = wait.user_id === useSession().id
  const { tone, word } = statusWords[wait.status]
  return (
    <li className='overflow-clip first:rounded-t-[inherit] last:rounded-b-[inherit]'>
      <button
        type='button'
        aria-expanded={open}
        aria-controls={panel}
        onClick={onToggle}
        className='flex min-h-12 w-full items-center gap-3 px-4 py-2 text-left -outline-offset-2 hover:bg-hover'
      >
        <span className='flex min-w-0 grow flex-wrap items-center gap-x-3'>
          <span className='font-medium'>{toolNameOf(wait)}</span>
          <span className='text-sm text-muted'>
            {[wait.mcp_servers?.name, !mine && nameOf(wait.profiles)].filter(Boolean).join(' · ')}
          </span>
          {!over && <Status tone={tone} className='sm:ml-auto'>{word}</Status>}
        </span>
        <ChevronDown
          aria-hidden
          className={cx('size-4 shrink-0 text-muted transition-transform', open && 'rotate-180')}
        />
      </button>
      <div id={panel} hidden={!open} className='border-t border-line'>
        {open && <Opened id={wait.id} />}
      </div>
    </li>
  )
}

function Opened({ id }: { id: string }) {
  const { team_id } = useTeam()
  const { data: execution, isPending, error, refetch } = useQuery(executionQuery(team_id, id))
  if (isPending) return <Skeleton className='m-4 h-32' />
  if (error) {
    return (
      <p role='alert' className='flex flex-wrap items-center gap-3 px-4 py-3 text-sm text-bad'>
        {error.message}
        <Button onClick={() => void refetch()}>Try again</Button>
      </p>
    )
  }
  if (!execution) return <p className='px-4 py-3 text-sm text-muted'>It is no longer there.</p>
  return (
    <KeepFocus shows={execution.status}>
      {isOpen(execution.status)
        ? <UnderWay execution={execution} heading='h3' />
        : <Ended execution={execution} />}
    </KeepFocus>
  )
}

function Ended({ execution }: { execution: ExecutionRow }) {
  const { tone, word } = wordsFor(execution)
  return (
    <p className='flex flex-wrap items-center gap-x-4 px-4 py-1.5 text-sm'>
      <Status tone={tone}>{word}</Status>
      <Time at={execution.completed_at ?? execution.executed_at} className='text-muted' />
      <Link
        to='/activity/$executionId'
        params={{ executionId: execution.id }}
        className='ml-auto inline-flex min-h-control items-center gap-1 text-accent hover:underline'
      >
        What came of it
        <ArrowUpRight aria-hidden className='size-4' />
      </Link>
    </p>
  )
}
