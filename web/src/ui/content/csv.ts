// Tables as CSV files. Cells that a spreadsheet would run as a formula are disarmed.
import { saveFile } from './save-file.ts'

export type CsvColumn<Row> = { header: string; value: (row: Row) => string | number | null }

type Sheet<Row> = { columns: CsvColumn<Row>[]; rows: Row[] }

/** RFC 4180, with a leading `'` where a text starts like a formula (OWASP, CSV injection). */
export async function csvOf<Row>(sheet: Sheet<Row>, delimiter = ','): Promise<string> {
  const { default: papa } = await import('papaparse')
  const lines = sheet.rows.map((row) => sheet.columns.map(({ value }) => value(row)))
  const fields = sheet.columns.map(({ header }) => header)
  return papa.unparse({ fields, data: lines }, { delimiter, escapeFormulae: true })
}

/** Hands the person a file. `name` without its ending. */
export async function downloadCsv<Row>(name: string, sheet: Sheet<Row>): Promise<void> {
  // The mark tells Excel that this is UTF-8.
  saveFile(`${name}.csv`, `\uFEFF${await csvOf(sheet)}`, 'text/csv;charset=utf-8')
}
