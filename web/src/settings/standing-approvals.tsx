// The tools that a person approves once and for all, each to be taken back. Nobody else sees or changes these.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { toolTitle } from '@/lib/tool-title.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Time } from '@/ui/time.tsx'
import { toast } from '@/ui/toast.tsx'
import { serversQuery } from './queries.ts'
import { type StandingApproval, standingApprovalsQuery, takeBack } from './tool-queries.ts'
import { standingWords } from './tool-rules.ts'

export function StandingApprovals() {
  const { team_id } = useTeam()
  const given = useQuery(standingApprovalsQuery(team_id))
  if (given.isPending) return <SkeletonList rows={1} className='h-16' />
  if (given.isError) {
    return (
      <FailedState
        title='What you always approve could not be read'
        error={given.error}
        onRetry={() => void given.refetch()}
      />
    )
  }
  if (given.data.length === 0) {
    return (
      <p className='text-sm text-muted'>
        Nothing: you are asked each time. Where an admin lets you, an approval can be answered with
        “always for me”, and then it stands here.
      </p>
    )
  }
  return (
    <>
      <p className='mb-3 text-sm text-muted'>
        These tools run without asking you, with whatever arguments. Take one back to be asked
        again.
      </p>
      <Card>
        <ul aria-label='Always for me'>
          {given.data.map((one) => <Item key={one.tool_id} given={one} />)}
        </ul>
      </Card>
    </>
  )
}

function Item({ given }: { given: StandingApproval }) {
  const { team_id } = useTeam()
  const servers = useQuery(serversQuery(team_id)).data
  const { tool } = given
  const server = servers?.find(({ id }) => id === tool?.server_id)
  const name = tool ? toolTitle(tool) : 'A tool that is gone'
  const undone = standingWords(tool)
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0'>
      <div className='min-w-0 grow basis-56'>
        <h3 className='text-base font-medium'>
          {name}
          {server && (
            <span className='font-normal text-muted'>
              {' '}in{' '}
              <Link
                to='/settings/servers/$serverId'
                params={{ serverId: server.id }}
                className='underline-offset-4 hover:underline'
              >
                {server.name}
              </Link>
            </span>
          )}
        </h3>
        <p className='text-sm text-muted'>
          Since <Time at={given.created_at} />
        </p>
        {undone && <p className='text-sm'>{undone}</p>}
      </div>
      <TakeBack tool_id={given.tool_id} name={name} />
    </li>
  )
}

/** Ends a standing yes, at once. */
export function TakeBack({ tool_id, name }: { tool_id: string; name: string }) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const taking = useMutation({
    mutationFn: () => takeBack(team_id, tool_id),
    onSuccess: () => {
      toast({ tone: 'ok', text: `You are asked again before ${name} runs.` })
      return client.invalidateQueries(standingApprovalsQuery(team_id))
    },
    onError: (error) => toast({ tone: 'bad', text: error.message }),
  })
  return (
    <Button busy={taking.isPending} onClick={() => taking.mutate()}>
      Take back<span className='sr-only'>{' '}“always for me” from {name}</span>
    </Button>
  )
}
