// Narrowing the log: by outcome, server, tool, person, and a span of time that came with a link.
import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { formatDate } from '@/lib/format.ts'
import { analyses } from '@/lib/roles.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { Select } from '@/ui/input.tsx'
import {
  type Filters,
  isFiltered,
  noFilters,
  type StatusFilter,
  statusFilterWords,
} from './filters.ts'
import { type Choice, memberChoicesQuery, serverChoicesQuery, toolChoicesQuery } from './queries.ts'

type Props = { filters: Filters; onChange: (filters: Filters) => void }

export function ActivityFilters({ filters, onChange }: Props) {
  const { team_id, role } = useTeam()
  const servers = useQuery(serverChoicesQuery(team_id))
  const tools = useQuery({
    ...toolChoicesQuery(team_id, filters.server ?? ''),
    enabled: filters.server !== null,
  })
  const members = useQuery({ ...memberChoicesQuery(team_id), enabled: analyses(role) })
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change })
  return (
    <fieldset className='mb-4 grid min-w-0 grid-cols-2 gap-2 md:flex md:flex-wrap'>
      <legend className='sr-only'>Filters</legend>
      <Filter
        label='Outcome'
        all='Any outcome'
        value={filters.status}
        onChange={(status) => set({ status: status as StatusFilter | null })}
      >
        {Object.entries(statusFilterWords).map(([status, word]) => (
          <option key={status} value={status}>{word}</option>
        ))}
      </Filter>
      <Filter
        label='Server'
        all='Any server'
        value={filters.server}
        onChange={(server) => set({ server, tool: null })}
      >
        <Choices of={servers.data} />
      </Filter>
      {filters.server && (
        <Filter
          label='Tool'
          all='Any tool'
          value={filters.tool}
          onChange={(tool) => set({ tool })}
        >
          <Choices of={tools.data} />
        </Filter>
      )}
      {analyses(role) && (
        <Filter
          label='Member'
          all='Anyone'
          value={filters.member}
          onChange={(member) => set({ member })}
        >
          <Choices of={members.data} />
        </Filter>
      )}
      {(filters.from || filters.to) && (
        <Button
          icon={<X aria-hidden />}
          onClick={() => set({ from: null, to: null })}
        >
          <span className='sr-only'>Remove the time filter:</span>
          {spanWords(filters)}
        </Button>
      )}
      {isFiltered(filters) && (
        <Button look='quiet' onClick={() => onChange(noFilters)}>Clear filters</Button>
      )}
    </fieldset>
  )
}

type FilterProps = {
  label: string
  all: string
  value: string | null
  onChange: (value: string | null) => void
  children: ReactNode
}

function Filter({ label, all, value, onChange, children }: FilterProps) {
  return (
    <Select
      aria-label={label}
      className='md:w-44'
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value=''>{all}</option>
      {children}
    </Select>
  )
}

function Choices({ of }: { of: Choice[] | undefined }) {
  return of?.map(({ id, name, gone }) => (
    <option key={id} value={id}>{gone ? `${name} (removed)` : name}</option>
  ))
}

/** `to` is the first moment outside: the day before it is the last one shown. */
function spanWords({ from, to }: Filters): string {
  const last = to && formatDate(new Date(Date.parse(to) - 1))
  if (from && last) return `${formatDate(from)} to ${last}`
  return from ? `Since ${formatDate(from)}` : `Until ${last}`
}
