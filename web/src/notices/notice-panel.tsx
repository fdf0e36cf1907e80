// The list behind the bell: a popover beside the rail, a sheet on a phone. What is shown counts as read.
import { type RefObject, useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellOff } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { exactTime, relativeTime } from '@/lib/format.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Popover } from '@/ui/popover.tsx'
import { Sheet } from '@/ui/sheet.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Status } from '@/ui/status.tsx'
import { unreadIn } from './fresh.ts'
import { type Notice, type NoticedCall, noticedCallsQuery, noticesQuery } from './notice-queries.ts'
import { noticeWords } from './notice-words.ts'
import { useMarkRead } from './use-mark-read.ts'

type Props = { desktop: boolean; anchor: RefObject<HTMLElement | null>; onClose: () => void }

export function NoticePanel({ desktop, anchor, onClose }: Props) {
  const list = <NoticeList onLeave={onClose} />
  if (desktop) {
    return (
      <Popover anchor={anchor} title='Notices' side='right' align='end' onClose={onClose}>
        {list}
      </Popover>
    )
  }
  return <Sheet open title='Notices' onOpenChange={(open) => open || onClose()}>{list}</Sheet>
}

const none: Notice[] = []

function NoticeList({ onLeave }: { onLeave: () => void }) {
  const { team_id } = useTeam()
  const notices = useQuery(noticesQuery(team_id))
  const list = notices.data ?? none
  const calls = useQuery(noticedCallsQuery(team_id, list))
  const news = useSeen(list)
  if (notices.isError && !notices.data) {
    return (
      <FailedState
        title='Your notices could not be read'
        error={notices.error}
        onRetry={() => void notices.refetch()}
      />
    )
  }
  if (notices.isPending || calls.isPending) {
    return (
      <div className='p-4'>
        <SkeletonList rows={3} className='h-12' />
      </div>
    )
  }
  if (list.length === 0) {
    return (
      <EmptyState icon={<BellOff aria-hidden />} title='Nothing to tell'>
        When a call in the background ends, or someone needs your approval, it says so here.
      </EmptyState>
    )
  }
  return (
    <ul aria-label='Notices' className='pb-2'>
      {list.map((notice) => (
        <Item
          key={notice.id}
          notice={notice}
          call={calls.data?.get(notice.execution_id)}
          isNew={news.has(notice.id)}
          onLeave={onLeave}
        />
      ))}
    </ul>
  )
}

/** Marks what is shown as read; which ones were unread stays visible as long as the list is open. */
function useSeen(list: Notice[]): ReadonlySet<string> {
  const [news, setNews] = useState<ReadonlySet<string>>(() => new Set())
  const { mutate: read } = useMarkRead()
  useEffect(() => {
    const unread = unreadIn(list)
    if (unread.length === 0) return
    setNews((before) => new Set([...before, ...unread.map(({ id }) => id)]))
    read(unread)
  }, [list, read])
  return news
}

type ItemProps = {
  notice: Notice
  call: NoticedCall | undefined
  isNew: boolean
  onLeave: () => void
}

function Item({ notice, call, isNew, onLeave }: ItemProps) {
  const { id: me } = useSession()
  const { tone, text } = noticeWords(notice, { call, me })
  return (
    <li className='border-b border-line last:border-0'>
      <Link
        to='/activity/$executionId'
        params={{ executionId: notice.execution_id }}
        onClick={onLeave}
        className='flex min-h-14 items-start gap-3 px-4 py-3 text-sm -outline-offset-2 hover:bg-hover'
      >
        <Status tone={tone} className='pt-0.5'>{null}</Status>
        <span className='min-w-0 grow'>
          <span className={cx('block', isNew && 'font-medium')}>{text}</span>
          <span className='block text-xs text-muted'>
            {isNew && <span className='font-medium text-accent'>New ·{' '}</span>}
            <time dateTime={notice.created_at} title={exactTime(notice.created_at)}>
              {relativeTime(notice.created_at)}
            </time>
          </span>
        </span>
      </Link>
    </li>
  )
}
