// The columns of each table behind a picture, for the screen and for the file.
import { Link } from '@tanstack/react-router'
import { formatDuration, formatNumber, formatShare } from '@/lib/format.ts'
import { nameOf } from '@/lib/person-name.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import { Time } from '@/ui/time.tsx'
import type { PanelColumn } from './panel.tsx'
import {
  type DayUsage,
  type ErrorGroup,
  type MemberActivity,
  type MemberUsage,
  type ToolUsage,
} from './queries.ts'
import { dayWords, type Range } from './range.ts'

type Numeric<Row> = { key: keyof Row & string; header: string; from?: 'sm' | 'md' | 'lg' }

function counted<Row>({ key, header, from }: Numeric<Row>): PanelColumn<Row> {
  const value = (row: Row) => Number(row[key])
  return {
    key,
    header,
    from,
    align: 'right',
    cell: (row) => formatNumber(value(row)),
    sortBy: value,
    csv: value,
  }
}

function duration<Row extends { avg_duration_ms: number }>(): PanelColumn<Row> {
  const value = (row: Row) => row.avg_duration_ms
  return {
    key: 'avg_duration_ms',
    header: 'Average',
    align: 'right',
    from: 'sm',
    cell: (row) => formatDuration(value(row)),
    sortBy: value,
    csv: value,
  }
}

const link = 'font-medium underline-offset-4 hover:underline'
/** All of what it stands in can be tapped. */
const wideLink = `${link} before:absolute before:inset-x-0 before:-inset-y-1.5`

export function toolColumns(range: Range): PanelColumn<ToolUsage>[] {
  return [
    {
      key: 'tool_name',
      header: 'Tool',
      cell: (row) => (
        <>
          <ToolLink tool={row} range={range} />
          <span className='block text-xs text-muted sm:hidden'>{row.server_name}</span>
        </>
      ),
      sortBy: toolTitle,
      csv: (row) => row.tool_name,
    },
    {
      key: 'server_name',
      header: 'Server',
      from: 'sm',
      cell: (row) => row.server_name,
      sortBy: (row) => row.server_name,
      csv: (row) => row.server_name,
    },
    counted({ key: 'execution_count', header: 'Executions' }),
    {
      key: 'success_rate',
      header: 'Success',
      align: 'right',
      cell: (row) => formatShare(Number(row.success_rate) / 100),
      sortBy: (row) => Number(row.success_rate),
      csv: (row) => Number(row.success_rate),
    },
    counted({ key: 'error_count', header: 'Failed', from: 'md' }),
    duration(),
  ]
}

export function ToolLink(
  { tool, range, wide }: { tool: ToolUsage; range: Range; wide?: boolean },
) {
  const { server_id: server, tool_id } = tool
  return (
    <Link
      to='/activity'
      search={{ server, tool: tool_id, from: range.from, to: range.to }}
      className={wide ? wideLink : link}
    >
      {toolTitle(tool)}
    </Link>
  )
}

type Person = { user_id: string; email: string | null; full_name: string | null }

export function MemberLink(
  { member, range, wide }: { member: Person; range: Range; wide?: boolean },
) {
  return (
    <Link
      to='/activity'
      search={{ member: member.user_id, from: range.from, to: range.to }}
      className={wide ? wideLink : link}
    >
      {nameOf(member)}
    </Link>
  )
}

function person<Row extends Person>(range: Range): PanelColumn<Row> {
  return {
    key: 'member',
    header: 'Member',
    cell: (row) => <MemberLink member={row} range={range} />,
    sortBy: nameOf,
    csv: nameOf,
  }
}

export function memberColumns(range: Range): PanelColumn<MemberUsage>[] {
  return [
    person(range),
    counted({ key: 'execution_count', header: 'Executions' }),
    counted({ key: 'success_count', header: 'Done', from: 'md' }),
    counted({ key: 'error_count', header: 'Failed' }),
    counted({ key: 'unique_tools', header: 'Tools', from: 'sm' }),
    duration(),
  ]
}

export function dayColumns(): PanelColumn<DayUsage>[] {
  return [
    {
      key: 'date',
      header: 'Day (UTC)',
      cell: (row) => dayWords(row.date.slice(0, 10)),
      sortBy: (row) => row.date,
      csv: (row) => row.date.slice(0, 10),
    },
    counted({ key: 'total_executions', header: 'Executions' }),
    counted({ key: 'successful', header: 'Done', from: 'sm' }),
    counted({ key: 'failed', header: 'Failed' }),
    counted({ key: 'timeouts', header: 'Timed out', from: 'sm' }),
    duration(),
  ]
}

export function activityColumns(range: Range): PanelColumn<MemberActivity>[] {
  return [
    person(range),
    {
      key: 'last_execution',
      header: 'Last active',
      cell: (row) => <Time at={row.last_execution} />,
      sortBy: (row) => row.last_execution,
      csv: (row) => row.last_execution,
    },
    counted({ key: 'executions', header: 'Executions' }),
    counted({ key: 'unique_tools', header: 'Tools', from: 'sm' }),
  ]
}

/** `find` gives the tool behind the names, as soon as the tools are read. */
export function errorColumns(
  range: Range,
  find: (group: ErrorGroup) => ToolUsage | undefined,
): PanelColumn<ErrorGroup>[] {
  const span = { from: range.from, to: range.to }
  const ofTool = (tool: ToolUsage | undefined) => ({ server: tool?.server_id, tool: tool?.tool_id })
  const nameOfTool = (row: ErrorGroup) => toolTitle(find(row) ?? { ...row, title: null })
  return [
    {
      key: 'error_message',
      header: 'What happened',
      cell: (row) => (
        <Link
          to='/activity'
          search={{ status: 'problem', ...ofTool(find(row)), ...span }}
          className='line-clamp-3 min-w-48 underline-offset-4 hover:underline'
        >
          {row.error_message ?? 'It failed without saying why'}
        </Link>
      ),
      csv: (row) => row.error_message,
    },
    {
      key: 'tool_name',
      header: 'Tool',
      cell: (row) => (
        <>
          {nameOfTool(row)}
          <span className='block text-xs text-muted'>{row.server_name}</span>
        </>
      ),
      sortBy: nameOfTool,
      csv: (row) => `${row.server_name} / ${row.tool_name}`,
    },
    counted({ key: 'occurrence_count', header: 'Times' }),
    {
      key: 'last_occurrence',
      header: 'Last time',
      cell: (row) => <Time at={row.last_occurrence} className='whitespace-nowrap' />,
      sortBy: (row) => row.last_occurrence,
      csv: (row) => row.last_occurrence,
    },
  ]
}
