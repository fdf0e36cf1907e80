// Four numbers that answer most questions, each beside what it was in the span before.
import type { ReactNode } from 'react'
import { cx } from '@/lib/classes.ts'
import { formatDuration, formatNumber, formatShare } from '@/lib/format.ts'
import { Skeleton } from '@/ui/skeleton.tsx'
import type { Totals } from './totals.ts'

type Props = {
  totals: Totals | null
  previous: Totals | null
  /** Null where the reader only sees themselves. */
  members: number | null | undefined
  /** “the 7 days before”. */
  beforeWords: string
}

export function Tiles({ totals, previous, members, beforeWords }: Props) {
  const alone = members === null
  const compared = (words: string | null) => words && `${words} ${beforeWords}`
  return (
    <dl className={cx('grid grid-cols-2 gap-3', alone ? 'lg:grid-cols-3' : 'lg:grid-cols-4')}>
      <Tile
        name='Executions'
        className={alone ? 'col-span-2 lg:col-span-1' : ''}
        note={compared(countNote(totals, previous))}
      >
        {totals && formatNumber(totals.executions)}
      </Tile>
      <Tile name='Success rate' note={compared(rateNote(totals, previous))}>
        {totals && (totals.successRate === null ? '–' : formatShare(totals.successRate))}
      </Tile>
      <Tile name='Average duration' note={compared(durationNote(totals, previous))}>
        {totals && (totals.averageMs === null ? '–' : formatDuration(totals.averageMs))}
      </Tile>
      {!alone && (
        <Tile name='Active members' note='ran at least one tool'>
          {members === undefined ? null : formatNumber(members)}
        </Tile>
      )}
    </dl>
  )
}

type TileProps = { name: string; note: string | null; className?: string; children: ReactNode }

function Tile({ name, note, className, children }: TileProps) {
  return (
    <div className={cx('rounded-card border border-line bg-raised px-4 py-3', className)}>
      <dt className='text-sm text-muted'>{name}</dt>
      <dd>
        <span className='block min-h-9 text-xl font-semibold tracking-tight tabular-nums'>
          {children ?? <Skeleton className='h-8 w-20' />}
        </span>
        <span className='block min-h-4 text-xs text-muted'>{note}</span>
      </dd>
    </div>
  )
}

function countNote(now: Totals | null, then: Totals | null): string | null {
  if (!now || !then || then.executions === 0) return null
  const change = now.executions - then.executions
  if (change === 0) return 'as many as in'
  return `${formatNumber(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than in`
}

function rateNote(now: Totals | null, then: Totals | null): string | null {
  if (!now || !then || now.successRate === null || then.successRate === null) return null
  return `${formatShare(then.successRate)} in`
}

function durationNote(now: Totals | null, then: Totals | null): string | null {
  if (!now || !then || now.averageMs === null || then.averageMs === null) return null
  return `${formatDuration(then.averageMs)} in`
}
