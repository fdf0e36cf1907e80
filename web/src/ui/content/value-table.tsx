// Rows of a tool's result: as a table that sorts, is copied into a sheet and saved as CSV, or as a chart of its
// numbers, whichever a person picked last for this tool.
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { Download } from 'lucide-react'
import { count, formatNumber } from '@/lib/format.ts'
import { DataTable } from '@/ui/data-table.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { CopyButton } from '../copy-button.tsx'
import { Cell } from './cell.tsx'
import { chartPlan, measuredTogether } from './chart-plan.ts'
import { LookPicker, MeasurePicker } from './chart-picker.tsx'
import { useLook } from './chosen-chart.ts'
import { csvOf, downloadCsv } from './csv.ts'
import { Fold } from './fold.tsx'
import { useOrigin } from './origin.ts'
import { cellText, isScalar, type Row, type TableColumn } from './shape.ts'

const ValueChart = lazy(() => import('./value-chart.tsx'))

/** More rows than a person reads; the files hold them all. */
const maxRows = 200

/** `more`: another button beside the table's own. */
type Props = { name: string; columns: TableColumn[]; rows: Row[]; more?: ReactNode }

export function ValueTable({ name, columns, rows, more }: Props) {
  const plan = useMemo(() => chartPlan(columns, rows), [columns, rows])
  const { toolId } = useOrigin()
  const [look, setLook] = useLook(toolId && `${toolId} ${name}`)
  const kind = look && plan && look.kind !== 'table' && plan.kinds.includes(look.kind)
    ? look.kind
    : 'table'
  const picked = plan?.measures.filter((one) => look?.measures.includes(one.name)) ?? []
  const together = picked.length > 0 || !plan ? picked : measuredTogether(plan)
  const measures = kind === 'pie' ? together.slice(0, 1) : together
  return (
    <div>
      <div className='mb-1 flex flex-wrap items-center justify-between gap-x-2'>
        {plan
          ? (
            <LookPicker
              kinds={plan.kinds}
              kind={kind}
              onPick={(next) => setLook({ kind: next, measures: look?.measures ?? [] })}
            />
          )
          : <Count rows={rows} />}
        <TableButtons {...{ name, columns, rows, more }} />
      </div>
      {plan && kind !== 'table'
        ? (
          <>
            <MeasurePicker
              measures={plan.measures}
              picked={measures}
              one={kind === 'pie'}
              onPick={(names) => setLook({ kind, measures: names })}
            />
            <Suspense fallback={<Skeleton className='h-72 rounded-card' />}>
              <ValueChart name={name} kind={kind} plan={plan} measures={measures} />
            </Suspense>
          </>
        )
        : (
          <>
            <Rows {...{ name, columns, rows }} />
            {plan && <Count rows={rows} />}
          </>
        )}
    </div>
  )
}

function Count({ rows }: { rows: Row[] }) {
  return (
    <p className='mt-1 text-sm text-muted'>
      {rows.length > maxRows
        ? `First ${formatNumber(maxRows)} of ${count(rows.length, 'row')}`
        : count(rows.length, 'row')}
    </p>
  )
}

function TableButtons({ name, columns, rows, more }: Props) {
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
  return (
    <div className='ml-auto flex'>
      <CopyButton label='Copy table' text={() => csvOf(sheet, '\t')} />
      <IconButton
        label='Download as CSV'
        icon={<Download aria-hidden />}
        onClick={() => void downloadCsv(name, sheet)}
      />
      {more}
    </div>
  )
}

function Rows({ name, columns, rows }: Omit<Props, 'more'>) {
  const shown = useMemo(() => rows.slice(0, maxRows).map((row, at) => ({ at, row })), [rows])
  return (
    <Fold>
      <DataTable
        caption={name}
        columns={columns.map((column) => ({
          key: column.name,
          header: column.unit ? `${column.title} (${column.unit})` : column.title,
          about: column.description ?? undefined,
          align: column.type === 'number' ? 'right' as const : undefined,
          sortBy: ({ row }: { row: Row }) => sortValue(row[column.name]),
          cell: ({ row }: { row: Row }) => (
            <div className={widthOf(row[column.name])}>
              <Cell column={{ ...column, unit: null }} value={row[column.name]} />
            </div>
          ),
        }))}
        rows={shown}
        rowKey={({ at }) => String(at)}
      />
    </Fold>
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
