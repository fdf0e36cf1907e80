// Stop: the answer ends where it is written, and stops arriving here. Leaving the page does neither.
import { useCallback, useEffect, useState } from 'react'
import type { UseChatHelpers } from '@ai-sdk/react'
import { call } from '@/lib/call.ts'
import { toast } from '@/ui/toast.tsx'
import type { ChatMessage } from './chat-message.ts'

type Options = {
  team_id: string
  live: UseChatHelpers<ChatMessage>
  /** The answer that is being written, as far as it is known. */
  answer_id: string | null
  reload: () => Promise<void>
}

export function useStop({ team_id, live, answer_id, reload }: Options) {
  const { status, stop: stopStream } = live
  /** Pressed before the answer had begun: it has no name yet. */
  const [wanted, setWanted] = useState(false)
  const [stopping, setStopping] = useState<string | null>(null)

  const end = useCallback(async (message_id: string) => {
    setStopping(message_id)
    const told = call('stop_turn', { team_id, message_id })
    void stopStream()
    try {
      await told
    } catch (thrown) {
      setStopping(null)
      toast({ tone: 'bad', text: `Not stopped. ${thrown instanceof Error ? thrown.message : ''}` })
    }
    await reload()
  }, [team_id, stopStream, reload])

  useEffect(() => {
    if (!wanted || status === 'submitted') return
    setWanted(false)
    if (status === 'streaming' && answer_id) void end(answer_id)
  }, [wanted, status, answer_id, end])

  const stop = useCallback(() => {
    if (status === 'submitted') setWanted(true)
    else if (answer_id) void end(answer_id)
  }, [status, answer_id, end])
  return { stop, stopping: wanted || (stopping !== null && stopping === answer_id) }
}
