// JSON to be opened branch by branch. Only what is open is drawn, and never more than a page of it at once.
import { type ReactNode, useState } from 'react'
import { ChevronRight } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { isScalar } from './shape.ts'

const page = 100
const longText = 400

export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className='overflow-x-auto font-mono text-sm'>
      <Node name={null} value={value} open />
    </div>
  )
}

type NodeProps = { name: string | null; value: unknown; open?: boolean }

function Node({ name, value, open: openAtFirst = false }: NodeProps) {
  const [open, setOpen] = useState(openAtFirst)
  if (isScalar(value) || value === undefined) {
    return (
      <div className='py-0.5 pl-5'>
        <Name>{name}</Name>
        <Leaf value={value ?? null} />
      </div>
    )
  }
  const entries = Array.isArray(value)
    ? value.map((one, at): [string, unknown] => [String(at), one])
    : Object.entries(value as object)
  return (
    <div>
      <button
        type='button'
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className='flex min-h-control w-full items-center gap-1 rounded-tag text-left hover:bg-hover pointer-fine:min-h-7'
      >
        <ChevronRight
          aria-hidden
          className={cx('size-4 shrink-0 text-muted', open && 'rotate-90')}
        />
        <span className='min-w-0 truncate'>
          <Name>{name}</Name>
          <span className='text-muted'>{summary(value, entries)}</span>
        </span>
      </button>
      {open && <Children entries={entries} />}
    </div>
  )
}

function Children({ entries }: { entries: [string, unknown][] }) {
  const [shown, setShown] = useState(page)
  return (
    <div className='ml-2 border-l border-line pl-2'>
      {entries.slice(0, shown).map(([name, value]) => (
        <Node key={name} name={name} value={value} open={entries.length === 1} />
      ))}
      {entries.length > shown && (
        <button
          type='button'
          className='min-h-control pl-5 text-accent'
          onClick={() => setShown(shown + page)}
        >
          {entries.length - shown} more
        </button>
      )}
    </div>
  )
}

function Name({ children }: { children: ReactNode }) {
  return children === null ? null : <span className='text-muted'>{children}:{' '}</span>
}

function Leaf({ value }: { value: string | number | boolean | null }) {
  const [whole, setWhole] = useState(false)
  if (typeof value !== 'string') {
    return <span className={value === null ? 'text-muted' : 'text-info'}>{String(value)}</span>
  }
  const cut = !whole && value.length > longText
  return (
    <span className='whitespace-pre-wrap'>
      {cut ? `${value.slice(0, longText)}… ` : value || <span className='text-muted'>(empty)</span>}
      {cut && (
        <button
          type='button'
          className='text-accent underline'
          onClick={() => setWhole(true)}
        >
          whole text
        </button>
      )}
    </span>
  )
}

function summary(value: unknown, entries: [string, unknown][]): string {
  if (entries.length === 0) return Array.isArray(value) ? 'empty list' : 'empty'
  if (Array.isArray(value)) return entries.length === 1 ? '1 item' : `${entries.length} items`
  const names = entries.slice(0, 5).map(([name]) => name).join(', ')
  return entries.length > 5 ? `${names}, …` : names
}
