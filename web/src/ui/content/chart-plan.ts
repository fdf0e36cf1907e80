// Whether rows can be drawn, along what, and as which charts. Pure.
import { isRecord } from '@shared/json.ts'
import { cellText, isCounted, type Row, type TableColumn } from './shape.ts'

export const chartKinds = ['bar', 'line', 'pie'] as const
export type ChartKind = typeof chartKinds[number]

export type ChartPlan = {
  /** What names each row: the axis along the bottom, or the slices. */
  along: TableColumn
  /** What can be measured, as the table orders it. */
  measures: TableColumn[]
  /** The first one fits best. */
  kinds: ChartKind[]
  /** In the order of `along` where that has one. */
  rows: Row[]
}

const mostMeasures = 6
/** Beyond these a picture says less than its table. */
const mostBars = 60
const mostPoints = 1_000
const mostSlices = 8

/** Null where nothing in it is a number to draw, or nothing names the rows. */
export function chartPlan(columns: TableColumn[], rows: Row[]): ChartPlan | null {
  if (rows.length < 2) return null
  const names = columns.filter((column) => isName(column, rows))
  const along = columns.find(isOrdered) ?? names.find(({ type }) => type === 'text') ?? names[0]
  const measures = columns.filter((column) =>
    column !== along && column.type === 'number' && isCounted(column.name)
  ).slice(0, mostMeasures)
  const [first] = measures
  if (!along || !first) return null
  const ordered = isOrdered(along)
  const kinds: ChartKind[] = ordered ? ['line', 'bar'] : ['bar']
  if (isWhole(rows, first)) kinds.push('pie')
  return { along, measures, kinds, rows: ordered ? inOrder(rows, along) : rows }
}

/** How many of the rows a chart of this kind shows. */
export function mostOf(kind: ChartKind): number {
  return kind === 'line' ? mostPoints : kind === 'bar' ? mostBars : mostSlices
}

/** Those that share the unit and the size of the first: beside it, the others would be a flat line. */
export function measuredTogether({ measures, rows }: ChartPlan): TableColumn[] {
  const [first] = measures
  if (!first) return []
  const size = largest(rows, first)
  return measures.filter((column) => {
    const own = largest(rows, column)
    const near = own > 0 && size > 0 && own <= size * 20 && size <= own * 20
    return column === first ||
      (near && column.unit === first.unit && column.format === first.format)
  })
}

/** In words what a picture shows at a glance. */
export function chartSummary(
  { along, rows }: ChartPlan,
  { measure, words, label }: {
    measure: TableColumn
    words: (value: number) => string
    label: (row: Row) => string
  },
): string {
  const known = rows.filter((row) => typeof row[measure.name] === 'number')
  const at = (row: Row) => row[measure.name] as number
  const [low, high] = [
    known.reduce((least, row) => at(row) < at(least) ? row : least, known[0]!),
    known.reduce((most, row) => at(row) > at(most) ? row : most, known[0]!),
  ]
  return `${measure.title} by ${along.title}: ${rows.length} values, lowest ${words(at(low))} (${
    label(low)
  }), highest ${words(at(high))} (${label(high)}).`
}

function largest(rows: Row[], { name }: TableColumn): number {
  return rows.reduce((most, row) => Math.max(most, Math.abs(Number(row[name] ?? 0)) || 0), 0)
}

/** Moments, days, and years or months written as such. */
function isOrdered({ name, type }: TableColumn): boolean {
  return type === 'time' || type === 'date' ||
    /(^|[_\s-])(year|month|week|quarter|day|date)$/i.test(name)
}

/** Texts, or numbers that name something, mostly one to a row. */
function isName(column: TableColumn, rows: Row[]): boolean {
  if (column.type === 'number' && isCounted(column.name)) return false
  const named = new Set(rows.map((row) => cellText(row[column.name])))
  return named.size * 2 > rows.length && !rows.some((row) => isRecord(row[column.name]))
}

/** Few parts, none of them negative: they can be a share of something. */
function isWhole(rows: Row[], { name, format }: TableColumn): boolean {
  return rows.length <= mostSlices && format !== 'percent' &&
    rows.every((row) => typeof row[name] === 'number' && row[name] >= 0) &&
    rows.some((row) => Number(row[name]) > 0)
}

function inOrder(rows: Row[], { name }: TableColumn): Row[] {
  return rows.toSorted((left, right) => {
    const [a, b] = [left[name], right[name]]
    if (typeof a === 'number' && typeof b === 'number') return a - b
    // Names of months and the like stand as they came.
    return sortable.test(cellText(a)) && sortable.test(cellText(b))
      ? cellText(a).localeCompare(cellText(b))
      : 0
  })
}

const sortable = /^\d{4}(-\d\d|-?[QW]\d)?/
