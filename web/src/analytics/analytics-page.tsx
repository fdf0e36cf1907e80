// The team's usage: what runs, by whom, how well. Members see their own, and are told so.
import { lazy, Suspense } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChartNoAxesColumn } from 'lucide-react'
import { formatNumber } from '@/lib/format.ts'
import { analyses } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { type Bar, BarList } from './bar-list.tsx'
import {
  activityColumns,
  dayColumns,
  errorColumns,
  memberColumns,
  MemberLink,
  toolColumns,
  ToolLink,
} from './columns.tsx'
import { Panel } from './panel.tsx'
import { usageQuery } from './queries.ts'
import { before, lastDay, presetWords, type Range, rangeWords, readRange } from './range.ts'
import { RangePicker } from './range-picker.tsx'
import { Tiles } from './tiles.tsx'
import { totalsOf, trendOf } from './totals.ts'

const TrendChart = lazy(() =>
  import('./trend-chart.tsx').then(({ TrendChart }) => ({ default: TrendChart }))
)

export function AnalyticsPage() {
  const { role, team_name } = useTeam()
  const navigate = useNavigate()
  const range = readRange(useSearch({ strict: false }), new Date())
  const show = (search: Record<string, string>) =>
    void navigate({ to: '/analytics', search, replace: true })
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
  const asked = { team_id, range }
  const days = useQuery(usageQuery('usage_daily', asked))
  const previous = useQuery(usageQuery('usage_daily', { team_id, range: before(range) }))
  const tools = useQuery(usageQuery('usage_tools', asked))
  const members = useQuery({ ...usageQuery('usage_members', asked), enabled: whole })
  const activity = useQuery({ ...usageQuery('usage_activity', asked), enabled: whole })
  const errors = useQuery(usageQuery('usage_errors', asked))
  if (days.data?.length === 0) return <Nothing />
  const totals = days.data ? totalsOf(days.data) : null
  const file = (name: string) => `astra-${name}-${range.from.slice(0, 10)}-to-${lastDay(range)}`
  const find = (group: { tool_name: string; server_name: string }) => {
    const tool = tools.data?.find((one) =>
      one.tool_name === group.tool_name && one.server_name === group.server_name
    )
    return tool ? { server: tool.server_id, tool: tool.tool_id } : null
  }
  return (
    <div className='flex flex-col gap-8'>
      <Tiles
        totals={totals}
        previous={previous.data ? totalsOf(previous.data) : null}
        members={whole ? members.data?.length : null}
        beforeWords={range.preset === 'custom'
          ? 'the days before'
          : `the ${presetWords[range.preset]} before`}
      />
      <Panel
        title='Each day'
        query={days}
        columns={dayColumns()}
        rowKey={(row) => row.date}
        fileName={file('days')}
        empty='Nothing ran.'
        skeleton='h-80'
        chart={(rows) => (
          <Suspense fallback={<Skeleton className='h-72' />}>
            <TrendChart
              days={trendOf(rows, range)}
              label={`Executions per day, ${rangeWords(range)}: ${
                formatNumber(totals?.executions ?? 0)
              } in all. The table holds every number.`}
            />
          </Suspense>
        )}
      />
      <div className='grid items-start gap-8 lg:grid-cols-2'>
        <Panel
          title='Most used tools'
          query={tools}
          columns={toolColumns(range)}
          rowKey={(row) => row.tool_id}
          fileName={file('tools')}
          empty='No tool ran.'
          skeleton='h-72'
          chart={(rows) => (
            <BarList
              label='Most used tools'
              unit='executions'
              bars={rows.map((tool): Bar => ({
                key: tool.tool_id,
                name: <ToolLink tool={tool} range={range} />,
                note: tool.server_name,
                value: tool.execution_count,
                failed: tool.execution_count - tool.success_count,
              }))}
            />
          )}
        />
        {whole && (
          <Panel
            title='Usage by member'
            query={members}
            columns={memberColumns(range)}
            rowKey={(row) => row.user_id}
            fileName={file('members')}
            empty='Nobody ran a tool.'
            skeleton='h-72'
            chart={(rows) => (
              <BarList
                label='Usage by member'
                unit='executions'
                bars={rows.map((member): Bar => ({
                  key: member.user_id,
                  name: <MemberLink member={member} range={range} />,
                  note: null,
                  value: member.execution_count,
                  failed: member.execution_count - member.success_count,
                }))}
              />
            )}
          />
        )}
      </div>
      <Panel
        title='Errors'
        query={errors}
        columns={errorColumns(range, find)}
        rowKey={(row) => `${row.server_name}/${row.tool_name}/${row.error_message}`}
        fileName={file('errors')}
        empty='Nothing failed in this range.'
        skeleton='h-40'
      />
      {whole && (
        <Panel
          title='Member activity'
          query={activity}
          columns={activityColumns(range)}
          rowKey={(row) => row.user_id}
          fileName={file('activity')}
          empty='Nobody was active.'
          skeleton='h-40'
        />
      )}
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
