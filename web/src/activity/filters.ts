// The filters of the activity log, kept in the address. Pure; an address is anyone's, so everything in it is checked.
import type { ExecutionStatus } from '@shared/execution.ts'
import type { Role } from '@shared/team.ts'
import { analyses } from '@/lib/roles.ts'
import { waitingStatuses as waiting } from '@/lib/waits.ts'

export type StatusFilter =
  | 'problem'
  | 'success'
  | 'error'
  | 'timeout'
  | 'cancelled'
  | 'denied'
  | 'unknown'
  | 'waiting'
  | 'open'
export type Filters = {
  status: StatusFilter | null
  server: string | null
  tool: string | null
  member: string | null
  /** ISO moments: from, inclusive, and to, exclusive. */
  from: string | null
  to: string | null
}

export const noFilters: Filters = {
  status: null,
  server: null,
  tool: null,
  member: null,
  from: null,
  to: null,
}

/** Members may read what others ran in a chat they share; in Activity they look at what they ran themselves. */
export function lookedAt(
  filters: Filters,
  { role, user_id }: { role: Role; user_id: string },
): Filters {
  return analyses(role) ? filters : { ...filters, member: user_id }
}

const open: ExecutionStatus[] = ['pending', 'running', ...waiting]

/** What each choice stands for in the database. */
export const statusesOf: Record<StatusFilter, ExecutionStatus[]> = {
  success: ['success'],
  problem: ['error', 'timeout'],
  error: ['error'],
  timeout: ['timeout'],
  cancelled: ['cancelled'],
  denied: ['denied'],
  unknown: ['unknown'],
  waiting,
  open,
}

export const statusFilterWords: Record<StatusFilter, string> = {
  success: 'Done',
  problem: 'Failed or timed out',
  error: 'Failed',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
  denied: 'Refused',
  unknown: 'Lost',
  waiting: 'Waiting for someone',
  open: 'Not ended yet',
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function readFilters(search: Record<string, unknown>): Filters {
  const { status } = search
  return {
    status: typeof status === 'string' && Object.hasOwn(statusesOf, status)
      ? status as StatusFilter
      : null,
    server: idOf(search.server),
    tool: idOf(search.tool),
    member: idOf(search.member),
    from: momentOf(search.from),
    to: momentOf(search.to),
  }
}

/** Only what is set, for the address. */
export function writeFilters(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((one) => one !== null)
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && uuid.test(value) ? value : null
}

function momentOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const moment = new Date(value)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}
