// The frame of one question: its picture, the table behind it, and the table as a file.
import { type ReactNode, useState } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { ChartColumn, Download, Table } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { type CsvColumn, downloadCsv } from '@/ui/content/csv.ts'
import { type Column, DataTable } from '@/ui/data-table.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'

export type PanelColumn<Row> = Column<Row> & { csv: CsvColumn<Row>['value'] }

type Props<Row> = {
  title: string
  /** Reads well after “could not be read”: what this is, in a few words. */
  query: UseQueryResult<Row[]>
  columns: PanelColumn<Row>[]
  rowKey: (row: Row) => string
  initialSort?: { key: string; descending: boolean }
  /** Name of the file, without its ending. */
  fileName: string
  empty: ReactNode
  /** The picture; without one the table is all there is. */
  chart?: (rows: Row[]) => ReactNode
  skeleton: string
}

export function Panel<Row>(props: Props<Row>) {
  const { title, query, columns, chart, empty } = props
  const [asTable, setAsTable] = useState(false)
  const rows = query.data
  const table = asTable || !chart
  const save = () =>
    rows && downloadCsv(props.fileName, {
      rows,
      columns: columns.map(({ header, csv }) => ({ header, value: csv })),
    })
  return (
    <section className='flex min-w-0 flex-col'>
      <header className='mb-2 flex min-h-control items-center gap-1'>
        <h2 className='min-w-0 grow text-base font-semibold'>{title}</h2>
        {rows && rows.length > 0 && (
          <>
            {chart && (
              <Button
                look='quiet'
                className='px-3 text-muted'
                icon={table ? <ChartColumn aria-hidden /> : <Table aria-hidden />}
                onClick={() => setAsTable(!asTable)}
              >
                {table ? 'Chart' : 'Table'}
                <span className='sr-only'>{' '}of {title.toLowerCase()}</span>
              </Button>
            )}
            <IconButton
              label={`Download ${title.toLowerCase()} as CSV`}
              icon={<Download aria-hidden />}
              onClick={() => void save()}
            />
          </>
        )}
      </header>
      <Body {...props} table={table} empty={empty} />
    </section>
  )
}

function Body<Row>({ table, ...props }: Props<Row> & { table: boolean }) {
  const { query, title, chart, skeleton } = props
  if (query.isPending) {
    return (
      <output className='block'>
        <span className='sr-only'>Loading {title.toLowerCase()}</span>
        <Skeleton className={`rounded-card ${skeleton}`} />
      </output>
    )
  }
  if (query.isError) {
    return (
      <div className='rounded-card border border-line bg-raised'>
        <FailedState
          title='This could not be read'
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    )
  }
  if (query.data.length === 0) {
    return (
      <p className='rounded-card border border-line bg-raised px-4 py-8 text-center text-sm text-muted'>
        {props.empty}
      </p>
    )
  }
  if (!table && chart) {
    return (
      <div className='grow rounded-card border border-line bg-raised p-4'>{chart(query.data)}</div>
    )
  }
  return (
    <DataTable
      caption={title}
      columns={props.columns}
      rows={query.data}
      rowKey={props.rowKey}
      initialSort={props.initialSort}
    />
  )
}
