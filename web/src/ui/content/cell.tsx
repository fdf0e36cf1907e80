// One value in a table or a list of facts, in words: numbers with separators and units, moments in local time,
// links to follow.
import { numberWords } from './number-words.ts'
import { cellText, type TableColumn } from './shape.ts'
import { webAddress } from './view.ts'

const longest = 200

type Props = { column: TableColumn; value: unknown }

export function Cell({ column, value }: Props) {
  if (value === null || value === undefined || value === '') {
    return <span className='text-muted' aria-label='empty'>–</span>
  }
  if (typeof value === 'number') return <>{numberWords(value, column)}</>
  if (typeof value === 'boolean') return <>{value ? 'Yes' : 'No'}</>
  if (column.type === 'time') return <Moment at={String(value)} />
  if (column.type === 'date') return <Day of={String(value)} />
  const text = cellText(value)
  const address = /^https?:\/\//.test(text) ? webAddress(text) : null
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text
  if (address) {
    return (
      <a
        href={address}
        target='_blank'
        rel='noopener noreferrer nofollow'
        className='text-accent underline'
      >
        {shown}
      </a>
    )
  }
  return <span title={shown === text ? undefined : text.slice(0, 2_000)}>{shown}</span>
}

function Moment({ at }: { at: string }) {
  const moment = new Date(at)
  if (Number.isNaN(moment.getTime())) return <>{at}</>
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
    .format(moment)
  return <time dateTime={at} title={at} className='whitespace-nowrap'>{words}</time>
}

function Day({ of }: { of: string }) {
  return <time dateTime={of} title={of} className='whitespace-nowrap'>{dayWords(of)}</time>
}

/** `2026-03-01` as `1 Mar 2026`: a day is the same one wherever it is read. */
export function dayWords(of: string): string {
  const date = new Date(`${of}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return of
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(date)
}
