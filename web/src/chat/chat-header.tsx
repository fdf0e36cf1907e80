// The head of a chat: its name, who sees it, and what can be done with it.
import { Link } from '@tanstack/react-router'
import { Ellipsis, Lock, Menu as MenuIcon, PanelLeft, SquarePen, Users } from 'lucide-react'
import type { ChatVisibility } from '@shared/chat.ts'
import { cx } from '@/lib/classes.ts'
import { useDesktop } from '@/lib/device.ts'
import { useTeam } from '@/session/team.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Corner } from '@/ui/page.tsx'
import { ChatMenu } from './chat-menu.tsx'
import type { ChatRow } from './chats.ts'
import { useChatWishes } from './use-chat-wishes.tsx'

type Props = {
  team_id: string
  /** Null before it has begun, and until it is read. */
  chat: ChatRow | null
  title: string
  visibility: ChatVisibility | null
  listed: boolean
  onList: () => void
  onDeleted: (chat_id: string) => void
}

export function ChatHeader({ team_id, chat, title, visibility, listed, onList, onDeleted }: Props) {
  const desktop = useDesktop()
  const { wish, question } = useChatWishes(team_id, onDeleted)
  return (
    <header className='flex h-14 shrink-0 items-center gap-1 pr-2.5 pl-2 pt-(--safe-top) lg:px-4'>
      {!listed && (
        <IconButton
          label='Chats'
          icon={desktop ? <PanelLeft aria-hidden /> : <MenuIcon aria-hidden />}
          onClick={onList}
        />
      )}
      <div className='min-w-0 grow px-1'>
        <h1 className='truncate text-sm font-medium'>{title}</h1>
        {visibility && <SeenBy visibility={visibility} archived={chat?.archived_at != null} />}
      </div>
      {chat && (
        <ChatMenu
          chat={chat}
          onWish={(what) => wish(chat, what)}
          trigger={<IconButton label='This chat' tooltip={false} icon={<Ellipsis aria-hidden />} />}
        />
      )}
      <NewChat begun={chat !== null} />
      <Corner />
      {question}
    </header>
  )
}

function SeenBy({ visibility, archived }: { visibility: ChatVisibility; archived: boolean }) {
  const { team_name } = useTeam()
  const Icon = visibility === 'team' ? Users : Lock
  const who = visibility === 'team' ? `Everyone in ${team_name}` : 'Only you'
  return (
    <p className='flex min-w-0 items-center gap-1.5 text-xs text-muted'>
      <Icon aria-hidden className='size-3 shrink-0' />
      <span className='truncate'>{archived ? `Archived · ${who}` : who}</span>
    </p>
  )
}

/** The list has one too: on the narrowest phones the name of the chat needs the room. */
function NewChat({ begun }: { begun: boolean }) {
  return (
    <Link
      to='/chat'
      search={{}}
      aria-label='New chat'
      title='New chat'
      className={cx(
        'inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text',
        begun && 'max-[359px]:hidden',
      )}
    >
      <SquarePen aria-hidden className='size-[18px]' />
    </Link>
  )
}
