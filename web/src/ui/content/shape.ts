// What a JSON value is to a reader: a table, a short list of facts, a list, or a tree. Pure.
import { isRecord } from '@shared/json.ts'
import { type Field, fieldOf, type Told, toldOf, toldOfItems } from './told.ts'

export type Scalar = string | number | boolean | null
export type Row = Record<string, unknown>
export type Shape =
  | { kind: 'scalar'; value: Scalar }
  | { kind: 'table'; columns: TableColumn[]; rows: Row[] }
  | { kind: 'list'; items: Scalar[] }
  | { kind: 'facts'; facts: Fact[]; parts: Part[] }
  | { kind: 'tree'; value: unknown }

export type TableColumn = Field & { type: 'number' | 'time' | 'date' | 'text' }
export type Fact = TableColumn & { value: unknown }
/** What is a shape of its own, and what was told of it. */
export type Part = { title: string; value: unknown; told: Told | null }

const maxColumns = 24
const maxFacts = 40
/** Parts of an object that are tables themselves are drawn below it, one level down. */
const maxParts = 6

/** `told`: what the schema of the output says of it; `depth`: how far below what a tool answered. */
export function shapeOf(value: unknown, told: Told | null = null, depth = 0): Shape {
  if (isScalar(value)) return { kind: 'scalar', value }
  if (Array.isArray(value)) return shapeOfList(value, toldOfItems(told))
  if (!isRow(value)) return { kind: 'tree', value }
  const entries = inToldOrder(Object.keys(value), told)
    .map((name): [string, unknown] => [name, value[name]])
  const [only] = entries
  // `{ "result": … }` wraps what the tool meant to say.
  if (only && entries.length === 1 && !isScalar(only[1]) && depth < 2) {
    return shapeOf(only[1], toldOf(told, only[0]), depth + 1)
  }
  const parts = entries.filter(([, part]) => !isCell(part))
  const facts = entries.filter(([, part]) => isCell(part))
  const nested = parts.length > 0 && (depth > 0 || parts.length > maxParts)
  if (entries.length === 0 || facts.length > maxFacts || nested) return { kind: 'tree', value }
  return {
    kind: 'facts',
    facts: facts.map(([name, fact]) => ({ ...columnOf(name, told, [fact]), value: fact })),
    parts: parts.map(([name, part]) => {
      const inner = toldOf(told, name)
      return { title: fieldOf(name, inner).title, value: part, told: inner }
    }),
  }
}

function shapeOfList(list: unknown[], told: Told | null): Shape {
  if (list.length > 0 && list.every(isRow)) {
    const columns = columnsOf(list, told)
    return columns ? { kind: 'table', columns, rows: list } : { kind: 'tree', value: list }
  }
  if (list.length > 0 && list.every(isScalar)) return { kind: 'list', items: list }
  return { kind: 'tree', value: list }
}

/** Null when rows are too wide or mostly not flat, so that a table would hide more than it shows. */
function columnsOf(rows: Row[], told: Told | null): TableColumn[] | null {
  const names = new Set(rows.slice(0, 1_000).flatMap((row) => Object.keys(row)))
  if (names.size === 0 || names.size > maxColumns) return null
  const flat = [...names].filter((name) => rows.every((row) => isCell(row[name])))
  if (flat.length * 2 < names.size) return null
  return inToldOrder([...names], told).map((name) =>
    columnOf(name, told, rows.map((row) => row[name]))
  )
}

/** As the schema names them, the rest after: what was stored comes back with its names in another order. */
function inToldOrder(names: string[], told: Told | null): string[] {
  const order = isRecord(told?.at.properties) ? Object.keys(told.at.properties) : []
  const known = order.filter((name) => names.includes(name))
  return [...known, ...names.filter((name) => !known.includes(name))]
}

function columnOf(name: string, told: Told | null, values: unknown[]): TableColumn {
  return { ...fieldOf(name, toldOf(told, name)), type: columnType(values) }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/
const day = /^\d{4}-\d\d-\d\d$/

function columnType(values: unknown[]): TableColumn['type'] {
  const present = values.filter((value) => value !== null && value !== undefined)
  if (present.length === 0) return 'text'
  if (present.every((value) => typeof value === 'number')) return 'number'
  const all = (form: RegExp) =>
    present.every((value) => typeof value === 'string' && form.test(value))
  return all(instant) ? 'time' : all(day) ? 'date' : 'text'
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** Fits into one cell: a scalar, nothing, or a short list of scalars. */
function isCell(value: unknown): boolean {
  if (value === undefined || isScalar(value)) return true
  return Array.isArray(value) && value.length <= 8 && value.every(isScalar)
}

function isRow(value: unknown): value is Row {
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
