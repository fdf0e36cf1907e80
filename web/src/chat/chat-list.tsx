// The chats of a person in this team, newest first, by day: all of them, the private ones, the team’s, or those
// that were put away. What is typed above finds any of them.
import { lazy, Suspense, useState } from 'react'
import { Link } from '@tanstack/react-router'
import { Archive, ArrowLeft, Search, SquarePen, Users, X } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { keep, kept } from '@/lib/kept.ts'
import { AsOf } from '@/ui/as-of.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { ChatItem } from './chat-item.tsx'
import { type ChatRow, mostChats, type Shown, useChats } from './chats.ts'
import { groupChats } from './group-chats.ts'
import { ChatsThatWait } from './chats-that-wait.tsx'
import { useTools } from './queries.ts'
import { useChatWishes } from './use-chat-wishes.tsx'

const ChatSearch = lazy(() =>
  import('./chat-search.tsx').then(({ ChatSearch }) => ({ default: ChatSearch }))
)

type Props = {
  team_id: string
  openId: string | undefined
  onOpened: () => void
  onDeleted: (chat_id: string) => void
}

export function ChatList(props: Props) {
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useShown()
  return (
    <div className='flex flex-col'>
      <div className='sticky top-0 z-10 flex flex-col gap-1 bg-inherit px-2 pb-1'>
        <SearchField typed={typed} onTyped={setTyped} />
      </div>
      {typed.trim() !== ''
        ? (
          <Suspense fallback={null}>
            <ChatSearch team_id={props.team_id} typed={typed} onOpened={props.onOpened} />
          </Suspense>
        )
        : (
          <>
            {shown === 'archived' ? <OutOfArchive onBack={() => setShown('all')} /> : (
              <>
                <Begin onOpened={props.onOpened} />
                <Choice shown={shown} onShown={setShown} />
              </>
            )}
            <Listed key={shown} {...props} shown={shown} />
            {shown !== 'archived' && <IntoArchive onArchive={() => setShown('archived')} />}
          </>
        )}
    </div>
  )
}

/** The choice stays on the device; what was put away is only looked at. */
function useShown(): [Shown, (shown: Shown) => void] {
  const [shown, setShown] = useState<Shown>(() => {
    const last = kept('chats.shown')
    return last === 'private' || last === 'team' ? last : 'all'
  })
  return [shown, (next) => {
    setShown(next)
    if (next !== 'archived') keep('chats.shown', next)
  }]
}

function SearchField({ typed, onTyped }: { typed: string; onTyped: (typed: string) => void }) {
  return (
    <div className='relative'>
      <Search
        aria-hidden
        className='pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted'
      />
      <input
        type='search'
        aria-label='Search chats'
        placeholder='Search'
        autoComplete='off'
        enterKeyHint='search'
        maxLength={200}
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || typed === '') return
          event.stopPropagation()
          onTyped('')
        }}
        className='h-control w-full min-w-0 rounded-control border border-edge bg-raised pr-11 pl-8.5 text-base outline-offset-0 [&::-webkit-search-cancel-button]:hidden'
      />
      {typed !== '' && (
        <button
          type='button'
          aria-label='Clear the search'
          onClick={() => onTyped('')}
          className='absolute top-0 right-0 inline-flex size-control items-center justify-center rounded-control text-muted hover:text-text'
        >
          <X aria-hidden className='size-4' />
        </button>
      )}
    </div>
  )
}

const line =
  'flex min-h-control w-full items-center gap-2.5 rounded-control px-2 text-sm hover:bg-hover'

function Begin({ onOpened }: { onOpened: () => void }) {
  return (
    <div className='px-2'>
      <Link to='/chat' search={{}} onClick={onOpened} className={line}>
        <SquarePen aria-hidden className='size-4 shrink-0 text-muted' /> New private chat
      </Link>
      <Link to='/chat' search={{ with: 'team' }} onClick={onOpened} className={line}>
        <Users aria-hidden className='size-4 shrink-0 text-muted' /> New team chat
      </Link>
    </div>
  )
}

const choices = [['all', 'All'], ['private', 'Private'], ['team', 'Team']] as const

function Choice({ shown, onShown }: { shown: Shown; onShown: (shown: Shown) => void }) {
  return (
    <div
      role='group'
      aria-label='Chats to list'
      className='mx-2 mt-2 flex gap-1 rounded-control bg-press p-0.5'
    >
      {choices.map(([value, label]) => (
        <button
          key={value}
          type='button'
          aria-pressed={shown === value}
          onClick={() => onShown(value)}
          className={cx(
            'min-h-control grow basis-0 rounded-[6px] border px-2 text-sm',
            shown === value
              ? 'border-edge bg-raised font-medium'
              : 'border-transparent text-muted hover:text-text',
          )}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

function IntoArchive({ onArchive }: { onArchive: () => void }) {
  return (
    <div className='px-2 pb-4'>
      <button type='button' onClick={onArchive} className={cx(line, 'text-muted')}>
        <Archive aria-hidden className='size-4 shrink-0' /> Archived chats
      </button>
    </div>
  )
}

function OutOfArchive({ onBack }: { onBack: () => void }) {
  return (
    <div className='px-2'>
      <button type='button' onClick={onBack} className={cx(line, 'font-medium')}>
        <ArrowLeft aria-hidden className='size-4 shrink-0 text-muted' /> Archived chats
      </button>
    </div>
  )
}

const empty: Record<Shown, string> = {
  all: 'Your chats will be listed here.',
  private: 'Chats that only you see will be listed here.',
  team: 'Chats that everyone in the team sees will be listed here.',
  archived: 'Nothing is archived.',
}

function Listed({ team_id, openId, onOpened, onDeleted, shown }: Props & { shown: Shown }) {
  const { data: chats, dataUpdatedAt, error, refetch } = useChats(team_id, shown)
  const tools = useTools(team_id)
  const { wish, question } = useChatWishes(team_id, onDeleted)
  // Whatever can be read: what waits is on this device.
  const waiting = shown !== 'archived' && (
    <ChatsThatWait
      {...{ team_id, tools, onOpened }}
      known={chats?.map(({ id }) => id) ?? []}
    />
  )
  if (!chats) {
    return (
      <nav aria-label='Chats' className='px-2'>
        {waiting}
        <NoChatsRead error={error} onRetry={() => void refetch()} />
      </nav>
    )
  }
  const item = (chat: ChatRow) => (
    <ChatItem
      key={chat.id}
      chat={chat}
      open={chat.id === openId}
      onOpened={onOpened}
      onWish={wish}
    />
  )
  return (
    <nav aria-label={shown === 'archived' ? 'Archived chats' : 'Chats'} className='px-2 pb-4'>
      <AsOf at={dataUpdatedAt} className='px-2 pt-3' />
      {waiting}
      {chats.length === 0 && <p className='px-2 py-3 text-sm text-muted'>{empty[shown]}</p>}
      {groupChats(chats).map(({ label, chats }) => (
        <section key={label} aria-label={label}>
          <h2 className='px-2 pt-4 pb-1 text-xs font-medium text-muted'>{label}</h2>
          <ul>{chats.map(item)}</ul>
        </section>
      ))}
      {chats.length === mostChats && (
        <p className='px-2 pt-3 text-sm text-muted'>Search finds older ones.</p>
      )}
      {question}
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
