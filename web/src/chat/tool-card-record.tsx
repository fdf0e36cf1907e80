// What is on record of a call besides its result: on whose yes it ran, and every try of it.
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Attempt, Execution } from '@shared/execution.ts'
import { nameOf, type Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import { decidedQuery, whoseYes } from '@/lib/whose-yes.ts'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { AttemptList } from '@/ui/attempt-list.tsx'

type Kept = Pick<Execution, 'approval' | 'attempts' | 'user_id'> & {
  profiles: Person | null
}

/** Null where this person may not see it. */
function keptQuery(team_id: string, execution_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'execution', execution_id, 'kept'],
    queryFn: async () => {
      const found = await rows<Kept[]>(
        supabase().from('mcp_tool_executions')
          .select('approval, attempts, user_id, profiles(email, full_name)')
          .eq('team_id', team_id).eq('id', execution_id),
      )
      return found[0] ?? null
    },
    staleTime: 60_000,
  })
}

export function CallRecord({ executionId }: { executionId: string }) {
  const { team_id } = useTeam()
  const { data: kept } = useQuery(keptQuery(team_id, executionId))
  if (!kept) return null
  return (
    <>
      {kept.approval && <Yes kept={kept} executionId={executionId} />}
      {kept.attempts && kept.attempts.length > 1 && <Tries attempts={kept.attempts} />}
    </>
  )
}

function Yes({ kept, executionId }: { kept: Kept; executionId: string }) {
  const { team_id } = useTeam()
  const { id: reader } = useSession()
  const { data: decided } = useQuery(decidedQuery(team_id, executionId))
  if (decided === undefined) return null
  const name = nameOf(kept.profiles, 'Its person')
  return <p className='text-sm text-muted'>{whoseYes(kept, { decided, reader, name })}.</p>
}

function Tries({ attempts }: { attempts: Attempt[] }) {
  return (
    <section aria-label='Attempts'>
      <h3 className='text-xs text-muted'>{attempts.length} attempts</h3>
      <AttemptList attempts={attempts} />
    </section>
  )
}
