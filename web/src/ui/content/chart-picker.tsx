// Picks how rows are looked at: as a table or a chart, and which of their numbers a chart shows.
import { BarChart3, ChartLine, ChartPie, type LucideIcon, Table2 } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import type { ChartKind } from './chart-plan.ts'
import type { TableColumn } from './shape.ts'

const words: Record<ChartKind | 'table', { name: string; icon: LucideIcon }> = {
  table: { name: 'Table', icon: Table2 },
  bar: { name: 'Bars', icon: BarChart3 },
  line: { name: 'Line', icon: ChartLine },
  pie: { name: 'Pie', icon: ChartPie },
}

type LookProps = {
  kinds: ChartKind[]
  kind: ChartKind | 'table'
  onPick: (kind: ChartKind | 'table') => void
}

export function LookPicker({ kinds, kind, onPick }: LookProps) {
  return (
    <div role='group' aria-label='Show as' className='-ml-2 flex'>
      {(['table', ...kinds] as const).map((one) => {
        const { name, icon: Icon } = words[one]
        return (
          <button
            key={one}
            type='button'
            aria-pressed={one === kind}
            onClick={() => onPick(one)}
            className={cx(
              'inline-flex h-control min-w-11 items-center justify-center gap-1.5 rounded-control px-2 text-sm',
              one === kind ? 'bg-press font-medium' : 'text-muted hover:bg-hover hover:text-text',
            )}
          >
            <Icon aria-hidden className='size-4 shrink-0' />
            <span className='max-sm:sr-only'>{name}</span>
          </button>
        )
      })}
    </div>
  )
}

type MeasureProps = {
  measures: TableColumn[]
  picked: TableColumn[]
  /** A round picture shows one. */
  one: boolean
  onPick: (names: string[]) => void
}

/** What is drawn and in which colour: the legend, and the way to change it. */
export function MeasurePicker({ measures, picked, one, onPick }: MeasureProps) {
  const names = picked.map(({ name }) => name)
  const toggle = (name: string) => {
    if (one) return onPick([name])
    const rest = names.filter((other) => other !== name)
    if (!names.includes(name)) onPick([...names, name])
    else if (rest.length > 0) onPick(rest)
  }
  return (
    <div role='group' aria-label='Measured' className='mb-1 flex flex-wrap gap-x-1'>
      {measures.map(({ name, title, unit }) => {
        const at = names.indexOf(name)
        return (
          <button
            key={name}
            type='button'
            aria-pressed={at >= 0}
            onClick={() => toggle(name)}
            className={cx(
              'inline-flex h-control items-center gap-1.5 rounded-control px-2 text-xs hover:bg-hover',
              at < 0 && 'text-muted',
            )}
          >
            <span
              aria-hidden
              className='size-2.5 rounded-tag border border-edge'
              style={at < 0 || one
                ? undefined
                : { background: `var(--series-${at % 6 + 1})`, borderColor: 'transparent' }}
            />
            {title}
            {unit && <span className='text-muted'>({unit})</span>}
          </button>
        )
      })}
    </div>
  )
}
