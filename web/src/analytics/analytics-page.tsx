// The team's usage: what runs, by whom, how well. Members see their own, and are told so.
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChartNoAxesColumn } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { analyses } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { ActivityPanel, DaysPanel, ErrorsPanel, MembersPanel, ToolsPanel } from './panels.tsx'
import { usageQuery } from './queries.ts'
import { before, presetWords, type Range, rangeWords, readRange } from './range.ts'
import { RangePicker } from './range-picker.tsx'
import { Tiles } from './tiles.tsx'
import { totalsOf } from './totals.ts'

export function AnalyticsPage() {
  const { role, team_name } = useTeam()
  const navigate = useNavigate()
  const [now, setNow] = useState(() => new Date())
  const range = readRange(useSearch({ strict: false }), now)
  const show = (search: Record<string, string>) => {
    setNow(new Date())
    void navigate({ to: '/analytics', search, replace: true })
  }
  return (
    <Page
      wide
      title='Usage'
      subtitle={analyses(role)
        ? `${team_name}, ${rangeWords(range)}, in UTC`
        : `Your own, ${
          rangeWords(range)
        }, in UTC. Analysts, admins and owners see the whole team’s.`}
    >
      <title>Usage · Astra</title>
      <RangePicker
        range={range}
        onPreset={(preset) => show({ range: preset })}
        onDays={(from, to) => show({ range: 'custom', from, to })}
      />
      <Dashboard range={range} whole={analyses(role)} />
    </Page>
  )
}

/** `whole`: the reader sees the team, not only themselves. */
function Dashboard({ range, whole }: { range: Range; whole: boolean }) {
  const { team_id } = useTeam()
  const days = useQuery(usageQuery('usage_daily', { team_id, range }))
  const previous = useQuery(usageQuery('usage_daily', { team_id, range: before(range) }))
  const members = useQuery({ ...usageQuery('usage_members', { team_id, range }), enabled: whole })
  if (days.isError && !days.data) {
    return (
      <FailedState
        title='The usage could not be read'
        error={days.error}
        onRetry={() => void days.refetch()}
      />
    )
  }
  if (days.data?.length === 0) return <Nothing />
  return (
    <div className='flex flex-col gap-8'>
      <Tiles
        totals={days.data ? totalsOf(days.data) : null}
        previous={previous.data ? totalsOf(previous.data) : null}
        members={whole ? members.data?.length : null}
        beforeWords={range.preset === 'custom'
          ? 'the days before'
          : `the ${presetWords[range.preset]} before`}
      />
      <DaysPanel range={range} />
      <div className={cx('grid items-start gap-8', whole && 'lg:grid-cols-2')}>
        <ToolsPanel range={range} />
        {whole && <MembersPanel range={range} />}
      </div>
      <ErrorsPanel range={range} />
      {whole && <ActivityPanel range={range} />}
    </div>
  )
}

function Nothing() {
  return (
    <EmptyState
      icon={<ChartNoAxesColumn aria-hidden />}
      title='Nothing ran in this range'
      action={
        <>
          <ButtonLink>
            <Link to='/analytics' search={{ range: '90d' }}>Look at 90 days</Link>
          </ButtonLink>
          <ButtonLink look='primary'>
            <Link to='/chat'>Start a chat</Link>
          </ButtonLink>
        </>
      }
    >
      Every call of a tool is counted here, within seconds of its end.
    </EmptyState>
  )
}
