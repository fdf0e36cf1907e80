// A ranking as bars, each with its name and its number in words: readable without seeing the bars.
import type { ReactNode } from 'react'
import { formatNumber } from '@/lib/format.ts'

export type Bar = {
  key: string
  name: ReactNode
  note: string | null
  value: number
  /** How much of the value did not succeed: drawn apart, and said. */
  failed: number
}

const shown = 8

export function BarList({ bars, label, unit }: { bars: Bar[]; label: string; unit: string }) {
  const longest = Math.max(1, ...bars.map(({ value }) => value))
  const rest = bars.slice(shown)
  return (
    <>
      <ol aria-label={label} className='flex flex-col gap-3'>
        {bars.slice(0, shown).map((bar) => (
          <li key={bar.key} className='relative'>
            <div className='flex items-baseline gap-3 text-sm'>
              <span className='min-w-0 grow truncate'>
                {bar.name}
                {bar.note && <span className='ml-2 text-xs text-muted'>{bar.note}</span>}
              </span>
              {bar.failed > 0 && (
                <span className='shrink-0 text-xs text-muted'>
                  {formatNumber(bar.failed)} unsuccessful
                </span>
              )}
              <span className='shrink-0 font-medium tabular-nums'>
                {formatNumber(bar.value)}
                <span className='sr-only'>{' '}{unit}</span>
              </span>
            </div>
            <div aria-hidden className='mt-1 flex h-2 gap-px overflow-hidden rounded-tag'>
              <span
                className='bg-series-1'
                style={{ width: `${100 * (bar.value - bar.failed) / longest}%` }}
              />
              <span className='bg-series-2' style={{ width: `${100 * bar.failed / longest}%` }} />
            </div>
          </li>
        ))}
      </ol>
      {rest.length > 0 && (
        <p className='mt-3 text-xs text-muted'>{formatNumber(rest.length)} more in the table.</p>
      )}
    </>
  )
}
