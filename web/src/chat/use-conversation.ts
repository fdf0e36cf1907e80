// One conversation: its messages from the database and from the stream, sending, stopping, and what was not confirmed.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useChat, type UseChatHelpers } from '@ai-sdk/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CallError } from '@/lib/call.ts'
import { uuid } from '@/lib/uuid.ts'
import type { ChatMessage } from './chat-message.ts'
import { forgetUnsent, keepUnsent, keptUnsent, type Unsent } from './drafts.ts'
import { liveChat } from './live-chats.ts'
import { type MessageRow, messagesQuery } from './queries.ts'
import { asMessage, reconcile } from './reconcile.ts'

/** An answer that another screen or a broken connection left behind is looked for this often, this long. */
const pollEveryMs = 1_500
const pollAtMostMs = 4 * 60_000

type Options = { team_id: string; chat_id: string; isNew: boolean }

export function useConversation({ team_id, chat_id, isNew }: Options) {
  const chat = useMemo(() => liveChat(team_id, chat_id), [team_id, chat_id])
  const live = useChat({ chat, throttle: 50 })
  const { messages, status, stop } = live
  const busy = status === 'submitted' || status === 'streaming'
  const { stored, reload } = useStored({ team_id, chat_id, awake: !isNew && !busy })
  const sending = useSending({ chat_id, live, busy, stored: stored.data, reload })
  const nothing = messages.length === 0
  return {
    ...sending,
    messages,
    busy,
    waiting: status === 'submitted',
    error: live.error,
    unfinished: !busy && isUnfinished(stored.data),
    loading: nothing && stored.isPending && stored.isFetching,
    loadError: nothing ? stored.error : null,
    missing: nothing && !isNew && !busy && stored.data?.length === 0,
    endings: useMemo(() => new Map(stored.data?.map((row) => [row.id, row.status])), [stored.data]),
    /** What the database has of its newest page, and when that was read. */
    stored: stored.data,
    seenAt: stored.dataUpdatedAt,
    reload,
    stop: useCallback(async () => {
      await stop()
      await reload()
    }, [stop, reload]),
  }
}

/** What the database has of it; `awake` while nothing is arriving by stream. */
function useStored(
  { team_id, chat_id, awake }: { team_id: string; chat_id: string; awake: boolean },
) {
  const queries = useQueryClient()
  const stored = useQuery({
    ...messagesQuery(team_id, chat_id),
    enabled: awake,
    refetchInterval: (query) => isUnfinished(query.state.data) ? pollEveryMs : false,
  })
  const reload = useCallback(
    () => queries.invalidateQueries({ queryKey: messagesQuery(team_id, chat_id).queryKey }),
    [queries, team_id, chat_id],
  )
  return { stored, reload }
}

/** A message to send; one that was written down before keeps its id. */
export type Written = Omit<Unsent, 'id'> & { id?: string }

type SendingOptions = {
  chat_id: string
  live: UseChatHelpers<ChatMessage>
  busy: boolean
  stored: MessageRow[] | undefined
  reload: () => Promise<void>
}

/** Sending, and knowing what was never confirmed: written down before it leaves, struck out when it has arrived. */
function useSending({ chat_id, live, busy, stored, reload }: SendingOptions) {
  const { setMessages, sendMessage, clearError, error } = live
  const [unsent, setUnsent] = useState<Unsent | null>(() => keptUnsent(chat_id))

  useEffect(() => {
    if (busy || !stored) return
    setMessages((shown) => reconcile(shown, stored, keptUnsent(chat_id)))
  }, [busy, stored, chat_id, setMessages])

  useEffect(() => {
    if (busy) return
    // Sent before after all (the answer to it was lost on the way): its answer is in the database.
    if (error instanceof CallError && error.code === 'conflict') {
      forgetUnsent(chat_id)
      clearError()
    }
    setUnsent(keptUnsent(chat_id))
    if (error) void reload()
  }, [busy, error, chat_id, clearError, reload])

  const send = useCallback(({ text, quotes, id = uuid() }: Written) => {
    keepUnsent(chat_id, { id, text, quotes })
    setUnsent(null)
    clearError()
    setMessages((shown) => shown.filter((message) => message.id !== id))
    void sendMessage(asMessage({ id, text, quotes }))
  }, [chat_id, clearError, setMessages, sendMessage])

  const discard = () => {
    forgetUnsent(chat_id)
    setUnsent(null)
    clearError()
    setMessages((shown) => shown.filter(({ id }) => id !== unsent?.id))
  }
  return {
    send,
    discard,
    unsent: busy ? null : unsent,
    resend: () => unsent && send(unsent),
  }
}

export type ConversationState = ReturnType<typeof useConversation>

function isUnfinished(rows: MessageRow[] | undefined): boolean {
  const last = rows?.at(-1)
  return last?.status === 'streaming' && Date.now() - Date.parse(last.created_at) < pollAtMostMs
}
