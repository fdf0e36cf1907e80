// Reading a long list page by page, each from where the one before ended, that moment included. What is there
// already is left out by id: rows that share a moment are neither lost nor doubled, and new ones move no page.

type Row = { id: string }

/** The end of the millisecond: some databases answer with moments cut to milliseconds. */
export function upTo(moment: string): string {
  return new Date(new Date(moment).getTime() + 1).toISOString()
}

/** The row that the next page starts at; null where there is none: the last was not full, or brought nothing new. */
export function lastOfFull<One extends Row>(pages: One[][], length: number): One | null {
  const last = pages.at(-1) ?? []
  const before = new Set(pages.slice(0, -1).flat().map(({ id }) => id))
  const progress = last.some(({ id }) => !before.has(id))
  return last.length === length && progress ? last.at(-1)! : null
}

/** Each row once, as it was read last. */
export function flattened<One extends Row>(pages: One[][]): One[] {
  return [...new Map(pages.flat().map((one) => [one.id, one])).values()]
}
