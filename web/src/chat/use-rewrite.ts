// Saying something again: a message of one’s own in other words, or the same for another answer.
import { useCallback, useState } from 'react'
import { CallError } from '@/lib/call.ts'
import { toast } from '@/ui/toast.tsx'
import { filesAgain } from './attached-content.ts'
import type { ChatMessage } from './chat-message.ts'
import { asWritten } from './reconcile.ts'
import { isToolPart } from './tool-call.ts'
import type { Written } from './use-sending.ts'

/** An answer that may be given anew, and what there is to know before. */
export type Again = { question: ChatMessage; takesBack: boolean; called: boolean }

type Options = {
  team_id: string
  chat_id: string
  messages: ChatMessage[]
  send: (written: Written) => void
}

export function useRewrite({ team_id, chat_id, messages, send }: Options) {
  const [editing, setEditing] = useState<string | null>(null)
  const [asked, setAsked] = useState<Again | null>(null)

  const replace = useCallback(async (message: ChatMessage, text: string) => {
    try {
      const { quotes } = asWritten(message)
      const files = await filesAgain({ team_id, chat_id }, message)
      setEditing(null)
      send({ text, quotes, files, replaces: message.id })
    } catch (thrown) {
      const why = thrown instanceof CallError ? thrown.message : 'What is attached is unreadable.'
      toast({ tone: 'bad', text: `Not sent. ${why}` })
    }
  }, [team_id, chat_id, send])

  const again = useCallback((answer: ChatMessage) => {
    const found = againOf(messages, answer)
    if (!found) return
    if (found.takesBack || found.called) setAsked(found)
    else void replace(found.question, asWritten(found.question).text)
  }, [messages, replace])

  return {
    editing,
    edit: setEditing,
    cancel: useCallback(() => setEditing(null), []),
    replace,
    again,
    asked,
    forget: useCallback(() => setAsked(null), []),
    confirm: useCallback(() => {
      setAsked(null)
      if (asked) void replace(asked.question, asWritten(asked.question).text)
    }, [asked, replace]),
  }
}

export type Rewrite = ReturnType<typeof useRewrite>

/** The message that an answer answers, and what lies between and after; null where there is none. Pure. */
export function againOf(messages: ChatMessage[], answer: ChatMessage): Again | null {
  const place = messages.findIndex(({ id }) => id === answer.id)
  const from = messages.findLastIndex(({ role }, at) => at < place && role === 'user')
  const question = messages[from]
  if (!question) return null
  const after = messages.slice(from + 1)
  return {
    question,
    takesBack: after.some(({ role }) => role === 'user'),
    called: after.some(({ parts }) => parts.some(isToolPart)),
  }
}
