// Which messages of a chat are someone else’s doing, and whose. Pure.
import type { MessageRow } from './queries.ts'

type Said = Pick<MessageRow, 'id' | 'role' | 'user_id'> & {
  /** The message that an answer answers, where its row says so. */
  answers?: string | null
}
type Known = { me: string; names: ReadonlyMap<string, string> }

/** Oldest first in. By message: the name of whoever wrote it or asked for it; one’s own are not among them. */
export function othersIn(messages: Said[], { me, names }: Known): Map<string, string> {
  const others = new Map<string, string>()
  let asked: string | null = null
  for (const { id, role, user_id, answers } of messages) {
    if (role === 'user') {
      asked = id
      if (user_id !== me) others.set(id, nameOf(user_id, names))
    } else {
      const name = others.get(answers ?? asked ?? '')
      if (name !== undefined) others.set(id, name)
    }
  }
  return others
}

function nameOf(user_id: string | null, names: Known['names']): string {
  if (user_id !== null && names.size === 0) return 'Someone else'
  return names.get(user_id ?? '') ?? 'Someone who left'
}
