// Carries out what is wished for a chat: at once and with a way back where nothing is lost, after a question where
// something is, or where others come to see it.
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/ui/toast.tsx'
import type { Wish } from './chat-menu.tsx'
import { changeChat, type ChatChange, type ChatRow, deleteChat } from './chats.ts'
import { forgetChat } from './live-chats.ts'

/** The first screen does without them. */
const ChatDialog = lazy(() =>
  import('./chat-dialogs.tsx').then(({ ChatDialog }) => ({ default: ChatDialog }))
)

export type Asked = { wish: 'rename' | 'share' | 'hide' | 'delete'; chat: ChatRow }
type Wishes = {
  wish: (chat: ChatRow, wish: Wish) => void
  /** To be drawn where the menu is: it asks what is to be asked. */
  question: ReactNode
}

export function useChatWishes(team_id: string, onDeleted: (chat_id: string) => void): Wishes {
  const [asked, setAsked] = useState<Asked | null>(null)
  const changes = useChatChanges(team_id, { onDone: () => setAsked(null), onDeleted })
  const wish = (chat: ChatRow, wish: Wish) => {
    if (wish === 'copy link') return copyLink(chat.id)
    if (wish === 'archive') return changes.archive(chat, true)
    if (wish === 'bring back') return changes.archive(chat, false)
    setAsked({ wish, chat })
  }
  const question = asked && (
    <Suspense fallback={null}>
      <ChatDialog asked={asked} {...changes} onClose={() => setAsked(null)} />
    </Suspense>
  )
  return { wish, question }
}

function copyLink(chat_id: string): void {
  const address = new URL(`/chat/${chat_id}`, location.href).href
  navigator.clipboard.writeText(address).then(
    () => toast({ tone: 'ok', text: 'Link copied. It opens for everyone in the team.' }),
    () => toast({ tone: 'warn', text: `This browser would not copy it: ${address}` }),
  )
}

type Callbacks = { onDone: () => void; onDeleted: (chat_id: string) => void }

function useChatChanges(team_id: string, { onDone, onDeleted }: Callbacks) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['team', team_id, 'chats'] })
  const change = useMutation({
    mutationFn: (wanted: ChatChange & { id: string }) => changeChat(team_id, wanted),
    onSuccess: async () => {
      await refresh()
      onDone()
    },
  })
  const remove = useMutation({
    mutationFn: (chat_id: string) => deleteChat(team_id, chat_id),
    onSuccess: async (_nothing, chat_id) => {
      forgetChat(team_id, chat_id)
      onDeleted(chat_id)
      await refresh()
      onDone()
    },
  })
  const archive = (chat: ChatRow, away: boolean) => {
    const at = (yes: boolean) => yes ? new Date().toISOString() : null
    const put = (yes: boolean) =>
      changeChat(team_id, { id: chat.id, archived_at: at(yes) }).then(refresh)
    const failed = (error: Error) => toast({ tone: 'bad', text: error.message })
    put(away).then(() =>
      toast({
        tone: 'ok',
        text: away ? `“${chat.title}” is archived.` : `“${chat.title}” is back.`,
        action: { label: 'Undo', run: () => void put(!away).catch(failed) },
      }), failed)
  }
  return { change, remove, archive }
}

export type ChatChanges = Pick<ReturnType<typeof useChatChanges>, 'change' | 'remove'>
