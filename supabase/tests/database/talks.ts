// Chats and what is said in them, to tell the sentences with. Written as the chat door writes: as the
// service role.
import type { Ground } from './ground.ts'
import type { Person } from './people.ts'

export type Visibility = 'private' | 'team'

export async function beginChat(
  ground: Ground,
  of: { team_id: string; person: Person; visibility?: Visibility; title?: string },
): Promise<string> {
  const { team_id, person, visibility = 'private', title = 'A chat' } = of
  const [chat] = await ground.as('service_role')<{ id: string }>(
    'insert into public.astra_chats (team_id, user_id, visibility, title) values ($1, $2, $3, $4) returning id',
    [team_id, person.sub, visibility, title],
  )
  return chat!.id
}

export type Saying = { team_id: string; chat_id: string; person?: Person; text: string }

/** A person’s message, or without one an answer. */
export async function say(ground: Ground, said: Saying): Promise<string> {
  const { team_id, chat_id, person, text } = said
  const [message] = await ground.as('service_role')<{ id: string }>(
    `insert into public.astra_messages (team_id, chat_id, user_id, role, parts)
     values ($1, $2, $3, $4, $5) returning id`,
    [team_id, chat_id, person?.sub ?? null, person ? 'user' : 'assistant', [{
      type: 'text',
      text,
    }]],
  )
  return message!.id
}

export type Found = {
  chat_id: string
  message_id: string | null
  title: string
  excerpt: string | null
}

export function search(
  ground: Ground,
  person: Person,
  { team_id, query }: { team_id: string; query: string },
): Promise<Found[]> {
  return ground.as(person)<Found>('select * from public.search_chats($1, $2)', [team_id, query])
}
