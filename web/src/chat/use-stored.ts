// What the database has of a conversation. While an answer grows there, or will go on by itself, it is looked at again.
import { useCallback, useEffect, useRef } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { pauseUntilNextLook, tailLength, withTail } from './looking.ts'
import { newestMessages } from './message-pages.ts'
import { type MessageRow, messagesQuery } from './queries.ts'

type Options = { team_id: string; chat_id: string; awake: boolean }

/** `awake` while nothing is arriving by stream. */
export function useStored({ team_id, chat_id, awake }: Options) {
  const queries = useQueryClient()
  const all = messagesQuery(team_id, chat_id)
  const stored = useQuery({ ...all, enabled: awake })
  const pause = pauseUntilNextLook(stored.data, stored.dataUpdatedAt)
  useQuery({
    queryKey: [...all.queryKey, 'newest'],
    queryFn: async () => {
      const tail = await newestMessages({ team_id, chat_id, limit: tailLength })
      queries.setQueryData<MessageRow[]>(all.queryKey, (known) => known && withTail(known, tail))
      return Date.now()
    },
    enabled: awake && pause !== false,
    refetchInterval: pause,
    // The first look is due after the pause: what is there has just been read.
    initialData: 0,
    staleTime: pause || 0,
  })
  const reload = useCallback(
    () => queries.invalidateQueries({ queryKey: messagesQuery(team_id, chat_id).queryKey }),
    [queries, team_id, chat_id],
  )
  // What has come bit by bit is read as a whole once more: that is what is kept for times without a network.
  const looked = useRef(false)
  useEffect(() => {
    if (pause === false && looked.current) void reload()
    looked.current = pause !== false
  }, [pause, reload])
  return { stored, reload }
}
