// One value in a table or a list of facts, in words: numbers with separators, moments in local time, links to follow.
import { formatNumber } from '@/lib/format.ts'
import { cellText, isCounted, type TableColumn } from './shape.ts'
import { webAddress } from './view.ts'

const longest = 200

type Props = { name: string; type: TableColumn['type']; value: unknown }

export function Cell({ name, type, value }: Props) {
  if (value === null || value === undefined || value === '') {
    return <span className='text-muted' aria-label='empty'>–</span>
  }
  if (typeof value === 'number') {
    return <>{isCounted(name) ? formatNumber(value) : String(value)}</>
  }
  if (typeof value === 'boolean') return <>{value ? 'Yes' : 'No'}</>
  if (type === 'time') return <Moment at={String(value)} />
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
