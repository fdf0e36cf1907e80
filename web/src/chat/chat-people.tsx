// Who else writes in a chat: whose a message is, and whose question an answer and its calls belong to.
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import { nameOf, type Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { useSession } from '@/session/session.tsx'
import { messagesQuery } from './queries.ts'
import { othersIn } from './others.ts'

const Here = createContext('')
/** By message: the name of whoever wrote or asked it, where that is someone else. */
const Others = createContext<ReadonlyMap<string, string>>(new Map())
/** Whose question the answer around is about; null for one’s own. */
const Asker = createContext<string | null>(null)

/** The chat around. */
export const useChatId = () => useContext(Here)
export const useOther = (message_id: string): string | null =>
  useContext(Others).get(message_id) ?? null
/** Whether others have written here: only then are one’s own messages named as such. */
export const useSeveral = (): boolean => useContext(Others).size > 0
export const useAsker = () => useContext(Asker)

export function ChatPeople(
  { team_id, chat_id, children }: { team_id: string; chat_id: string; children: ReactNode },
) {
  const { id: me } = useSession()
  // Read by the conversation itself; here only looked at.
  const { data: stored } = useQuery({ ...messagesQuery(team_id, chat_id), enabled: false })
  const several = stored?.some(({ role, user_id }) => role === 'user' && user_id !== me) ?? false
  const { data: names } = useQuery({ ...peopleQuery(team_id), enabled: several })
  const others = useMemo(
    () => othersIn(several ? stored ?? [] : [], { me, names: names ?? new Map() }),
    [several, stored, me, names],
  )
  return (
    <Here value={chat_id}>
      <Others value={others}>{children}</Others>
    </Here>
  )
}

/** Around an answer: its cards ask whoever asked for it, and nobody else. */
export function AskedBy({ message_id, children }: { message_id: string; children: ReactNode }) {
  return <Asker value={useOther(message_id)}>{children}</Asker>
}

function peopleQuery(team_id: string) {
  return {
    queryKey: ['team', team_id, 'people'],
    queryFn: async () => {
      const found = await rows<{ user_id: string; profiles: Person | null }[]>(
        supabase().from('team_members').select('user_id, profiles(email, full_name)')
          .eq('team_id', team_id),
      )
      return new Map(found.map(({ user_id, profiles }) => [
        user_id,
        nameOf(profiles, 'Someone in your team'),
      ]))
    },
    staleTime: 5 * 60_000,
  }
}
