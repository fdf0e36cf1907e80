// The activity log: every call of a tool, newest first. Members see their own; analysts, admins and owners the team's.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { analyses } from '@/lib/roles.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { AsOf } from '@/ui/as-of.tsx'
import { Button, ButtonLink } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { ActivityFilters } from './activity-filters.tsx'
import { ExecutionList } from './execution-list.tsx'
import {
  type Filters,
  isFiltered,
  lookedAt,
  noFilters,
  readFilters,
  writeFilters,
} from './filters.ts'
import { executionsQuery } from './queries.ts'
import { WaitingForYou } from './waiting-for-you.tsx'

export function ActivityPage() {
  const { role } = useTeam()
  const navigate = useNavigate()
  const filters = readFilters(useSearch({ strict: false }))
  const setFilters = (next: Filters) =>
    void navigate({ to: '/activity', search: writeFilters(next), replace: true })
  return (
    <Page
      wide
      title='Activity'
      subtitle={analyses(role) ? 'Every tool the team ran' : 'Every tool you ran'}
      actions={!analyses(role) && (
        <ButtonLink>
          <Link to='/analytics'>Your usage</Link>
        </ButtonLink>
      )}
    >
      <title>Activity · Astra</title>
      <WaitingForYou />
      <ActivityFilters filters={filters} onChange={setFilters} />
      <Executions filters={filters} onClear={() => setFilters(noFilters)} />
    </Page>
  )
}

function Executions({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const { team_id, role } = useTeam()
  const { id: user_id } = useSession()
  const log = useInfiniteQuery(executionsQuery(team_id, lookedAt(filters, { role, user_id })))
  if (log.isPending) return <SkeletonList rows={8} className='h-14' />
  if (log.isError && !log.data) {
    return (
      <FailedState
        title='The activity could not be read'
        error={log.error}
        onRetry={() => void log.refetch()}
      />
    )
  }
  if (log.data.length === 0) return <Nothing filtered={isFiltered(filters)} onClear={onClear} />
  return (
    <>
      <AsOf at={log.dataUpdatedAt} className='mb-2' />
      <ExecutionList executions={log.data} showWho={analyses(role)} />
      <div className='mt-4 flex justify-center'>
        {log.hasNextPage
          ? (
            <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              Show older
            </Button>
          )
          : <p className='text-sm text-muted'>That is all.</p>}
      </div>
      {log.isFetchNextPageError && (
        <p role='alert' className='mt-2 text-center text-sm text-bad'>
          Older ones could not be read. {log.error?.message}
        </p>
      )}
    </>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<Activity aria-hidden />}
        title='Nothing matches'
        action={<Button onClick={onClear}>Clear filters</Button>}
      >
        No call of a tool fits these filters.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Activity aria-hidden />}
      title='Nothing has run yet'
      action={
        <ButtonLink look='primary'>
          <Link to='/chat'>Start a chat</Link>
        </ButtonLink>
      }
    >
      Each time a tool runs, from a chat or from settings, it is kept here: what was asked, what
      came back, and how long it took.
    </EmptyState>
  )
}
