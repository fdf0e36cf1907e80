// The chat screen: the list beside it (a sheet on a phone) and the open conversation.
import { type ReactNode, useState } from 'react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Menu as MenuIcon, PanelLeft, SquarePen } from 'lucide-react'
import { useDesktop } from '@/lib/device.ts'
import { keep, kept } from '@/lib/kept.ts'
import { uuid } from '@/lib/uuid.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Corner } from '@/ui/page.tsx'
import { Sheet } from '@/ui/sheet.tsx'
import { ChatList } from './chat-list.tsx'
import { Conversation } from './conversation.tsx'
import { useChats } from './queries.ts'

export function ChatPage() {
  const { team_id } = useTeam()
  const { id: user_id } = useSession()
  const { chatId } = useParams({ strict: false })
  const navigate = useNavigate()
  const desktop = useDesktop()
  const [listed, setListed] = useListed(desktop)
  const [fresh, setFresh] = useState(uuid)
  // The chat that has just got its address keeps its screen.
  const chat_id = chatId ?? fresh
  if (chatId === fresh) setFresh(uuid())

  const title = useTitle({ team_id, user_id, chat_id: chatId })
  const list = (
    <ChatList
      team_id={team_id}
      user_id={user_id}
      openId={chatId}
      onOpened={() => desktop || setListed(false)}
      onDeleted={(deleted) => deleted === chatId && void navigate({ to: '/chat' })}
    />
  )
  return (
    <div className='flex h-full'>
      <title>{`${title ?? 'New chat'} · Astra`}</title>
      {desktop
        ? listed && <Aside onClose={() => setListed(false)}>{list}</Aside>
        : <Sheet side='left' title='Chats' open={listed} onOpenChange={setListed}>{list}</Sheet>}
      <div className='flex min-w-0 grow flex-col'>
        <Header title={title} listed={desktop && listed} onList={() => setListed(true)} />
        <div className='min-h-0 grow'>
          <Conversation
            key={chat_id}
            team_id={team_id}
            chat_id={chat_id}
            isNew={chatId === undefined}
            onStarted={() => void navigate({ to: '/chat/$chatId', params: { chatId: chat_id } })}
          />
        </div>
      </div>
    </div>
  )
}

function Header(
  { title, listed, onList }: { title: string | undefined; listed: boolean; onList: () => void },
) {
  const desktop = useDesktop()
  return (
    <header className='flex h-14 shrink-0 items-center gap-1 pr-2.5 pl-2 pt-(--safe-top) lg:px-4'>
      {!listed && (
        <IconButton
          label='Chats'
          icon={desktop ? <PanelLeft aria-hidden /> : <MenuIcon aria-hidden />}
          onClick={onList}
        />
      )}
      <h1 className='min-w-0 grow truncate px-1 text-sm font-medium'>{title ?? 'New chat'}</h1>
      <NewChat />
      <Corner />
    </header>
  )
}

function NewChat() {
  return (
    <Link
      to='/chat'
      aria-label='New chat'
      title='New chat'
      className='inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text'
    >
      <SquarePen aria-hidden className='size-[18px]' />
    </Link>
  )
}

function Aside({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <aside
      aria-label='Chat list'
      className='flex w-66 shrink-0 flex-col border-r border-line bg-surface'
    >
      <header className='flex h-14 shrink-0 items-center gap-1 pr-2 pl-4'>
        <h2 className='grow text-sm font-semibold'>Chats</h2>
        <IconButton label='Hide chats' icon={<PanelLeft aria-hidden />} onClick={onClose} />
      </header>
      <div className='relative min-h-0 grow overflow-y-auto overscroll-contain'>{children}</div>
    </aside>
  )
}

/** On a desktop the list stays as it was left; on a phone it opens when asked. */
function useListed(desktop: boolean): [boolean, (listed: boolean) => void] {
  const [column, setColumn] = useState(() => kept('chats.hidden') !== 'yes')
  const [sheet, setSheet] = useState(false)
  if (!desktop) return [sheet, setSheet]
  return [column, (listed) => {
    setColumn(listed)
    keep('chats.hidden', listed ? 'no' : 'yes')
  }]
}

function useTitle(
  { team_id, user_id, chat_id }: { team_id: string; user_id: string; chat_id: string | undefined },
): string | undefined {
  const { data } = useChats(team_id, user_id)
  if (chat_id === undefined) return undefined
  return data?.find(({ id }) => id === chat_id)?.title ?? 'Chat'
}
