// Executions per day, stacked by how they ended. A picture with a name; the same numbers are in the table behind it.
import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { formatNumber } from '@/lib/format.ts'
import { dayWords } from './range.ts'
import type { TrendDay } from './totals.ts'

type Series = { key: 'done' | 'failed' | 'timedOut' | 'other'; name: string; color: string }

/** Fixed order and colours, safe for colour-blind readers; the pattern differs too by the legend's words. */
const series: Series[] = [
  { key: 'done', name: 'Done', color: 'var(--series-1)' },
  { key: 'failed', name: 'Failed', color: 'var(--series-2)' },
  { key: 'timedOut', name: 'Timed out', color: 'var(--series-4)' },
  { key: 'other', name: 'Cancelled, refused or lost', color: 'var(--series-6)' },
]

export function TrendChart({ days, label }: { days: TrendDay[]; label: string }) {
  const used = series.filter(({ key }) => key === 'done' || days.some((day) => day[key] > 0))
  return (
    <figure aria-label={label}>
      <div aria-hidden className='h-64'>
        <ResponsiveContainer width='100%' height='100%'>
          <BarChart
            data={days}
            accessibilityLayer={false}
            margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
            maxBarSize={48}
          >
            <CartesianGrid vertical={false} stroke='var(--line)' />
            <XAxis
              dataKey='date'
              tickFormatter={dayWords}
              tickLine={false}
              axisLine={{ stroke: 'var(--line)' }}
              tick={{ fill: 'var(--muted)', fontSize: 12 }}
              minTickGap={24}
            />
            <YAxis
              allowDecimals={false}
              width={44}
              tickLine={false}
              axisLine={false}
              tick={{ fill: 'var(--muted)', fontSize: 12 }}
              tickFormatter={(value: number) => formatNumber(value)}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--text)', fillOpacity: 0.06 }}
              content={DayTooltip}
            />
            {used.map(({ key, name, color }) => (
              <Bar
                key={key}
                dataKey={key}
                name={name}
                stackId='day'
                fill={color}
                stroke='var(--raised)'
                strokeWidth={0.5}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <figcaption className='mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted'>
        {used.map(({ key, name, color }) => (
          <span key={key} className='inline-flex items-center gap-1.5'>
            <span aria-hidden className='size-2.5 rounded-tag' style={{ background: color }} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function DayTooltip({ active, payload, label }: TooltipContentProps) {
  if (!active || !payload.length) return null
  const total = payload.reduce((sum, { value }) => sum + Number(value), 0)
  return (
    <div className='rounded-control border border-line bg-raised px-3 py-2 text-xs text-text shadow-float'>
      <p className='font-medium'>{dayWords(String(label))}: {formatNumber(total)}</p>
      {payload.filter(({ value }) => Number(value) > 0).map(({ name, value, color }) => (
        <p key={String(name)} className='mt-0.5 flex items-center gap-1.5'>
          <span aria-hidden className='size-2.5 rounded-tag' style={{ background: color }} />
          <span className='grow'>{name}</span>
          <span className='tabular-nums'>{formatNumber(Number(value))}</span>
        </p>
      ))}
    </div>
  )
}
