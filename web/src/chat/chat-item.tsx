// One line of a list of chats: its name, whether it is shared, and what can be done with it.
import { Link } from '@tanstack/react-router'
import { Ellipsis, Users } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'
import { ChatMenu, type Wish } from './chat-menu.tsx'
import type { ChatRow } from './chats.ts'

type Props = {
  chat: ChatRow
  open: boolean
  onOpened: () => void
  onWish: (chat: ChatRow, wish: Wish) => void
}

export function ChatItem({ chat, open, onOpened, onWish }: Props) {
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
      {chat.visibility === 'team' && (
        <Users role='img' aria-label='Team chat' className='size-4 shrink-0 text-muted' />
      )}
      <ChatMenu
        chat={chat}
        onWish={(wish) => onWish(chat, wish)}
        trigger={
          <IconButton
            label={`More for ${chat.title}`}
            tooltip={false}
            icon={<Ellipsis aria-hidden />}
            className='pointer-fine:opacity-0 pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100 data-[state=open]:opacity-100'
          />
        }
      />
    </li>
  )
}
