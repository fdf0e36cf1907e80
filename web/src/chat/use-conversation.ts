// One conversation: its messages from the database and from the stream, and what may be done with them.
import { useMemo } from 'react'
import { useChat } from '@ai-sdk/react'
import { useSession } from '@/session/session.tsx'
import { liveChat } from './live-chats.ts'
import { writtenFor } from './looking.ts'
import type { MessageRow } from './queries.ts'
import { useSending } from './use-sending.ts'
import { useStop } from './use-stop.ts'
import { useStored } from './use-stored.ts'

export type { Written } from './use-sending.ts'

type Options = { team_id: string; chat_id: string; isNew: boolean }

export function useConversation({ team_id, chat_id, isNew }: Options) {
  const { id: user_id } = useSession()
  const chat = useMemo(() => liveChat(team_id, chat_id), [team_id, chat_id])
  const live = useChat({ chat, throttle: 50 })
  const { messages, status } = live
  const streaming = status === 'submitted' || status === 'streaming'
  const { stored, reload } = useStored({ team_id, chat_id, awake: !isNew && !streaming })
  const sending = useSending({ chat_id, live, busy: streaming, stored: stored.data, reload })
  const elsewhere = streaming ? null : writtenFor(stored.data, user_id)
  const last = messages.at(-1)
  const arriving = streaming && last?.role === 'assistant' ? last.id : null
  const { stop, stopping } = useStop({
    team_id,
    live,
    answer_id: arriving ?? elsewhere?.id ?? null,
    reload,
  })
  const facts = useMemo(
    () => new Map<string, MessageRow>(stored.data?.map((row) => [row.id, row])),
    [stored.data],
  )
  const nothing = messages.length === 0
  return {
    ...sending,
    messages,
    /** An answer to this person is on its way, by stream or elsewhere. */
    busy: streaming || (elsewhere !== null && !stopping),
    waiting: status === 'submitted',
    streaming,
    stopping,
    stop,
    error: live.error,
    /** Answers that are being written now. */
    growing: useMemo(
      () => growing({ arriving, stored: streaming ? [] : stored.data ?? [] }),
      [arriving, streaming, stored.data],
    ),
    loading: nothing && stored.isPending && stored.isFetching,
    loadError: nothing ? stored.error : null,
    missing: nothing && !isNew && !streaming && stored.data?.length === 0,
    facts,
    /** What the database has of it, from the newest page on, and when that was read. */
    stored: stored.data,
    seenAt: stored.dataUpdatedAt,
    reload,
  }
}

function growing(
  { arriving, stored }: { arriving: string | null; stored: MessageRow[] },
): Set<string> {
  const written = stored.filter(({ status }) => status === 'streaming').map(({ id }) => id)
  return new Set(arriving ? [arriving, ...written] : written)
}

export type ConversationState = ReturnType<typeof useConversation>
