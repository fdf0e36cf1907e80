// The bell in the frame, with how many notices are unread. The list it opens loads with the first look.
import { lazy, Suspense, useRef } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Bell as BellIcon } from 'lucide-react'
import { useTeam } from '@/session/team.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { unreadIn } from './fresh.ts'
import { mostNotices, noticesQuery } from './notice-queries.ts'

const NoticePanel = lazy(() =>
  import('./notice-panel.tsx').then(({ NoticePanel }) => ({ default: NoticePanel }))
)

type Props = { desktop: boolean; open: boolean; onOpenChange: (open: boolean) => void }

export function Bell({ desktop, open, onOpenChange }: Props) {
  const { team_id } = useTeam()
  const { data: notices } = useQuery(noticesQuery(team_id))
  const unread = unreadIn(notices ?? []).length
  const anchor = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={anchor} className='inline-flex'>
        <IconButton
          label={unread > 0 ? `Notices, ${unread} unread` : 'Notices'}
          icon={<Badged unread={unread} />}
          aria-haspopup='dialog'
          aria-expanded={open}
          onClick={() => onOpenChange(!open)}
        />
      </span>
      {open && (
        <Suspense fallback={null}>
          <NoticePanel desktop={desktop} anchor={anchor} onClose={() => onOpenChange(false)} />
        </Suspense>
      )}
    </>
  )
}

function Badged({ unread }: { unread: number }) {
  return (
    <span className='relative'>
      <BellIcon aria-hidden />
      {unread > 0 && (
        <span
          aria-hidden
          className='absolute -top-2 -right-2.5 min-w-4.5 rounded-full border-2 border-surface bg-accent px-0.5 text-center text-[0.6875rem] leading-3.5 font-semibold text-on-accent'
        >
          {unread < mostNotices ? unread : `${mostNotices}+`}
        </span>
      )}
    </span>
  )
}
