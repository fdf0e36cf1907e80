// Who changed the rule of a tool, from what to what, and when. For those who may read the team's usage.
import { useQuery } from '@tanstack/react-query'
import { useTeam } from '@/session/team.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Time } from '@/ui/time.tsx'
import { policyChangesQuery, type ToolRow } from './tool-queries.ts'
import { changedBy, changeWords } from './tool-rules.ts'

export function PolicyHistory({ tool }: { tool: ToolRow }) {
  const { team_id } = useTeam()
  const changes = useQuery(policyChangesQuery(team_id, tool.id))
  return (
    <section>
      <h3 className='mb-2 text-base font-semibold'>Changes of its rule</h3>
      {changes.isPending && <Skeleton className='h-12' />}
      {changes.isError && (
        <p role='alert' className='text-sm text-bad'>
          They could not be read. {changes.error.message}
        </p>
      )}
      {changes.data?.length === 0 && (
        <p className='text-sm text-muted'>None: it is as it was when its server was added.</p>
      )}
      <ul className='flex flex-col gap-3'>
        {changes.data?.map((change) => (
          <li key={change.id} className='text-sm'>
            <p>{changeWords(change)}</p>
            <p className='text-muted'>
              {changedBy(change)}, <Time at={change.changed_at} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
