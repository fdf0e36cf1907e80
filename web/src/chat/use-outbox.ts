// What waits to be sent in one conversation, and the choice between sending and waiting.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { CallError } from '@/lib/call.ts'
import { isOnline } from '@/lib/reach.ts'
import { uuid } from '@/lib/uuid.ts'
import { toast } from '@/ui/toast.tsx'
import { dequeue, enqueue, hasRoom, useQueued, waitsIn } from './outbox.ts'
import type { ConversationState, Written } from './use-conversation.ts'

type Options = { team_id: string; chat_id: string; isNew: boolean; conversation: ConversationState }

/** A sign-in that has ended takes what is not in the outbox along. */
const waitingHelps = new Set(['unreachable', 'unauthenticated'])

export function useOutbox({ team_id, chat_id, isNew, conversation }: Options) {
  const all = useQueued()
  const { messages, send, unsent, error, discard, reload, facts } = conversation
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

  const queue = useCallback(async ({ id = uuid(), ...written }: Written, refused?: string) => {
    const begins = isNew && !waitsIn(chat_id)
    const message = { id, team_id, chat_id, begins, written: { ...written, id } }
    const taken = await enqueue(message, refused)
    if (!taken) toast({ tone: 'warn', text: 'Too many messages wait already.' })
  }, [team_id, chat_id, isNew])

  // It did not leave, or nobody knows: it is sent again by itself, and its id sees to it that once is all.
  const code = error instanceof CallError ? error.code : null
  const lost = unsent && code && waitingHelps.has(code) ? unsent : null
  useLayoutEffect(() => {
    if (!lost || !hasRoom()) return
    // After the next sign-in a command is its person’s to run: the world may have moved on.
    const decides = code === 'unauthenticated' && lost.text.startsWith('/')
    void queue(lost, decides ? 'Your sign-in had ended.' : undefined)
    discard()
  }, [lost, code, discard, queue])

  // It had arrived after all: nothing waits behind it.
  useEffect(() => {
    for (const { id, refused } of all) if (refused && facts.has(id)) void dequeue(id)
  }, [all, facts])

  // Read when the next one is written: what may be said again must not change with every word typed.
  const failed = useRef({ unsent, error, discard })
  useLayoutEffect(() => {
    failed.current = { unsent, error, discard }
  })

  return {
    queued,
    /** Sends now, or waits: without a network, and behind what waits already. What was refused before is kept. */
    say: useCallback((written: Written) => {
      const { unsent, error, discard } = failed.current
      if (unsent && unsent.id !== written.id && hasRoom()) {
        void queue(unsent, error?.message ?? 'It may not have arrived.')
        discard()
      }
      if (isOnline() && !waitsIn(chat_id) || !hasRoom()) send(written)
      else void queue(written)
    }, [chat_id, send, queue]),
  }
}
