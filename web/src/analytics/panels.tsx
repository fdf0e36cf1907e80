// The five questions, each with its picture, its table and its file.
import { lazy, Suspense } from 'react'
import { useQuery } from '@tanstack/react-query'
import { formatNumber } from '@/lib/format.ts'
import { useTeam } from '@/session/team.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { BarList } from './bar-list.tsx'
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
import { type DayUsage, type ErrorGroup, toolUsageQuery, usageQuery } from './queries.ts'
import { lastDay, type Range, rangeWords } from './range.ts'
import { totalsOf, trendOf } from './totals.ts'

const TrendChart = lazy(() =>
  import('./trend-chart.tsx').then(({ TrendChart }) => ({ default: TrendChart }))
)

type Props = { range: Range }

function fileName(name: string, range: Range): string {
  return `astra-${name}-${range.from.slice(0, 10)}-to-${lastDay(range)}`
}

export function DaysPanel({ range }: Props) {
  const { team_id } = useTeam()
  return (
    <Panel
      title='Each day'
      query={useQuery(usageQuery('usage_daily', { team_id, range }))}
      columns={dayColumns()}
      rowKey={(row) => row.date}
      fileName={fileName('days', range)}
      empty='Nothing ran.'
      skeleton='h-80'
      chart={(days) => <Trend days={days} range={range} />}
    />
  )
}

function Trend({ days, range }: { days: DayUsage[]; range: Range }) {
  const { executions } = totalsOf(days)
  const label = `Executions per day, ${rangeWords(range)}: ${formatNumber(executions)} in all. ` +
    'The table holds every number.'
  return (
    <Suspense fallback={<Skeleton className='h-72' />}>
      <TrendChart days={trendOf(days, range)} label={label} />
    </Suspense>
  )
}

export function ToolsPanel({ range }: Props) {
  const { team_id } = useTeam()
  return (
    <Panel
      title='Most used tools'
      query={useQuery(toolUsageQuery({ team_id, range }))}
      columns={toolColumns(range)}
      rowKey={(row) => row.tool_id}
      fileName={fileName('tools', range)}
      empty='No tool ran.'
      skeleton='h-72'
      chart={(tools) => (
        <BarList
          label='Most used tools'
          unit='executions'
          bars={tools.map((tool) => ({
            key: tool.tool_id,
            name: <ToolLink wide tool={tool} range={range} />,
            note: tool.server_name,
            value: tool.execution_count,
            failed: tool.execution_count - tool.success_count,
          }))}
        />
      )}
    />
  )
}

export function MembersPanel({ range }: Props) {
  const { team_id } = useTeam()
  return (
    <Panel
      title='Usage by member'
      query={useQuery(usageQuery('usage_members', { team_id, range }))}
      columns={memberColumns(range)}
      rowKey={(row) => row.user_id}
      fileName={fileName('members', range)}
      empty='Nobody ran a tool.'
      skeleton='h-72'
      chart={(members) => (
        <BarList
          label='Usage by member'
          unit='executions'
          bars={members.map((member) => ({
            key: member.user_id,
            name: <MemberLink wide member={member} range={range} />,
            note: null,
            value: member.execution_count,
            failed: member.execution_count - member.success_count,
          }))}
        />
      )}
    />
  )
}

export function ErrorsPanel({ range }: Props) {
  const { team_id } = useTeam()
  const tools = useQuery(toolUsageQuery({ team_id, range }))
  const find = ({ tool_name, server_name }: ErrorGroup) =>
    tools.data?.find((one) => one.tool_name === tool_name && one.server_name === server_name)
  return (
    <Panel
      title='Errors'
      query={useQuery(usageQuery('usage_errors', { team_id, range }))}
      columns={errorColumns(range, find)}
      rowKey={(row) => `${row.server_name}/${row.tool_name}/${row.error_message}`}
      fileName={fileName('errors', range)}
      empty='Nothing failed in this range.'
      skeleton='h-40'
    />
  )
}

export function ActivityPanel({ range }: Props) {
  const { team_id } = useTeam()
  return (
    <Panel
      title='Member activity'
      query={useQuery(usageQuery('usage_activity', { team_id, range }))}
      columns={activityColumns(range)}
      rowKey={(row) => row.user_id}
      fileName={fileName('activity', range)}
      empty='Nobody was active.'
      skeleton='h-40'
    />
  )
}
