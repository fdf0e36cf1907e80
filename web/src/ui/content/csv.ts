// Tables as CSV files. Cells that a spreadsheet would run as a formula are disarmed.

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
  const file = new Blob(['\uFEFF', await csvOf(sheet)], { type: 'text/csv;charset=utf-8' })
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
