// What a person is called, wherever one is named.

/** As embedded from `profiles`: what a person said of themselves, or nothing. */
export type Person = { email: string | null; full_name: string | null }

/** `otherwise`: for whoever has no profile that may be seen, most often because they have left. */
export function nameOf(
  person: Person | null | undefined,
  otherwise = 'Someone who left',
): string {
  return person?.full_name?.trim() || person?.email || otherwise
}
