// Sending, and knowing what was never confirmed: written down before it leaves, struck out when it has arrived.
import { useCallback, useEffect, useState } from 'react'
import type { UseChatHelpers } from '@ai-sdk/react'
import { isRecord } from '@shared/json.ts'
import { CallError } from '@/lib/call.ts'
import { uuid } from '@/lib/uuid.ts'
import type { ChatMessage } from './chat-message.ts'
import { forgetUnsent, keepUnsent, keptUnsent, type Unsent } from './drafts.ts'
import { hadInDatabase } from './live-chats.ts'
import type { MessageRow } from './queries.ts'
import { asMessage, reconcile, without } from './reconcile.ts'

/** A message to send; one that was written down before keeps its id. */
export type Written = Omit<Unsent, 'id'> & { id?: string }

type Options = {
  chat_id: string
  live: UseChatHelpers<ChatMessage>
  busy: boolean
  stored: MessageRow[] | undefined
  reload: () => Promise<void>
}

export function useSending({ chat_id, live, busy, stored, reload }: Options) {
  const { setMessages, sendMessage, clearError, error } = live
  const [unsent, setUnsent] = useState<Unsent | null>(() => keptUnsent(chat_id))

  useEffect(() => {
    if (busy || !stored) return
    setMessages((shown) =>
      reconcile({ shown, stored, unsent: keptUnsent(chat_id), had: hadInDatabase(chat_id) })
    )
  }, [busy, stored, chat_id, setMessages])

  useEffect(() => {
    if (busy) return
    // Sent before after all (the answer to it was lost on the way): its answer is in the database.
    if (conflictOf(error) === 'sent_before') {
      forgetUnsent(chat_id)
      clearError()
    }
    setUnsent(keptUnsent(chat_id))
    if (error) void reload()
  }, [busy, error, chat_id, clearError, reload])

  const send = useCallback((written: Written) => {
    const unsent = { ...written, id: written.id ?? uuid() }
    keepUnsent(chat_id, unsent)
    setUnsent(null)
    clearError()
    setMessages((shown) => without(shown, unsent))
    void sendMessage(asMessage(unsent))
  }, [chat_id, clearError, setMessages, sendMessage])

  const discard = () => {
    forgetUnsent(chat_id)
    setUnsent(null)
    clearError()
    setMessages((shown) => shown.filter(({ id }) => id !== unsent?.id))
  }
  /** Refused because others have written since: it can only be said after them. */
  const tooLate = unsent?.replaces !== undefined && conflictOf(error) === 'others_wrote'
  return {
    send,
    discard,
    unsent: busy ? null : unsent,
    tooLate,
    resend: () => unsent && send(tooLate ? { ...unsent, replaces: undefined } : unsent),
  }
}

/** Which conflict with the database it is; null where it is none. */
function conflictOf(error: Error | undefined): unknown {
  if (!(error instanceof CallError) || error.code !== 'conflict') return null
  return isRecord(error.details) ? error.details.reason : null
}
