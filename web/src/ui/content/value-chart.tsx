// A table as a picture. Its numbers are in the table it came from, one click away, and in a sentence for those
// who do not see it.
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell as Slice,
  Line,
  LineChart,
  Pie,
  PieChart,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { count, formatShare } from '@/lib/format.ts'
import { dayWords } from './cell.tsx'
import { type ChartKind, type ChartPlan, chartSummary, mostOf } from './chart-plan.ts'
import { numberWords } from './number-words.ts'
import { cellText, type Row, type TableColumn } from './shape.ts'

/** Fixed order and colours, safe for colour-blind readers; lines differ by their strokes too. */
const strokes = [undefined, '7 4', '2 3', '10 3 2 3', '4 2', '12 4']
const colorOf = (at: number) => `var(--series-${at % 6 + 1})`

type Props = { name: string; kind: ChartKind; plan: ChartPlan; measures: TableColumn[] }

export default function ValueChart({ name, kind, plan, measures }: Props) {
  const { along, rows: all } = plan
  const rows = all.slice(0, mostOf(kind))
  const label = (row: Row) => labelOf(row[along.name], along)
  const summary = measures.map((measure) =>
    chartSummary({ ...plan, rows }, {
      measure,
      words: (value) => numberWords(value, measure),
      label,
    })
  )
  const drawn = { rows, along, measures, label }
  return (
    <figure
      aria-label={`${name} as a ${kind} chart`}
      className='rounded-card border border-line bg-raised p-3'
    >
      <div aria-hidden className={kind === 'pie' ? 'h-56' : 'h-64'}>
        <ResponsiveContainer width='100%' height='100%'>
          {kind === 'pie' ? pie(drawn) : kind === 'line' ? lines(drawn) : bars(drawn)}
        </ResponsiveContainer>
      </div>
      <figcaption>
        <span className='sr-only'>{summary.join(' ')}</span>
        {kind === 'pie' && <Shares {...drawn} />}
        {rows.length < all.length && (
          <span className='text-xs text-muted'>
            The first {count(rows.length, 'row')} of {count(all.length, 'row')}
          </span>
        )}
      </figcaption>
    </figure>
  )
}

type Drawn = {
  rows: Row[]
  along: TableColumn
  measures: TableColumn[]
  label: (row: Row) => string
}

const margin = { top: 8, right: 8, bottom: 0, left: 0 }
const tick = { fill: 'var(--muted)', fontSize: 12 }

/** What both kinds of axes share. A function, not a component: recharts looks at its direct children. */
function frame({ along, measures }: Drawn, cursor: Record<string, unknown>) {
  const [first] = measures
  return [
    <CartesianGrid key='grid' vertical={false} stroke='var(--line)' />,
    <XAxis
      key='along'
      dataKey={(row: Row) => labelOf(row[along.name], along)}
      tickLine={false}
      axisLine={{ stroke: 'var(--line)' }}
      tick={tick}
      minTickGap={16}
    />,
    <YAxis
      key='measure'
      width='auto'
      tickLine={false}
      axisLine={false}
      tick={tick}
      tickFormatter={(value: number) => shortly(value, first)}
    />,
    <Tooltip
      key='values'
      isAnimationActive={false}
      cursor={cursor}
      content={(shown) => <Values {...shown} measures={measures} />}
    />,
  ]
}

function bars(drawn: Drawn) {
  return (
    <BarChart data={drawn.rows} accessibilityLayer={false} margin={margin} maxBarSize={48}>
      {frame(drawn, { fill: 'var(--text)', fillOpacity: 0.06 })}
      {drawn.measures.map(({ name, title }, at) => (
        <Bar
          key={name}
          dataKey={(row: Row) => row[name] as number}
          name={title}
          fill={colorOf(at)}
          radius={[3, 3, 0, 0]}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  )
}

function lines(drawn: Drawn) {
  return (
    <LineChart data={drawn.rows} accessibilityLayer={false} margin={margin}>
      {frame(drawn, { stroke: 'var(--edge)' })}
      {drawn.measures.map(({ name, title }, at) => (
        <Line
          key={name}
          dataKey={(row: Row) => row[name] as number}
          name={title}
          stroke={colorOf(at)}
          strokeWidth={2}
          strokeDasharray={strokes[at]}
          dot={drawn.rows.length <= 24 && { r: 2.5, strokeDasharray: 'none' }}
          connectNulls
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  )
}

function pie({ rows, measures, label }: Drawn) {
  const [measure] = measures
  return (
    <PieChart accessibilityLayer={false}>
      <Pie
        data={rows.map((row) => ({ name: label(row), value: row[measure!.name] as number }))}
        dataKey='value'
        nameKey='name'
        rootTabIndex={-1}
        innerRadius='45%'
        outerRadius='95%'
        stroke='var(--raised)'
        strokeWidth={2}
        isAnimationActive={false}
      >
        {rows.map((_, at) => <Slice key={at} fill={colorOf(at)} fillOpacity={at < 6 ? 1 : 0.55} />)}
      </Pie>
      <Tooltip
        isAnimationActive={false}
        content={(shown) => <Values {...shown} measures={measures} />}
      />
    </PieChart>
  )
}

/** Which slice is what: a round picture has no axis to say it. */
function Shares({ rows, measures: [measure], label }: Drawn) {
  const valueOf = (row: Row) => Number(row[measure!.name])
  const total = rows.reduce((sum, row) => sum + valueOf(row), 0)
  return (
    <ul className='mt-2 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2'>
      {rows.map((row, at) => (
        <li key={at} className='flex items-baseline gap-2'>
          <Swatch at={at} />
          <span className='min-w-0 grow truncate'>{label(row)}</span>
          <span className='text-muted tabular-nums'>
            {numberWords(valueOf(row), measure!)} · {formatShare(valueOf(row) / total)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Swatch({ at }: { at: number }) {
  return (
    <span
      aria-hidden
      className='size-2.5 shrink-0 rounded-tag'
      style={{ background: colorOf(at), opacity: at < 6 ? 1 : 0.55 }}
    />
  )
}

function Values(
  { active, payload, label, measures }: TooltipContentProps & { measures: TableColumn[] },
) {
  if (!active || !payload.length) return null
  return (
    <div className='rounded-control border border-line bg-raised px-3 py-2 text-xs text-text shadow-float'>
      {label !== undefined && <p className='font-medium'>{String(label)}</p>}
      {payload.map(({ name, value, color }, at) => (
        <p key={String(name)} className='mt-0.5 flex items-center gap-1.5'>
          <span aria-hidden className='size-2.5 rounded-tag' style={{ background: color }} />
          <span className='grow'>{name}</span>
          <span className='tabular-nums'>
            {numberWords(Number(value), measures[at] ?? measures[0]!)}
          </span>
        </p>
      ))}
    </div>
  )
}

function labelOf(value: unknown, { type, name }: TableColumn): string {
  if (type === 'date') return dayWords(String(value))
  if (type === 'time') {
    const moment = new Date(String(value))
    return Number.isNaN(moment.getTime())
      ? String(value)
      : new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' }).format(
        moment,
      )
  }
  return typeof value === 'number'
    ? numberWords(value, { name, unit: null, format: null })
    : cellText(value)
}

/** `41K`: an axis has no room for more. */
function shortly(value: number, measure: TableColumn | undefined): string {
  if (measure?.format === 'percent') return formatShare(value)
  return new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
    .format(value)
}
