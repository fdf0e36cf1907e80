// What a JSON value is to a reader: a table, a short list of facts, a list, or a tree. Pure.
import { isRecord } from '@shared/json.ts'

export type Scalar = string | number | boolean | null
export type Row = Record<string, unknown>
export type Shape =
  | { kind: 'scalar'; value: Scalar }
  | { kind: 'table'; columns: TableColumn[]; rows: Row[] }
  | { kind: 'list'; items: Scalar[] }
  | { kind: 'facts'; facts: [string, unknown][]; parts: [string, unknown][] }
  | { kind: 'tree'; value: unknown }

export type TableColumn = { name: string; type: 'number' | 'time' | 'text' }

const maxColumns = 24
const maxFacts = 40
/** Parts of an object that are tables themselves are drawn below it, one level down. */
const maxParts = 6

export function shapeOf(value: unknown, depth = 0): Shape {
  if (isScalar(value)) return { kind: 'scalar', value }
  if (Array.isArray(value)) return shapeOfList(value)
  if (!isRow(value)) return { kind: 'tree', value }
  const entries = Object.entries(value)
  const [only] = entries
  // `{ "result": … }` wraps what the tool meant to say.
  if (only && entries.length === 1 && !isScalar(only[1]) && depth < 2) {
    return shapeOf(only[1], depth + 1)
  }
  const parts = entries.filter(([, part]) => !isCell(part))
  const facts = entries.filter(([, part]) => isCell(part))
  const nested = parts.length > 0 && (depth > 0 || parts.length > maxParts)
  if (entries.length === 0 || facts.length > maxFacts || nested) return { kind: 'tree', value }
  return { kind: 'facts', facts, parts }
}

function shapeOfList(list: unknown[]): Shape {
  if (list.length > 0 && list.every(isRow)) {
    const columns = columnsOf(list)
    return columns ? { kind: 'table', columns, rows: list } : { kind: 'tree', value: list }
  }
  if (list.length > 0 && list.every(isScalar)) return { kind: 'list', items: list }
  return { kind: 'tree', value: list }
}

/** Null when rows are too wide or mostly not flat, so that a table would hide more than it shows. */
function columnsOf(rows: Row[]): TableColumn[] | null {
  const names = new Set(rows.slice(0, 1_000).flatMap((row) => Object.keys(row)))
  if (names.size === 0 || names.size > maxColumns) return null
  const flat = [...names].filter((name) => rows.every((row) => isCell(row[name])))
  if (flat.length * 2 < names.size) return null
  return [...names].map((name) => ({ name, type: columnType(rows.map((row) => row[name])) }))
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

function columnType(values: unknown[]): TableColumn['type'] {
  const present = values.filter((value) => value !== null && value !== undefined)
  if (present.length === 0) return 'text'
  if (present.every((value) => typeof value === 'number')) return 'number'
  const times = present.every((value) => typeof value === 'string' && instant.test(value))
  return times ? 'time' : 'text'
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** Fits into one cell: a scalar, nothing, or a short list of scalars. */
function isCell(value: unknown): boolean {
  if (value === undefined || isScalar(value)) return true
  return Array.isArray(value) && value.length <= 8 && value.every(isScalar)
}

export function isRow(value: unknown): value is Row {
  return isRecord(value)
}

/** Numbers that name something are not counted: no separators in ids, years and ports. */
export function isCounted(name: string): boolean {
  return !/(^|[_\s-])(id|ids|year|zip|code|port|phone|number|no|nr|version)$/i.test(name) &&
    !/[a-z](Id|Year|Zip|Code|Port|Phone|Number|Version)$/.test(name)
}

/** A cell as plain text, for copying and for CSV. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value) && value.every(isScalar)) return value.map(String).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
