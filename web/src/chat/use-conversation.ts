// One conversation: its messages from the database and from the stream, sending, stopping, and what was not confirmed.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useChat } from '@ai-sdk/react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { slashCommand } from '@shared/chat.ts'
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

export function useConversation(options: { team_id: string; chat_id: string; isNew: boolean }) {
  const { team_id, chat_id, isNew } = options
  const chat = useMemo(() => liveChat(team_id, chat_id), [team_id, chat_id])
  const { messages, setMessages, sendMessage, stop, status, error, clearError } = useChat({
    chat,
    throttle: 50,
  })
  const busy = status === 'submitted' || status === 'streaming'
  const queries = useQueryClient()
  const stored = useQuery({
    ...messagesQuery(team_id, chat_id),
    enabled: !isNew && !busy,
    refetchInterval: (query) => isUnfinished(query.state.data) ? pollEveryMs : false,
  })
  const [unsent, setUnsent] = useState<Unsent | null>(() => keptUnsent(chat_id))
  const refetch = useCallback(
    () => queries.invalidateQueries({ queryKey: messagesQuery(team_id, chat_id).queryKey }),
    [queries, team_id, chat_id],
  )

  useEffect(() => {
    if (busy || !stored.data) return
    setMessages((shown) => reconcile(shown, stored.data, keptUnsent(chat_id)))
  }, [busy, stored.data, chat_id, setMessages])

  useEffect(() => {
    if (busy) return
    // Sent before after all (the answer to it was lost on the way): its answer is in the database.
    if (error instanceof CallError && error.code === 'conflict') {
      forgetUnsent(chat_id)
      clearError()
    }
    setUnsent(keptUnsent(chat_id))
    if (error) void refetch()
  }, [busy, error, chat_id, clearError, refetch])

  const send = useCallback((text: string, id = uuid()) => {
    keepUnsent(chat_id, { id, text })
    setUnsent(null)
    clearError()
    setMessages((shown) => shown.filter((message) => message.id !== id))
    void sendMessage(asMessage({ id, text }))
  }, [chat_id, clearError, setMessages, sendMessage])

  return {
    messages,
    busy,
    waiting: status === 'submitted',
    error,
    /** Written, but never confirmed. */
    unsent: busy ? null : unsent,
    unfinished: !busy && isUnfinished(stored.data),
    loading: messages.length === 0 && stored.isPending && stored.isFetching,
    loadError: messages.length === 0 ? stored.error : null,
    missing: !isNew && !busy && messages.length === 0 && stored.data?.length === 0,
    endings: useMemo(() => new Map(stored.data?.map((row) => [row.id, row.status])), [stored.data]),
    reload: refetch,
    send,
    resend: () => unsent && send(unsent.text, unsent.id),
    discard: () => {
      forgetUnsent(chat_id)
      setUnsent(null)
      clearError()
      setMessages((shown: ChatMessage[]) => shown.filter(({ id }) => id !== unsent?.id))
    },
    run: useCallback(
      (key: string, parameters: Record<string, unknown>) => send(slashCommand(key, parameters)),
      [send],
    ),
    stop: useCallback(async () => {
      await stop()
      await refetch()
    }, [stop, refetch]),
  }
}

export type ConversationState = ReturnType<typeof useConversation>

function isUnfinished(rows: MessageRow[] | undefined): boolean {
  const last = rows?.at(-1)
  return last?.status === 'streaming' && Date.now() - Date.parse(last.created_at) < pollAtMostMs
}
