// Who says what in a chat of several people: each of their messages is shown to a model under its writer’s
// name, which is that person’s own choice and therefore quoted.
import type { App } from '../app.ts'
import type { Member } from '../auth.ts'
import { read } from '../db.ts'
import { cleanText } from '../mcp/content.ts'
import type { ChatMessage } from './history.ts'

const NAME_CHARACTERS = 80

export type Said = Pick<ChatMessage, 'id' | 'role' | 'parts'> & { user_id: string | null }

/** A person’s words under their name. */
export function spoken(name: string, text: string): string {
  return `${JSON.stringify(cleanText(name, NAME_CHARACTERS))} writes:\n${text}`
}

/** The same messages, with the name of its writer before each one that a person wrote. */
export async function withSpeakers(app: App, member: Member, messages: Said[]): Promise<Said[]> {
  const ids = [...new Set(messages.flatMap(({ user_id }) => user_id ?? []))]
  const people = await read<Profile[]>(
    app.db.as(member).from('profiles').select('id, full_name, email').in('id', ids),
  )
  const names = new Map(people.map((person) => [person.id, nameOf(person)]))
  return messages.map((message) => {
    if (message.role !== 'user') return message
    return {
      ...message,
      parts: under(names.get(message.user_id ?? '') ?? 'Someone', message.parts),
    }
  })
}

type Profile = { id: string; full_name: string | null; email: string | null }

function nameOf({ full_name, email }: Profile): string {
  return full_name?.trim() || email?.split('@')[0] || 'Someone'
}

function under(name: string, parts: ChatMessage['parts']): ChatMessage['parts'] {
  const first = parts.findIndex((part) => part.type === 'text')
  if (first === -1) return [{ type: 'text', text: spoken(name, '') }, ...parts]
  return parts.map((part, at) =>
    at === first && part.type === 'text' ? { ...part, text: spoken(name, part.text) } : part
  )
}
