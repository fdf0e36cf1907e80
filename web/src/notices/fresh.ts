// Which notices are news to an open app. Pure.
import type { Notice } from './notice-queries.ts'

/** A further question of the same call makes its notice new again: its moment is part of what it is. */
const keyOf = ({ id, created_at }: Notice) => `${id} ${created_at}`

export type Known = ReadonlySet<string>

export const knownOf = (notices: Notice[]): Known => new Set(notices.map(keyOf))

/** Unread ones that were not there before; none at the first look. */
export function freshIn(notices: Notice[], known: Known | null): Notice[] {
  if (known === null) return []
  return notices.filter((notice) => notice.read_at === null && !known.has(keyOf(notice)))
}

export const unreadIn = (notices: Notice[]) => notices.filter(({ read_at }) => read_at === null)

/** The execution whose page this is. */
export function executionAt(pathname: string): string | null {
  return /^\/activity\/([0-9a-f-]{36})$/.exec(pathname)?.[1] ?? null
}
