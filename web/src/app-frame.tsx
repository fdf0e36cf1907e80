// The frame around every signed-in page: a bottom bar on a phone, a narrow rail on a desktop, and what is true everywhere (offline).
import { type ReactNode, useCallback, useState } from 'react'
import { Link, Outlet } from '@tanstack/react-router'
import { Activity, ChartNoAxesColumn, MessageCircle, Settings, WifiOff } from 'lucide-react'
import { ReturnFromSignIn } from './app-connect-return.tsx'
import { useOutboxWatch } from './app-outbox.ts'
import { useKeepAhead } from './app-keep-ahead.ts'
import { PaletteButton, usePalette } from './app-palette-door.tsx'
import { useQueued } from './chat/outbox.ts'
import { AppPush } from './app-push.tsx'
import { cx } from './lib/classes.ts'
import { useDesktop } from './lib/device.ts'
import { count } from './lib/format.ts'
import { useReach } from './lib/reach.ts'
import { Bell } from './notices/bell.tsx'
import { NoticeWatch } from './notices/watch.tsx'
import { AccountMenu } from './session/account-menu.tsx'
import { useTeam } from './session/team.tsx'
import { useWaitsForMe } from './session/use-waits.ts'
import { Logo } from './ui/logo.tsx'
import { PageCorner } from './ui/page.tsx'

type Place = {
  to: '/chat' | '/activity' | '/analytics' | '/settings'
  label: string
  icon: typeof Activity
}

const places: Place[] = [
  { to: '/chat', label: 'Chat', icon: MessageCircle },
  { to: '/activity', label: 'Activity', icon: Activity },
  { to: '/analytics', label: 'Usage', icon: ChartNoAxesColumn },
  { to: '/settings', label: 'Settings', icon: Settings },
]

export function AppFrame() {
  const desktop = useDesktop()
  const { team_id } = useTeam()
  const waiting = useQueued().length
  const { palette, show } = usePalette()
  useOutboxWatch()
  useKeepAhead()
  const [noticesOpen, setNoticesOpen] = useState(false)
  const bell = <Bell desktop={desktop} open={noticesOpen} onOpenChange={setNoticesOpen} />
  const showNotices = useCallback(() => setNoticesOpen(true), [])
  return (
    <div className='flex h-(--app-height) flex-col pr-(--safe-right) pl-(--safe-left) lg:flex-row'>
      <a
        href='#content'
        className='absolute -top-24 left-2 z-50 rounded-control bg-raised px-4 py-3 text-sm focus:top-2'
      >
        Skip to content
      </a>
      {desktop && (
        <Rail onFind={show}>
          {bell}
          <AccountMenu side='right' waiting={waiting} />
        </Rail>
      )}
      <div className='flex min-h-0 min-w-0 grow flex-col'>
        <OfflineBar />
        <PushBar />
        <PageCorner value={desktop ? null : <PhoneCorner bell={bell} waiting={waiting} />}>
          {/* Another team is another app: nothing of the one before may linger on the screen. */}
          <main key={team_id} id='content' tabIndex={-1} className='min-h-0 grow outline-none'>
            <Outlet />
          </main>
        </PageCorner>
      </div>
      {!desktop && <BottomBar />}
      {palette}
      <ReturnFromSignIn />
      <NoticeWatch listed={noticesOpen} onShow={showNotices} />
    </div>
  )
}

function Rail({ onFind, children }: { onFind: () => void; children: ReactNode }) {
  return (
    <nav
      aria-label='Main'
      className='flex w-19 shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-3'
    >
      <Logo className='mb-2 size-8' />
      <PaletteButton onClick={onFind} />
      {places.map((place) => (
        <PlaceLink
          key={place.to}
          place={place}
          className='w-16 rounded-control py-2 hover:bg-hover'
        />
      ))}
      <div className='mt-auto flex flex-col items-center gap-2'>{children}</div>
    </nav>
  )
}

function PhoneCorner({ bell, waiting }: { bell: ReactNode; waiting: number }) {
  return (
    <div className='flex items-center'>
      {bell}
      <AccountMenu waiting={waiting} />
    </div>
  )
}

function BottomBar() {
  return (
    <nav
      aria-label='Main'
      className='flex shrink-0 border-t border-line bg-surface pb-(--safe-bottom) in-data-keyboard:hidden'
    >
      {places.map((place) => (
        <PlaceLink key={place.to} place={place} className='grow basis-0 py-1.5' />
      ))}
    </nav>
  )
}

function PlaceLink({ place, className }: { place: Place; className: string }): ReactNode {
  const Icon = place.icon
  return (
    <Link
      to={place.to}
      className={cx(
        'group flex min-h-12 flex-col items-center justify-center gap-0.5 text-xs text-muted',
        className,
      )}
      activeProps={{ className: '!text-text font-medium' }}
    >
      <span className='relative'>
        <Icon
          aria-hidden
          className='size-5 stroke-[1.75] group-data-[status=active]:stroke-2 group-data-[status=active]:text-accent'
        />
        {place.to === '/activity' && <WaitingCount />}
      </span>
      {place.label}
    </Link>
  )
}

const lookForWaitsEveryMs = 30_000

/** How many calls wait for this person, wherever they are. */
function WaitingCount() {
  const many = useWaitsForMe(lookForWaitsEveryMs).length
  if (many === 0) return null
  return (
    <span className='absolute -top-1.5 left-3 min-w-4 rounded-full bg-accent px-1 text-center text-[0.6875rem]/4 font-semibold text-on-accent tabular-nums'>
      {many > 99 ? '99+' : many}
      <span className='sr-only'>waiting for you in</span>
    </span>
  )
}

function PushBar() {
  return <AppPush waiting={useWaitsForMe(lookForWaitsEveryMs).length > 0} />
}

function OfflineBar() {
  const reach = useReach()
  const many = useQueued().length
  return (
    <div role='status'>
      {reach !== 'online' && (
        <p className='flex items-center justify-center gap-2 bg-warn-soft px-4 pt-[calc(0.375rem+var(--safe-top))] pb-1.5 text-center text-sm text-warn'>
          <WifiOff aria-hidden className='size-4 shrink-0' />
          {reach === 'offline' ? 'You are offline.' : 'Astra cannot be reached.'}{' '}
          What you saw stays readable.{' '}
          {many > 0 && `${count(many, 'message waits', 'messages wait')} to be sent.`}
        </p>
      )}
    </div>
  )
}
