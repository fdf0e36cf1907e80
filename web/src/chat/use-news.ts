// A chat that several people are in: what others write in it, and how answers to them grow, is looked for while
// it is seen. Only the newest moment is asked for; the messages are read again when it has moved.
import { useCallback, useEffect, useRef } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { rows } from '@/lib/read.ts'
import { useOnline } from '@/lib/reach.ts'
import { supabase } from '@/lib/supabase.ts'
import { oneChatKey } from './chats.ts'
import { messagesQuery } from './queries.ts'

const lookEveryMs = 3_000

type Options = { team_id: string; chat_id: string; shared: boolean }

export function useNews({ team_id, chat_id, shared }: Options): void {
  const queries = useQueryClient()
  const online = useOnline()
  const seen = useRef<string | undefined>(undefined)
  const { data: newest } = useQuery({
    queryKey: ['team', team_id, 'chat', chat_id, 'newest'],
    queryFn: () => newestMoment(team_id, chat_id),
    enabled: shared && online,
    // Stops by itself where the page is not seen.
    refetchInterval: lookEveryMs,
    staleTime: 0,
    gcTime: 0,
  })
  const readAgain = useCallback(() => {
    for (
      const queryKey of [messagesQuery(team_id, chat_id).queryKey, oneChatKey(team_id, chat_id)]
    ) {
      void queries.invalidateQueries({ queryKey })
    }
  }, [queries, team_id, chat_id])
  useEffect(() => {
    if (newest === undefined) return
    const moved = seen.current !== undefined && seen.current !== newest
    seen.current = newest
    if (moved) readAgain()
  }, [newest, readAgain])
  // Made private just now: what others said since the last look is in it, and nobody looks again.
  const before = useRef(shared)
  useEffect(() => {
    if (before.current && !shared) readAgain()
    before.current = shared
  }, [shared, readAgain])
}

/** Empty where nothing is to be seen: deleted, or no longer shared. */
async function newestMoment(team_id: string, chat_id: string): Promise<string> {
  const found = await rows<{ id: string; saved_at: string }[]>(
    supabase().from('astra_messages').select('id, saved_at')
      .eq('team_id', team_id).eq('chat_id', chat_id)
      .order('saved_at', { ascending: false }).limit(1),
  )
  return found[0] ? `${found[0].id} ${found[0].saved_at}` : ''
}
