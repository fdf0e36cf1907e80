// Rows and columns with a caption, sorting by a click on a heading, and a scroll of its own where it is too wide.
import { type ReactElement, type ReactNode, useState } from 'react'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { Tooltip } from './tooltip.tsx'

export type Column<Row> = {
  key: string
  header: string
  /** A few words more about it, on hover and on focus. */
  about?: string
  cell: (row: Row) => ReactNode
  /** Makes the column sortable. */
  sortBy?: (row: Row) => string | number | null
  align?: 'right'
  /** Hidden below this width, where the column is not essential. */
  from?: 'sm' | 'md' | 'lg'
}

const visibleFrom = {
  sm: 'hidden sm:table-cell',
  md: 'hidden md:table-cell',
  lg: 'hidden lg:table-cell',
}

type Sort = { key: string; descending: boolean }
type Props<Row> = {
  caption: string
  showCaption?: boolean
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  initialSort?: Sort
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
}

export function DataTable<Row>(props: Props<Row>) {
  const [sort, setSort] = useState<Sort | null>(props.initialSort ?? null)
  const rows = sorted(props.rows, props.columns, sort)
  const toggle = (key: string) =>
    setSort((now) => ({ key, descending: now?.key === key ? !now.descending : true }))
  if (rows.length === 0 && props.empty) return <>{props.empty}</>
  return (
    <div
      className='overflow-x-auto rounded-card border border-line bg-raised'
      role='region'
      aria-label={props.caption}
      tabIndex={0}
    >
      <table className='w-full border-collapse text-sm'>
        <caption className={props.showCaption ? 'px-3 py-2 text-left text-muted' : 'sr-only'}>
          {props.caption}
        </caption>
        <thead>
          <tr className='border-b border-line text-left text-xs text-muted'>
            {props.columns.map((column) => (
              <Heading
                key={column.key}
                column={column}
                sort={sort}
                onSort={() => toggle(column.key)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              className='border-b border-line last:border-0 hover:bg-hover'
            >
              {props.columns.map((column) => (
                <td
                  key={column.key}
                  className={cx(
                    'px-3 py-2.5 align-top',
                    column.align === 'right' && 'text-right tabular-nums',
                    column.from && visibleFrom[column.from],
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Heading<Row>(
  { column, sort, onSort }: { column: Column<Row>; sort: Sort | null; onSort: () => void },
) {
  const active = sort?.key === column.key
  const Arrow = sort?.descending ? ArrowDown : ArrowUp
  return (
    <th
      scope='col'
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={cx(
        'px-3 font-medium whitespace-nowrap',
        column.align === 'right' && 'text-right',
        column.from && visibleFrom[column.from],
      )}
    >
      {column.sortBy
        ? (
          <About text={column.about}>
            <button
              type='button'
              onClick={onSort}
              className='-mx-3 inline-flex min-h-control items-center gap-1 px-3 hover:text-text'
            >
              {column.header}
              {active && <Arrow aria-hidden className='size-3.5' />}
            </button>
          </About>
        )
        : <span className='inline-flex min-h-control items-center'>{column.header}</span>}
    </th>
  )
}

function About({ text, children }: { text: string | undefined; children: ReactElement }) {
  return text ? <Tooltip text={text}>{children}</Tooltip> : children
}

/** Absent values last, whichever way. */
function sorted<Row>(rows: Row[], columns: Column<Row>[], sort: Sort | null): Row[] {
  const sortBy = columns.find((column) => column.key === sort?.key)?.sortBy
  if (!sort || !sortBy) return rows
  const way = sort.descending ? -1 : 1
  return rows.toSorted((left, right) => {
    const [a, b] = [sortBy(left), sortBy(right)]
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    if (typeof a === 'number' && typeof b === 'number') return way * (a - b)
    return way * String(a).localeCompare(String(b))
  })
}
