// Rows of a tool's result as a table: sorted by a click, copied into a sheet, saved as CSV.
import { type ReactNode, useMemo } from 'react'
import { Download } from 'lucide-react'
import { count, formatNumber, readableName } from '@/lib/format.ts'
import { DataTable } from '@/ui/data-table.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { CopyButton } from '../copy-button.tsx'
import { csvOf, downloadCsv } from './csv.ts'
import { Fold } from './fold.tsx'
import { Cell } from './cell.tsx'
import { cellText, isScalar, type Row, type TableColumn } from './shape.ts'

/** More rows than a person reads; the files hold them all. */
const maxRows = 200

/** `more`: another button beside the table's own. */
type Props = { name: string; columns: TableColumn[]; rows: Row[]; more?: ReactNode }

export function ValueTable({ name, columns, rows, more }: Props) {
  const sheet = useMemo(() => ({
    columns: columns.map((column) => ({
      header: column.name,
      value: (row: Row) =>
        typeof row[column.name] === 'number'
          ? row[column.name] as number
          : cellText(row[column.name]),
    })),
    rows,
  }), [columns, rows])
  const shown = useMemo(() => rows.slice(0, maxRows).map((row, at) => ({ at, row })), [rows])
  return (
    <div>
      <div className='mb-1 flex items-center justify-between gap-2'>
        <p className='text-sm text-muted'>
          {rows.length > maxRows
            ? `First ${formatNumber(maxRows)} of ${count(rows.length, 'row')}`
            : count(rows.length, 'row')}
        </p>
        <div className='flex'>
          <CopyButton label='Copy table' text={() => csvOf(sheet, '\t')} />
          <IconButton
            label='Download as CSV'
            icon={<Download aria-hidden />}
            onClick={() => void downloadCsv(name, sheet)}
          />
          {more}
        </div>
      </div>
      <Fold>
        <DataTable
          caption={name}
          columns={columns.map(({ name: key, type }) => ({
            key,
            header: readableName(key),
            align: type === 'number' ? 'right' as const : undefined,
            sortBy: ({ row }: { row: Row }) => sortValue(row[key]),
            cell: ({ row }: { row: Row }) => (
              <div className={widthOf(row[key])}>
                <Cell name={key} type={type} value={row[key]} />
              </div>
            ),
          }))}
          rows={shown}
          rowKey={({ at }) => String(at)}
        />
      </Fold>
    </div>
  )
}

/** Short values stay on one line, long ones get room to be read: the table scrolls sideways instead. */
function widthOf(value: unknown): string {
  return cellText(value).length <= 32 ? 'whitespace-nowrap' : 'min-w-56 max-w-96'
}

function sortValue(value: unknown): string | number | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'number' ? value : isScalar(value) ? String(value) : cellText(value)
}
