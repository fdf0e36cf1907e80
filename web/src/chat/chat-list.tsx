// The person's chats in this team, newest first, by day; renamed and deleted here.
import { useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, PencilLine, Trash2 } from 'lucide-react'
import { AsOf } from '@/ui/as-of.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { DeleteChat, RenameChat } from './chat-dialogs.tsx'
import { groupChats } from './group-chats.ts'
import { closeChat } from './live-chats.ts'
import { ChatsThatWait } from './chats-that-wait.tsx'
import { type ChatRow, deleteChat, renameChat, useChats, useTools } from './queries.ts'

type Props = {
  team_id: string
  user_id: string
  openId: string | undefined
  onOpened: () => void
  onDeleted: (chat_id: string) => void
}

export function ChatList({ team_id, user_id, openId, onOpened, onDeleted }: Props) {
  const chats = useChats(team_id, user_id)
  const tools = useTools(team_id)
  const [asked, setAsked] = useState<{ what: 'rename' | 'delete'; chat: ChatRow } | null>(null)
  const { rename, remove } = useChatChanges(team_id, { onDone: () => setAsked(null), onDeleted })
  if (!chats.data) return <NoChatsRead error={chats.error} onRetry={() => void chats.refetch()} />
  const waiting = (
    <ChatsThatWait
      {...{ team_id, tools, onOpened }}
      known={chats.data.map(({ id }) => id)}
    />
  )
  if (chats.data.length === 0) {
    return (
      <div className='px-2'>
        {waiting}
        <p className='px-2 py-3 text-sm text-muted'>Your chats will be listed here.</p>
      </div>
    )
  }
  const item = (chat: ChatRow) => (
    <ChatItem
      key={chat.id}
      chat={chat}
      open={chat.id === openId}
      onOpened={onOpened}
      onAsk={(what) => setAsked({ what, chat })}
    />
  )
  return (
    <nav aria-label='Chats' className='px-2 pb-4'>
      <AsOf at={chats.dataUpdatedAt} className='px-2 pt-3' />
      {waiting}
      {groupChats(chats.data).map(({ label, chats }) => (
        <section key={label} aria-label={label}>
          <h2 className='px-2 pt-4 pb-1 text-xs font-medium text-muted'>{label}</h2>
          <ul>{chats.map(item)}</ul>
        </section>
      ))}
      {asked?.what === 'rename' && (
        <RenameChat
          chat={asked.chat}
          mutation={rename}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.what === 'delete' && (
        <DeleteChat
          chat={asked.chat}
          mutation={remove}
          onClose={() => setAsked(null)}
        />
      )}
    </nav>
  )
}

function NoChatsRead({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (error) {
    return <FailedState title='Your chats could not be read' error={error} onRetry={onRetry} />
  }
  return (
    <div className='p-3'>
      <SkeletonList rows={6} className='h-9' />
    </div>
  )
}

type ItemProps = {
  chat: ChatRow
  open: boolean
  onOpened: () => void
  onAsk: (what: 'rename' | 'delete') => void
}

function ChatItem({ chat, open, onOpened, onAsk }: ItemProps) {
  return (
    <li className='group relative flex items-center rounded-control hover:bg-hover has-[[aria-current]]:bg-press'>
      <Link
        to='/chat/$chatId'
        params={{ chatId: chat.id }}
        onClick={onOpened}
        aria-current={open ? 'page' : undefined}
        className='flex min-h-control min-w-0 grow items-center px-2 text-sm'
      >
        <span className='truncate'>{chat.title}</span>
      </Link>
      <Menu
        trigger={
          <IconButton
            label={`More for ${chat.title}`}
            tooltip={false}
            icon={<Ellipsis aria-hidden />}
            className='pointer-fine:opacity-0 pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100 data-[state=open]:opacity-100'
          />
        }
      >
        <MenuItem icon={<PencilLine aria-hidden />} onSelect={() => onAsk('rename')}>
          Rename
        </MenuItem>
        <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => onAsk('delete')}>
          Delete
        </MenuItem>
      </Menu>
    </li>
  )
}

function useChatChanges(
  team_id: string,
  { onDone, onDeleted }: { onDone: () => void; onDeleted: (chat_id: string) => void },
) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['team', team_id, 'chats'] })
  const rename = useMutation({
    mutationFn: (chat: { id: string; title: string }) => renameChat(team_id, chat),
    onSuccess: async () => {
      await refresh()
      onDone()
    },
  })
  const remove = useMutation({
    mutationFn: (chat_id: string) => deleteChat(team_id, chat_id),
    onSuccess: async (_nothing, chat_id) => {
      closeChat(chat_id)
      await refresh()
      onDone()
      onDeleted(chat_id)
    },
  })
  return { rename, remove }
}

export type RenameMutation = ReturnType<typeof useChatChanges>['rename']
export type RemoveMutation = ReturnType<typeof useChatChanges>['remove']
