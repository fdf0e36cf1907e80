// What waits to be sent in one conversation, and the choice between sending and waiting.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { CallError } from '@/lib/call.ts'
import { isOnline } from '@/lib/reach.ts'
import { uuid } from '@/lib/uuid.ts'
import { toast } from '@/ui/toast.tsx'
import { enqueue, useQueued, waitsIn } from './outbox.ts'
import type { ConversationState, Written } from './use-conversation.ts'

type Options = { team_id: string; chat_id: string; isNew: boolean; conversation: ConversationState }

export function useOutbox({ team_id, chat_id, isNew, conversation }: Options) {
  const all = useQueued()
  const { messages, send, unsent, error, discard, reload } = conversation
  const queued = useMemo(() => {
    const shown = new Set(messages.map(({ id }) => id))
    return all.filter((one) => one.chat_id === chat_id && !shown.has(one.id))
  }, [all, chat_id, messages])

  // One less: Astra has it, perhaps by way of another tab, which alone has heard the answer.
  const many = all.filter((one) => one.chat_id === chat_id).length
  const before = useRef(many)
  useEffect(() => {
    if (many < before.current) void reload()
    before.current = many
  }, [many, reload])

  const queue = useCallback(async ({ id = uuid(), ...written }: Written) => {
    const begins = isNew && !waitsIn(chat_id)
    const taken = await enqueue({ id, team_id, chat_id, begins, written: { ...written, id } })
    if (!taken) toast({ tone: 'warn', text: 'Too many messages wait already.' })
  }, [team_id, chat_id, isNew])

  // It did not leave, or nobody knows: it is sent again by itself, and its id sees to it that once is all.
  const lost = unsent && error instanceof CallError && error.code === 'unreachable' ? unsent : null
  useLayoutEffect(() => {
    if (!lost) return
    discard()
    void queue(lost)
  }, [lost, discard, queue])

  return {
    queued,
    /** Sends now, or waits: without a network, and behind what waits already. */
    say: useCallback((written: Written) => {
      if (isOnline() && !waitsIn(chat_id)) send(written)
      else void queue(written)
    }, [chat_id, send, queue]),
  }
}
