// The chat screen: the list beside it (a sheet on a phone) and the open conversation.
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { PanelLeft } from 'lucide-react'
import { useDesktop } from '@/lib/device.ts'
import { keep, kept } from '@/lib/kept.ts'
import { uuid } from '@/lib/uuid.ts'
import { useTeam } from '@/session/team.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Sheet } from '@/ui/sheet.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { beginsFor, keepBegins } from './begins.ts'
import { ChatHeader } from './chat-header.tsx'
import { ChatPeople } from './chat-people.tsx'
import { useChat } from './chats.ts'
import { Conversation, NoSuchChat } from './conversation.tsx'
import { forgetChat } from './live-chats.ts'
import { useNews } from './use-news.ts'
import { useWanted } from './who-sees.tsx'

/** On a phone the first screen does without it. */
const ChatList = lazy(() =>
  import('./chat-list.tsx').then(({ ChatList }) => ({ default: ChatList }))
)

export function ChatPage() {
  const { team_id } = useTeam()
  const { chatId } = useParams({ strict: false })
  const navigate = useNavigate()
  const desktop = useDesktop()
  const [listed, setListed] = useListed(desktop)
  const [fresh, setFresh] = useState(uuid)
  // The chat that has just got its address keeps its screen.
  const chat_id = chatId ?? fresh
  if (chatId === fresh) setFresh(uuid())

  const head = useHead({ team_id, chat_id, begun: chatId !== undefined })
  const onDeleted = (deleted: string) =>
    deleted === chatId && void navigate({ to: '/chat', search: {} })
  const list = (
    <Suspense fallback={<ListToCome />}>
      <ChatList
        team_id={team_id}
        openId={chatId}
        onOpened={() => desktop || setListed(false)}
        onDeleted={onDeleted}
      />
    </Suspense>
  )
  return (
    <div className='flex h-full'>
      <title>{`${head.title} · Astra`}</title>
      {desktop
        ? listed && <Aside onClose={() => setListed(false)}>{list}</Aside>
        : <Sheet side='left' title='Chats' open={listed} onOpenChange={setListed}>{list}</Sheet>}
      <div className='flex min-w-0 grow flex-col'>
        <ChatHeader
          {...head}
          team_id={team_id}
          listed={desktop && listed}
          onList={() => setListed(true)}
          onDeleted={onDeleted}
        />
        <div className='min-h-0 grow'>
          {head.gone ? <NoSuchChat /> : (
            <ChatPeople team_id={team_id} chat_id={chat_id}>
              <Conversation
                key={chat_id}
                team_id={team_id}
                chat_id={chat_id}
                isNew={chatId === undefined}
                onStarted={() => {
                  keepBegins(chat_id, head.visibility ?? 'private')
                  void navigate({ to: '/chat/$chatId', params: { chatId: chat_id }, search: {} })
                }}
              />
            </ChatPeople>
          )}
        </div>
      </div>
    </div>
  )
}

type HeadOptions = { team_id: string; chat_id: string; begun: boolean }

/** What is known of the open chat, kept up with what others do to it. */
function useHead({ team_id, chat_id, begun }: HeadOptions) {
  const wanted = useWanted()
  const { chat, gone } = useChat(team_id, begun ? chat_id : undefined)
  const begins = begun ? beginsFor(chat_id) : wanted
  useNews({ team_id, chat_id, shared: begun && chat?.visibility === 'team' })
  useEffect(() => {
    if (gone) forgetChat(team_id, chat_id)
  }, [gone, team_id, chat_id])
  if (begun) {
    const visibility = chat?.visibility ?? (begins === 'team' ? begins : null)
    return { chat, gone, title: chat?.title ?? 'Chat', visibility: gone ? null : visibility }
  }
  const title = wanted === 'team' ? 'New team chat' : 'New chat'
  return { chat: null, gone: false, title, visibility: wanted }
}

function ListToCome() {
  return (
    <div className='p-3'>
      <SkeletonList rows={8} className='h-9' />
    </div>
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
